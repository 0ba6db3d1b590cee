//! The one place where it is decided how all that is drawn looks: light or dark, and with how much contrast.

use app_core::Look;
use app_core::look::ForcedColors;
use app_core::stored::ThemeChoice;
use egui::{Color32, Context, Theme, ThemePreference};
use material::{SystemColors, theme};

/// From now on everything is drawn like this.
pub fn set_look(ctx: &Context, look: Look) {
    let preferences = look.preferences;
    theme::set_look(
        ctx,
        material::Look {
            more_contrast: preferences.more_contrast,
            system_colors: preferences.forced_colors.map(system_colors),
            is_still: preferences.reduced_motion,
        },
    );
    // What winit and eframe hear of the system comes first. On Linux they hear nothing.
    let system = if preferences.is_dark == Some(true) { Theme::Dark } else { Theme::Light };
    ctx.options_mut(|options| options.fallback_theme = system);
    ctx.set_theme(match look.theme {
        ThemeChoice::System => ThemePreference::System,
        ThemeChoice::Light => ThemePreference::Light,
        ThemeChoice::Dark => ThemePreference::Dark,
    });
}

fn system_colors(forced: ForcedColors) -> SystemColors {
    let color = |[red, green, blue]: [u8; 3]| Color32::from_rgb(red, green, blue);
    SystemColors {
        canvas: color(forced.canvas),
        canvas_text: color(forced.canvas_text),
        link_text: color(forced.link_text),
        button_face: color(forced.button_face),
        button_text: color(forced.button_text),
        highlight: color(forced.highlight),
        gray_text: color(forced.gray_text),
    }
}
