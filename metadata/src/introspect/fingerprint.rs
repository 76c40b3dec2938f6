//! What tells whether the fields of a server are still those that somebody has read before.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};
use tryton_sdk_codegen::snapshot::Server;

use super::{IntrospectError, Reader, Rpc};

/// So many records a request.
const PAGE: usize = 5000;

/// A few requests, however many models there are: the modules with their versions, the user's groups, every field's name,
/// type and target, and the access rights. Nothing where the user may not read one of these.
///
/// Code that was changed without a new version, and without another name, type or target of a field, looks the same.
pub(super) async fn read<R: Rpc>(
    reader: &mut Reader<'_, R>,
    server: &Server,
) -> Result<Option<String>, IntrospectError<R::Error>> {
    let mut hasher = DefaultHasher::new();
    (&server.series, &server.modules, &server.user.login, &server.user.groups).hash(&mut hasher);
    server.user.administrator.hash(&mut hasher);
    for (model, columns) in [
        ("ir.model.field", ["model", "name", "ttype", "relation"].as_slice()),
        // The name of a field does not tell whose it is; when its right was changed tells that it may be another's.
        ("ir.model.field.access", &["field", "group", "perm_read", "perm_write", "active", "write_date"]),
        ("ir.model.access", &["model", "group", "perm_read", "perm_write", "active", "write_date"]),
    ] {
        let mut offset = 0;
        loop {
            let params = vec![json!([]), json!(offset), json!(PAGE), json!([["id", "ASC"]]), json!(columns)];
            let method = format!("model.{model}.search_read");
            reader.requests += 1;
            let page = match reader.rpc.call(&method, params).await {
                Ok(Value::Array(page)) => page,
                Ok(_) => return Ok(None),
                Err(error) if reader.rpc.is_refusal(&error) => return Ok(None),
                Err(source) => return Err(IntrospectError::Call { method, source }),
            };
            page.iter().for_each(|row| row.to_string().hash(&mut hasher));
            if page.len() < PAGE {
                break;
            }
            offset += PAGE;
        }
    }
    Ok(Some(format!("{:016x}", hasher.finish())))
}
