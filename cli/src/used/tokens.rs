//! Helpers that classify tokens.

use proc_macro2::{Delimiter, Span, TokenTree};
use syn::LitStr;

pub(super) fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

pub(super) fn is_group(token: &TokenTree, delimiter: Delimiter) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == delimiter)
}

/// Whether the identifier at `at` is a method called with arguments.
pub(super) fn is_call_with_arguments(tokens: &[TokenTree], at: usize) -> bool {
    let is_method = at > 0 && is(&tokens[at - 1], '.');
    let arguments = tokens.get(at + 1);
    is_method && arguments.is_some_and(|token| matches!(token, TokenTree::Group(group) if !group.stream().is_empty()))
}

/// Returns the position in the file.
pub(super) fn key(span: Span) -> (usize, usize) {
    (span.start().line, span.start().column)
}

/// Returns where the attributes and the visibility at the end of `tokens` begin. The attributes of a whole file have
/// `#!`.
pub(super) fn head(tokens: &[TokenTree]) -> usize {
    let mut begin = tokens.len();
    loop {
        begin = match &tokens[..begin] {
            [.., hash, group] if is(hash, '#') && is_group(group, Delimiter::Bracket) => begin - 2,
            [.., TokenTree::Ident(word), group] if word == "pub" && is_group(group, Delimiter::Parenthesis) => {
                begin - 2
            }
            [.., TokenTree::Ident(word)] if word == "pub" => begin - 1,
            _ => return begin,
        };
    }
}

/// Returns the texts among the arguments of a call, whose tokens begin after the name of the function.
pub(super) fn first_texts(tokens: &[TokenTree]) -> Vec<String> {
    let text = |token: TokenTree| syn::parse2::<LitStr>(token.into()).ok().map(|text| text.value());
    let texts = |token: &TokenTree| match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
            group.stream().into_iter().filter_map(text).collect()
        }
        _ => Vec::new(),
    };
    // Types may come first: `call::<(String, i64)>("…")`.
    let statement = tokens.iter().take_while(|token| !is(token, ';'));
    statement.map(texts).find(|texts| !texts.is_empty()).unwrap_or_default()
}
