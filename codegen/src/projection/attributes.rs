//! The attributes in `#[tryton(…)]` on a member.

use syn::meta::ParseNestedMeta;
use syn::{Error, Ident, LitStr, Result};

use crate::derive::{Step, once, parse_path, text_of_path};

/// The attributes of one member. Each may occur once.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) path: Option<Vec<Step>>,
    pub(super) what: Option<What>,
    pub(super) expect: Option<()>,
    /// The first series whose servers have the field.
    pub(super) since: Option<(u16, u16)>,
}

/// The part of a field to read.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum What {
    /// Its value.
    Value,
    /// The label of a selection.
    Label,
    /// The size of a binary field in bytes.
    Size,
    /// A field that every model has and no metadata lists: its Tryton name, and its constant.
    Pseudo(&'static str, &'static str),
}

const EXPECTED: &str = "expected `path = \"…\"`, `expect`, `label`, `size`, `timestamp`, `may_write`, `may_delete` or \
                        `since = \"…\"`";

impl Attributes {
    pub(super) fn parse(field: &syn::Field) -> Result<Self> {
        let mut attributes = Self::default();
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("tryton")) {
            attribute.parse_nested_meta(|meta| attributes.take(&meta))?;
        }
        Ok(attributes)
    }

    fn take(&mut self, meta: &ParseNestedMeta) -> Result<()> {
        let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        match name.as_str() {
            "path" => once(&mut self.path, meta, parse_path(&text_of_path(meta)?)?),
            "expect" => once(&mut self.expect, meta, ()),
            "since" => once(&mut self.since, meta, parse_series(&meta.value()?.parse()?)?),
            "label" => self.read(meta, What::Label),
            "size" => self.read(meta, What::Size),
            "timestamp" => self.read(meta, What::Pseudo("_timestamp", "TIMESTAMP")),
            "may_write" => self.read(meta, What::Pseudo("_write", "MAY_WRITE")),
            "may_delete" => self.read(meta, What::Pseudo("_delete", "MAY_DELETE")),
            _ => return Err(meta.error(EXPECTED)),
        }?;
        match *self {
            Self { path: Some(_), what: Some(What::Pseudo(..)), .. } => Err(meta.error(
                "`timestamp`, `may_write` and `may_delete` cannot have a `path`: nest a projection of the other model",
            )),
            Self { expect: Some(()), since: Some(_), .. } => Err(meta.error(
                "`expect` and `since` exclude each other: older servers do not have the field; remove one of them",
            )),
            _ => Ok(()),
        }
    }

    fn read(&mut self, meta: &ParseNestedMeta, what: What) -> Result<()> {
        match self.what {
            Some(other) if other != what => {
                Err(meta.error("only one of `label`, `size`, `timestamp`, `may_write` and `may_delete` is allowed"))
            }
            _ => once(&mut self.what, meta, what),
        }
    }
}

/// Parses `7.2`.
fn parse_series(text: &LitStr) -> Result<(u16, u16)> {
    let value = text.value();
    let parsed = value.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    parsed.ok_or_else(|| Error::new(text.span(), "not a series: write it like \"7.2\""))
}
