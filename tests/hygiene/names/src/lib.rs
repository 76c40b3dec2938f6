//! What an application calls `core`, `std` and `alloc`. There is nothing in it.
