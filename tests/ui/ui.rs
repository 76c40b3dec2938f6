//! What the compiler says about a user's mistakes, word for word.
//!
//! A package of its own, since all that it depends on is compiled twice more for these programs.

#[test]
fn mistakes_are_explained_by_the_compiler() {
    trybuild::TestCases::new().compile_fail("mistakes/*.rs");
}
