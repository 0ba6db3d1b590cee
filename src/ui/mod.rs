//! What is on the screen: draws the state it is given and returns what the person did.
//!
//! - [`page`]: the page as a whole, after Flutter's `Scaffold`;
//! - [`connection`]: the address and how the connection stands;
//! - [`message`]: what came back;
//! - [`panels`]: what may stand beside the page.

pub mod page;

pub mod connection;
pub mod message;

pub mod panels;
