//! What is on the screen: draws the state it is given and returns what the person did.
//!
//! - [`page`]: the page as a whole, after Flutter's `Scaffold`;
//! - [`connection_line`]: how the connection stands;
//! - [`composer`]: what is about to be sent;
//! - [`message`]: what came back;
//! - [`notice`]: a sentence that came by itself;
//! - [`look`]: in which colours, and whether anything moves;
//! - [`keyboard`]: what has the keyboard is in view;
//! - [`shortcuts`]: the keys that do something from anywhere;
//! - [`pinch`]: two fingers that make everything larger or smaller;
//! - [`text_menu`]: cut, copy and paste by a long press, the right button or a key;
//! - [`written`]: what is typed from right to left;
//! - [`shown`]: a text that can be selected and copied;
//! - [`summary`]: all of it in a few words;
//! - [`panels`]: what may stand beside the page.

pub mod page;

pub mod composer;
pub mod connection_line;
pub mod message;
pub mod notice;

pub mod keyboard;
pub mod look;
pub mod pinch;
pub mod shortcuts;
pub mod shown;
pub mod summary;
pub mod text_menu;
pub mod written;

pub mod panels;
