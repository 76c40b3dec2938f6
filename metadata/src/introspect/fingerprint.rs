//! A fingerprint that shows whether the fields of a server are still the same as when they were read.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};
use tryton_sdk_codegen::snapshot::Server;

use super::{IntrospectError, Reader, Rpc};

/// The number of records per request.
const PAGE: usize = 5000;

/// Computes the fingerprint in a few requests, however many models there are: from the modules with their versions, the
/// user's groups, every field's name, type and target, and the access rights. `None` if the user may not read one of
/// these.
///
/// It does not notice changed code with the same version, and the same name, type and target of each field.
pub(super) async fn read<R: Rpc>(
    reader: &mut Reader<'_, R>,
    server: &Server,
) -> Result<Option<String>, IntrospectError<R::Error>> {
    let mut hasher = DefaultHasher::new();
    (&server.series, &server.modules, &server.user.login, &server.user.groups).hash(&mut hasher);
    server.user.administrator.hash(&mut hasher);
    for (model, columns) in [
        ("ir.model.field", ["model", "name", "ttype", "relation"].as_slice()),
        // A right contains the field's name, but not its model. Its time of change shows that it may be that of another
        // field.
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
