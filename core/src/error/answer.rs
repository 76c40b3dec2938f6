//! Errors in the body of a response: `{"error": […]}`.

use serde_json::Value;

use super::concurrency::Concurrency;
use super::exception::Exception;
use super::too_complex::{self, TooComplex};
use super::user::UserError;
use super::{Error, Kind, LoginChallenge, Warning};

/// The error that the list after `"error"` describes.
pub(crate) fn fault(error: Value) -> Error {
    let Value::Array(parts) = &error else {
        return Error::new(Kind::Exception(Exception::new(error.to_string(), String::new())));
    };
    let arguments = &parts.get(1).unwrap_or(&Value::Null);
    // An argument is text, or null if Tryton gives no details.
    let text = |index: usize| arguments.get(index).and_then(Value::as_str).unwrap_or_default().to_owned();
    Error::new(match parts.first().and_then(Value::as_str) {
        Some("UserError") if arguments.is_array() => Kind::User(UserError { message: text(0), description: text(1) }),
        Some("UserWarning") if arguments.is_array() => {
            Kind::Warning(Warning { name: text(0), message: text(1), description: text(2) })
        }
        Some("LoginException") if arguments.is_array() => {
            Kind::LoginChallenge(LoginChallenge { parameter: text(0), message: text(1), hidden: text(2) == "password" })
        }
        // The only kind whose argument is the message itself instead of a list.
        Some("ConcurrencyException") => {
            Kind::Concurrency(Concurrency { message: arguments.as_str().map_or_else(|| text(0), str::to_owned) })
        }
        Some(text) => {
            let exception = Exception::new(text.to_owned(), arguments.as_str().unwrap_or_default().to_owned());
            match too_complex::words(text) {
                Some(_) => Kind::TooComplex(TooComplex { exception, status: None, sent: None }),
                None => Kind::Exception(exception),
            }
        }
        None => Kind::Exception(Exception::new(error.to_string(), String::new())),
    })
}
