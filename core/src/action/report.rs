//! Reports: documents that the server makes of records.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::json;

use super::offer::Selected;
use super::{Offer, Several};
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::Result;
use crate::value::{Binary, Decode, Id, ModelName};

/// A report on records of `M`: what [`models!`](crate::models) makes a constant of in the module `report`.
///
/// One that is offered on several models is a `ReportOf<`[`Several`]`>` and takes the ids of any of them; one that is on
/// no model is a `ReportOf<()>` and takes none.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::{Party, report};
/// use tryton_sdk::{Client, Id};
///
/// async fn labels(tryton: &Client, parties: &[Id<Party>]) -> Result<(), Box<dyn std::error::Error>> {
///     let labels = report::PARTY_LABEL.execute(tryton, parties).await?;
///     std::fs::write(format!("labels.{}", labels.extension), &*labels.content)?;
///     Ok(())
/// }
/// ```
pub type ReportOf<M> = Offer<Report, M>;

/// What a report gives: a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// What its file name ends in, such as `odt` or `pdf`; `zip` where each record got a document of its own.
    pub extension: String,
    /// The document itself. One that is text is in UTF-8.
    pub content: Binary,
    /// Whether it is meant to be printed at once instead of being shown.
    pub direct_print: bool,
    /// A name for people, which names some of the records. It may hold characters that no file name can.
    pub name: String,
}

impl<M: ModelName> Offer<Report, M> {
    /// Makes the document of these records. It is never repeated by itself: a report may change what it is of.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn execute(&self, connection: &dyn Connection, ids: &[Id<M>]) -> Result<Report> {
        execute(connection, self.name(), Selected::records(ids)).await
    }
}

impl Offer<Report, Several> {
    /// Makes the document of these records. It is never repeated by itself: a report may change what it is of.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](crate::Error::is_invalid_request) where the report is not offered on this model; else as for
    /// [`Connection::send`].
    pub async fn execute<M: ModelName>(&self, connection: &dyn Connection, ids: &[Id<M>]) -> Result<Report> {
        execute(connection, self.name(), self.among(ids)?).await
    }
}

impl Offer<Report, ()> {
    /// Makes the document. It is never repeated by itself: a report may change something.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn execute(&self, connection: &dyn Connection) -> Result<Report> {
        execute(connection, self.name(), Selected::nothing()).await
    }
}

/// Sends what Tryton's own clients send.
async fn execute(connection: &dyn Connection, name: &str, on: Selected) -> Result<Report> {
    let data = json!({ "model": on.model, "id": on.ids.first(), "ids": on.ids });
    let call = Call::new(&format!("report.{name}.execute"), (&on.ids, data), connection.context())?;
    let Answer(extension, content, direct_print, name) = fetch(connection, call, PhantomData).await?;
    Ok(Report { extension, content, direct_print, name })
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
