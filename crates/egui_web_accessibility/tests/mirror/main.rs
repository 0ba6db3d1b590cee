//! The mirror without a page: what is said of each kind of node, and that changes give what a page that is
//! built anew has.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

mod page;
mod random;
mod requests;
mod shapes;
