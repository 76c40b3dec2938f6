//! What an application calls `core`. There is nothing in it.
