//! Material 3 as Flutter draws it, in egui: the pieces of `Scaffold`, without a word of their own.

pub mod theme;

pub mod icons;

mod feedback;
mod line;

pub mod button;
pub mod chip;
pub mod text_field;

pub mod app_bar;
pub mod fab;
pub mod scaffold;

pub use self::{
    app_bar::AppBar,
    button::{Button, IconButton},
    chip::{Chip, Tone},
    fab::Fab,
    icons::Icon,
    scaffold::{Scaffold, ScaffoldOutput},
    text_field::{TextField, TextFieldOutput},
    theme::{Scheme, Type},
};
