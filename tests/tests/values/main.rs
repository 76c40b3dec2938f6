//! Every type of field, with trytond's own `tests` module, whose models have them all: on each series, and on both
//! databases, because these differ in what they keep and send.

#![allow(clippy::duplicate_mod, reason = "the suite is compiled once for each series, with the types of that series")]

mod table;

mod v6_0;
mod v7_0;
mod v8_0;
mod v8_2;
