//! The page's fonts: egui's own, cut down to Latin, Greek, Cyrillic and the signs that the page draws. All other
//! writing the browser draws in its own fonts, which eframe asks it for, a character at a time.

use std::sync::Arc;

use eframe::egui::{FontData, FontDefinitions, FontFamily};

/// Their files are made by assets/fonts/subset.py.
const UBUNTU: (&str, &[u8]) =
    ("Ubuntu-Light", include_bytes!("../../assets/fonts/Ubuntu-Light.ttf"));
const HACK: (&str, &[u8]) = ("Hack", include_bytes!("../../assets/fonts/Hack-Regular.ttf"));

/// The fonts, in egui's own order.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for (name, data) in [UBUNTU, HACK] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(data)));
    }
    let names =
        |fonts: &[(&str, &[u8])]| fonts.iter().map(|(name, _)| (*name).to_owned()).collect();
    fonts.families.insert(FontFamily::Proportional, names(&[UBUNTU]));
    fonts.families.insert(FontFamily::Monospace, names(&[HACK, UBUNTU]));
    fonts
}
