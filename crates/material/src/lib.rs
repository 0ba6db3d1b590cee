//! Material 3 as Flutter draws it, in egui: the pieces of `Scaffold`, without a word of their own.
//!
//! - `scheme`: colours, with more contrast too, and the system's own;
//! - [`theme`]: type sizes, and how plain egui widgets are made to match;
//! - [`icons`]: pictures on a 24 point grid;
//! - `feedback`, `line`, `row`, `whole_characters`: what the widgets share;
//! - [`action_chip`], [`button`], [`chip`], [`menu`], [`radio`], [`switch`], [`text_field`]: what stands in
//!   a page;
//! - [`bars`], [`section`]: figures seen at a glance, and what can be folded away;
//! - [`app_bar`], [`fab`], [`scaffold`]: what a page stands in.
//!
//! Every sentence comes from the caller. Every widget has a name for screen readers and tests,
//! says by more than colour how it stands, and draws nothing while nothing happens.

pub mod theme;

mod scheme;

pub mod icons;

mod feedback;
mod line;
mod row;
mod still_wheel;
mod whole_characters;

pub mod action_chip;
pub mod button;
pub mod chip;
pub mod menu;
pub mod radio;
pub mod switch;
pub mod text_field;

pub mod bars;
pub mod section;

pub mod app_bar;
pub mod fab;
pub mod scaffold;

pub use feedback::tooltip;

pub use self::{
    action_chip::ActionChip,
    app_bar::AppBar,
    bars::Bars,
    button::{Button, IconButton},
    chip::{Chip, Tone},
    fab::Fab,
    icons::Icon,
    menu::{MenuItem, menu_button},
    radio::{Radio, radio_group},
    scaffold::{Scaffold, ScaffoldOutput},
    section::Section,
    switch::Switch,
    text_field::{TextField, TextFieldOutput},
    theme::{Look, Scheme, SystemColors, Type},
};
