//! What is on the screen: draws the state it is given and returns what the person did.
//!
//! - [`page`]: the page as a whole, after Flutter's `Scaffold`;
//! - [`connection`]: the address and how the connection stands;
//! - [`message`]: what came back;
//! - [`rebuilds`]: how events become frames;
//! - [`lesson`]: the four steps;
//! - [`material`]: the widgets they are made of.

pub mod page;

pub mod connection;
pub mod message;

pub mod lesson;
pub mod rebuilds;

pub mod material;
