//! PYSON compared with Tryton's own decoder: the expressions of official modules and random ones, in random environments.

mod differential;
mod expressions;
mod official;
mod oracle;
mod random;
mod values;

pub use differential::{At, Tally, compare};
pub use official::official;
pub use oracle::{Case, Oracle, Vector, Verdict, vectors};
