//! How the Material pieces look: the gallery, rendered and compared with `tests/snapshots`.
//!
//! A renderer is needed, so these are behind the feature `picture-tests`, which `cargo xtask test`
//! turns on. `UPDATE_SNAPSHOTS=1` takes what is drawn now for what is wanted; look at it first.

use egui::{Color32, Key, Modifiers, Theme, UiBuilder, Vec2, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use material::{Look, SystemColors, theme};

#[allow(dead_code, reason = "its `main` opens a window")]
#[path = "../examples/gallery.rs"]
mod gallery;
use gallery::Gallery;

#[test]
fn narrow_and_light() {
    gallery(Theme::Light, vec2(400.0, 1700.0)).snapshot("gallery_narrow_light");
}

#[test]
fn narrow_and_dark() {
    gallery(Theme::Dark, vec2(400.0, 1700.0)).snapshot("gallery_narrow_dark");
}

#[test]
fn more_contrast_light() {
    let mut gallery = gallery(Theme::Light, vec2(400.0, 1700.0));
    gallery.get_by_label("More contrast").click();
    gallery.run();
    gallery.snapshot("gallery_contrast_light");
}

#[test]
fn more_contrast_dark_and_reached_by_keyboard() {
    let mut gallery = gallery(Theme::Dark, vec2(400.0, 1700.0));
    gallery.get_by_label("More contrast").click();
    gallery.run();
    gallery.get_by_label("On").focus();
    gallery.run();
    gallery.snapshot("gallery_contrast_dark");
}

#[test]
fn in_the_systems_colours() {
    let mut gallery = gallery(Theme::Dark, vec2(400.0, 1700.0));
    let colors = SystemColors {
        canvas: Color32::from_rgb(0x2D, 0x32, 0x36),
        canvas_text: Color32::WHITE,
        link_text: Color32::from_rgb(0x70, 0xEB, 0xDE),
        button_face: Color32::from_rgb(0x2D, 0x32, 0x36),
        button_text: Color32::from_rgb(0xB6, 0xF6, 0xF0),
        highlight: Color32::from_rgb(0xA1, 0xBF, 0xDE),
        gray_text: Color32::from_rgb(0xA6, 0xA6, 0xA6),
    };
    theme::set_look(&gallery.ctx, Look { system_colors: Some(colors), ..Look::default() });
    gallery.run();
    gallery.get_by_label("On").focus();
    gallery.run();
    gallery.snapshot("gallery_system_colours");
}

#[test]
fn wide_and_typing() {
    let mut gallery = gallery(Theme::Light, vec2(1400.0, 600.0));
    gallery.get_by_label("Send a message").click();
    gallery.get_by_label("Send a message").type_text("raisin");
    gallery.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    gallery.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    gallery.run();
    gallery.snapshot("gallery_wide_typing");
}

#[test]
fn scrolled() {
    let mut gallery = gallery(Theme::Light, vec2(400.0, 420.0));
    gallery.get_by_label("Send a message").scroll_down();
    gallery.run();
    gallery.snapshot("gallery_scrolled");
}

#[test]
fn reached_by_keyboard() {
    let mut gallery = gallery(Theme::Dark, vec2(400.0, 420.0));
    gallery.get_by_label("Send message").focus();
    gallery.run();
    gallery.snapshot("gallery_keyboard");
}

fn gallery(theme: Theme, size: Vec2) -> Harness<'static, Gallery> {
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_context_setup(theme::apply)
        .with_render_cursor(false)
        .wgpu()
        .build_ui_state(
            |ui, gallery: &mut Gallery| {
                // kittest leaves a border around what it shows; the page is a whole window.
                let window = UiBuilder::new().max_rect(ui.ctx().content_rect());
                ui.scope_builder(window, |ui| gallery.page_ui(ui));
            },
            Gallery::default(),
        )
}
