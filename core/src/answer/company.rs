//! Refusals due to a missing company in the context, which look like missing access rights or a server fault.

use serde_json::Value;

use crate::call::Call;
use crate::error::Error;

/// Part of the English names of Tryton's rules and fields about companies. Servers answer in English if the context has
/// no language. The message is the only hint at why a server refuses.
const WORD: &str = "compan";

const HINT: &str = "the context of the call names no company: have the client add what the user has chosen (`user_context`), \
                    or set `Context::company`";

/// Adds a hint to the error if a missing company in the context may have caused it: the message mentions companies, or
/// the server failed to compute a value of a form. Modules compute with the record's company and do not expect it to be
/// empty.
pub(super) fn hinted(error: Error, call: &Call) -> Error {
    let speaks_of_it =
        error.is_user_error() && error.user_message().is_some_and(|text| text.to_lowercase().contains(WORD));
    let computes = || call.subject().method().rsplit('.').next().is_some_and(|name| name.starts_with("on_change"));
    let may_lack_it = speaks_of_it || error.is_server_exception() && computes();
    let names_none = || match call.params().last() {
        Some(Value::Object(context)) => context.get("company").is_none_or(Value::is_null),
        _ => true,
    };
    if may_lack_it && call.subject().takes_context() && names_none() { error.noting(HINT) } else { error }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Context;
    use crate::error::fault;

    #[test]
    fn a_refusal_that_speaks_of_companies_has_a_hint_where_the_context_names_none() {
        let refused = |text: &str, context: &Context| {
            let call = Call::on_model("sale.sale", "create", vec![json!([{}])], context);
            hinted(fault(json!(["UserError", [text, "", null]])), &call).to_string()
        };
        let (rule, other) = ("You are not allowed to create it:\nUser in companies", "The party is missing.");
        assert!(refused(rule, &Context::new()).ends_with(HINT));
        assert!(refused(rule, &Context::new().set("company", Value::Null)).ends_with(HINT));
        assert!(!refused(rule, &Context::new().set("company", 1)).ends_with(HINT));
        assert!(!refused(other, &Context::new()).ends_with(HINT));
    }

    #[test]
    fn an_exception_has_the_hint_where_a_form_is_computed() {
        let failed = |method: &str, context: &Context| {
            let call = Call::on_model("sale.sale", method, vec![json!({"lines": []}), json!(["lines"])], context);
            let exception = "'sale.sale' Model has no attribute 'tax_date'";
            hinted(fault(json!([exception, "Traceback"])), &call)
        };
        let error = failed("on_change", &Context::new());
        assert!(error.is_server_exception() && error.to_string().ends_with(HINT), "{error}");
        assert!(failed("on_change_with", &Context::new()).to_string().ends_with(HINT));
        assert!(!failed("on_change", &Context::new().set("company", 1)).to_string().ends_with(HINT));
        assert!(!failed("quote", &Context::new()).to_string().ends_with(HINT));
    }
}
