//! The routes of the portal: with a server that is not there, and with a real one.

mod asked;
mod sandbox;
mod without_a_server;
