use std::path::Path;

use proc_macro2::TokenStream;
use tryton_sdk_codegen::emit::{self, Place};
use tryton_sdk_codegen::plan::{Request, plan};
use tryton_sdk_codegen::snapshot::{Model, Server};

/// Reads the input as a file of a snapshot. What can be read can be planned, or says why not; what is planned is Rust.
pub fn snapshot(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let file = Path::new("snapshot.json");
    if let Err(error) = Server::from_text(file, text) {
        assert!(!error.to_string().is_empty());
    }
    let Ok(model) = Model::from_text(file, text) else {
        return;
    };
    match plan(&Request { models: vec![model], ..Request::default() }) {
        Ok(plan) => {
            let code = emit::module(&plan, Place::expansion("sdk"));
            assert!(code.parse::<TokenStream>().is_ok(), "this is no Rust: {code}");
        }
        Err(errors) => assert!(errors.iter().all(|error| !error.to_string().is_empty())),
    }
}
