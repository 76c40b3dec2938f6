//! Sessions and logins as a service that runs for months needs them, against real servers of every series.

mod command;
mod expiry;
mod login;
mod shared;
mod support;
