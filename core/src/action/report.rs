//! Reports: documents that the server renders.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::{Offer, Several};
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::document;
use crate::error::Result;
use crate::selected::Selected;
use crate::unsendable::Unsendable;
use crate::value::{Binary, Decode, Encode, Id, ModelName};

/// A report on records of `M`. [`models!`](crate::models) generates a constant for each in the module `report`.
///
/// A report that is offered on several models is a `ReportOf<`[`Several`]`>` and takes ids of any of them; one without a
/// model is a `ReportOf<()>`.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::{Party, report};
/// use tryton_sdk::{Client, Id};
///
/// async fn labels(tryton: &Client, parties: &[Id<Party>]) -> Result<(), Box<dyn std::error::Error>> {
///     let labels = report::PARTY_LABEL.execute(tryton, parties).await?;
///     std::fs::write(labels.file_name(), &*labels.content)?;
///     Ok(())
/// }
/// ```
pub type ReportOf<M> = Offer<Report, M>;

/// A rendered document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The extension of its file name, such as `odt` or `pdf`; `zip` if each record has its own document.
    pub extension: String,
    /// The content. Text is in UTF-8.
    pub content: Binary,
    /// Whether to print it at once instead of showing it.
    pub direct_print: bool,
    /// A name for people, which names some of the records. It may hold characters that a file name must not:
    /// [`file_name`](Self::file_name) replaces them.
    pub name: String,
}

impl Report {
    /// Returns the MIME type of the document by its extension, such as `application/pdf`.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::{Party, report};
    /// # async fn run(tryton: tryton_sdk::Client, party: tryton_sdk::Id<Party>) -> tryton_sdk::Result<()> {
    /// let labels = report::PARTY_LABEL.execute(&tryton, &[party]).await?;
    /// println!("Content-Type: {}", labels.mime_type());
    /// std::fs::write(labels.file_name(), &*labels.content).expect("a folder to write to");
    /// # Ok(())
    /// # }
    /// ```
    pub fn mime_type(&self) -> &'static str {
        document::mime_type(&self.extension)
    }

    /// Returns the name of the document with its extension as a safe [file name](document::file_name).
    pub fn file_name(&self) -> String {
        document::file_name(&format!("{}.{}", self.name, self.extension))
    }
}

/// A report to render: its name, its records and its data.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::{Party, report};
/// use tryton_sdk::action::Report;
/// use tryton_sdk::{Client, Id, Result};
///
/// /// The labels with a template of your own, an `ir.action.report`.
/// async fn labels(tryton: &Client, party: Id<Party>, template: i64) -> Result<Report> {
///     report::PARTY_LABEL.request(&[party]).action(template).execute(tryton).await
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a report is not rendered until `execute`"]
pub struct ReportRequest {
    name: String,
    ids: Vec<i64>,
    data: Map<String, Value>,
    unsendable: Unsendable,
}

impl ReportRequest {
    fn new(name: &str, on: Selected) -> Self {
        Self::of_action(name, on.into_data())
    }

    /// The report of an action, with the data that the action gives it.
    pub(super) fn of_action(name: &str, data: Map<String, Value>) -> Self {
        Self { name: name.to_owned(), ids: Selected::of(&data).ids, data, unsendable: Unsendable::default() }
    }

    /// Returns the internal name of the report: `sale.sale`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Chooses one of several reports with the same name but different templates, by the id of its `ir.action.report`.
    pub fn action(self, id: i64) -> Self {
        self.data("action_id", id)
    }

    /// Passes data to the report in addition to the records, as a wizard does.
    pub fn data(mut self, key: &str, value: impl Encode) -> Self {
        let value = self.unsendable.take(key, value.encode());
        self.data.insert(key.to_owned(), value);
        self
    }

    /// Renders the document. The call is never retried, because a report may change the records.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn execute(&self, connection: &dyn Connection) -> Result<Report> {
        let call = Call::new(&format!("report.{}.execute", self.name), (&self.ids, &self.data), connection.context())?;
        let call = call.noting(self.unsendable.clone());
        let Answer(extension, content, direct_print, name) = fetch(connection, call, PhantomData).await?;
        Ok(Report { extension, content, direct_print, name })
    }
}

impl<M: ModelName> Offer<Report, M> {
    /// Renders the document for these records. The call is never retried, because a report may change the records.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn execute(&self, connection: &dyn Connection, ids: &[Id<M>]) -> Result<Report> {
        self.request(ids).execute(connection).await
    }

    /// Starts a request for these records, to choose a template or pass data.
    pub fn request(&self, ids: &[Id<M>]) -> ReportRequest {
        ReportRequest::new(self.name(), Selected::records(ids))
    }
}

impl Offer<Report, Several> {
    /// Renders the document for these records. The call is never retried, because a report may change the records.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](crate::Error::is_invalid_request) if the report is not offered on this model; otherwise as
    /// for [`Connection::send`].
    pub async fn execute<M: ModelName>(&self, connection: &dyn Connection, ids: &[Id<M>]) -> Result<Report> {
        self.request(ids)?.execute(connection).await
    }

    /// Starts a request for these records, to choose a template or pass data.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](crate::Error::is_invalid_request) if the report is not offered on this model.
    pub fn request<M: ModelName>(&self, ids: &[Id<M>]) -> Result<ReportRequest> {
        Ok(ReportRequest::new(self.name(), self.among(ids)?))
    }
}

impl Offer<Report, ()> {
    /// Renders the document. The call is never retried, because a report may change records.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn execute(&self, connection: &dyn Connection) -> Result<Report> {
        self.request().execute(connection).await
    }

    /// Starts a request without records, to choose a template or pass data.
    pub fn request(&self) -> ReportRequest {
        ReportRequest::new(self.name(), Selected::default())
    }
}

#[derive(Deserialize)]
struct Answer(
    String,
    #[serde(deserialize_with = "content")] Binary,
    #[serde(deserialize_with = "Decode::decode")] bool,
    String,
);

/// Reads a document: most come as bytes, and those that are text as text.
fn content<'de, D: Deserializer<'de>>(from: D) -> Result<Binary, D::Error> {
    struct Content;

    impl<'de> Visitor<'de> for Content {
        type Value = Binary;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a document")
        }

        fn visit_str<E>(self, text: &str) -> Result<Binary, E> {
            Ok(text.as_bytes().to_vec().into())
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Binary, A::Error> {
            Binary::decode(MapAccessDeserializer::new(map))
        }
    }

    from.deserialize_any(Content)
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn a_document_comes_as_bytes_or_as_text() {
        for (wire, bytes) in [
            (r#"{"__class__": "bytes", "base64": "UEsDBA==\n"}"#, &b"PK\x03\x04"[..]),
            (r#""<p>ä</p>""#, "<p>ä</p>".as_bytes()),
        ] {
            let answer = format!(r#"["odt", {wire}, 0, "Letter-A"]"#);
            let Answer(extension, content, direct_print, name) = serde_json::from_str(&answer).expect("a report");
            assert_eq!((extension.as_str(), direct_print, name.as_str()), ("odt", false, "Letter-A"));
            assert_eq!(&*content, bytes);
        }
        assert!(serde_json::from_str::<Answer>(r#"["odt", 7, false, ""]"#).is_err());
    }
}
