//! Material 3 as Flutter draws it, in egui: the pieces of `Scaffold`, without a word of their own.
//!
//! - [`theme`]: colours, type sizes, and how plain egui widgets are made to match;
//! - [`icons`]: pictures on a 24 point grid;
//! - `feedback`, `line`: what the widgets share;
//! - [`action_chip`], [`button`], [`chip`], [`menu`], [`text_field`]: what stands in a page;
//! - [`app_bar`], [`fab`], [`scaffold`]: what a page stands in.
//!
//! Every sentence comes from the caller. Every widget has a name for screen readers and tests,
//! says by more than colour how it stands, and draws nothing while nothing happens.

pub mod theme;

pub mod icons;

mod feedback;
mod line;

pub mod action_chip;
pub mod button;
pub mod chip;
pub mod menu;
pub mod text_field;

pub mod app_bar;
pub mod fab;
pub mod scaffold;

pub use feedback::tooltip;

pub use self::{
    action_chip::ActionChip,
    app_bar::AppBar,
    button::{Button, IconButton},
    chip::{Chip, Tone},
    fab::Fab,
    icons::Icon,
    menu::{MenuItem, menu_button},
    scaffold::{Scaffold, ScaffoldOutput},
    text_field::{TextField, TextFieldOutput},
    theme::{Scheme, Type},
};
