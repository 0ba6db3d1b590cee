//! How the whole page looks, rendered and compared with `tests/snapshots`.
//!
//! A renderer is needed, so these are behind the feature `picture-tests`, which `cargo xtask test`
//! turns on. `UPDATE_SNAPSHOTS=1` takes what is drawn now for what is wanted; look at it first.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![allow(dead_code, reason = "`page` uses all of what it shares with these")]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use app_core::stored::{Damaged, ThemeChoice};
use app_core::{Opening, Panel};
use egui::{Key, Theme, Vec2, vec2};
use egui_kittest::Harness;
use egui_system_font_provider::SystemFontProvider;
use websocket_echo::i18n::{Language, words};

#[path = "page/glyphs.rs"]
mod glyphs;
#[path = "page/servers.rs"]
mod servers;
#[path = "page/window.rs"]
mod window;

use servers::{EchoServer, nobody_at};
use window::{Window, opening};

const NARROW: Vec2 = vec2(400.0, 720.0);
const WIDE: Vec2 = vec2(1400.0, 800.0);

#[test]
fn narrow_and_light() {
    let server = EchoServer::start_at(at(3670));
    let mut window = open(opening(server.url()), Theme::Light, NARROW);
    send(&mut window, "hello");
    window.harness().snapshot("page_narrow_light");
}

#[test]
fn narrow_dark_chinese_and_unreachable() {
    let address = format!("ws://{}/echo", nobody_at(at(3671)));
    let opening = Opening { language: Language::Chinese, ..opening(address) };
    let mut window = open(opening, Theme::Dark, NARROW);
    window.until_shown("网络不通...");
    window.harness().snapshot("page_narrow_dark_chinese_unreachable");
}

#[test]
fn wide_and_typing() {
    let server = EchoServer::start_at(at(3672));
    let mut window = open(opening(server.url()), Theme::Light, WIDE);
    send(&mut window, &"How many raisins fit into one message? ".repeat(12));
    window.type_text("hello");
    window.harness().snapshot("page_wide_typing");
}

#[test]
fn a_picture() {
    let server = EchoServer::start_at(at(3673));
    let mut window = open(opening(server.picture_url()), Theme::Dark, NARROW);
    let picture = (words(Language::English).message.picture)(480, 320, echo_server::PICTURE.len());
    window.until_shown(&picture);
    window.harness().snapshot("page_picture");
}

#[test]
fn by_itself() {
    let address = format!("ws://{}/echo", nobody_at(at(3674)));
    let opening = Opening { can_echo_in_page: true, ..opening(address) };
    let mut window = open(opening, Theme::Light, NARROW);
    window.until_shown("Try the server again");
    send(&mut window, "hello");
    window.harness().snapshot("page_by_itself");
}

#[test]
fn a_notice_with_its_button() {
    let server = EchoServer::start_at(at(3676));
    let opening = Opening { stored: Err(Damaged), ..opening(server.url()) };
    let mut window = open(opening, Theme::Light, NARROW);
    window.until_shown("Open");
    window.harness().snapshot("page_notice");
}

#[test]
fn a_wrong_address_after_the_server_went_away() {
    let server = EchoServer::start_at(at(3675));
    let mut window = open(opening(server.url()), Theme::Light, NARROW);
    window.until_shown("Open");
    let stopped = server.shut_down();
    window.until_shown("Closed");
    stopped.join().unwrap().unwrap();
    window.type_address("htp://127.0.0.1:3675/echo");
    window.harness().snapshot("page_wrong_address");
}

#[test]
fn more_contrast_with_the_menu() {
    let server = EchoServer::start_at(at(3680));
    let mut window = open(contrasting(server.url()), Theme::Light, NARROW);
    send(&mut window, "hello");
    window.click(words(Language::English).more_button);
    window.harness().snapshot("page_contrast_light");
}

#[test]
fn more_contrast_wide_dark_and_chinese() {
    let server = EchoServer::start_at(at(3681));
    let opening = Opening { language: Language::Chinese, ..contrasting(server.url()) };
    let mut window = open(opening, Theme::Dark, WIDE);
    window.until_shown("已连接");
    window.toggle_panel(Panel::Connection);
    window.harness().snapshot("page_contrast_wide_dark");
}

/// The page for who has chosen more contrast.
fn contrasting(address: String) -> Opening {
    let mut opening = opening(address);
    if let Ok(stored) = &mut opening.stored {
        stored.more_contrast = true;
    }
    opening
}

/// An address that is the same in every picture: no two tests have the same, and none of them is
/// among those that the system gives away.
fn at(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

fn send(window: &mut Window, text: &str) {
    window.type_text(text);
    window.press(Key::Enter);
    window.until_shown(&format!("echo: {text}"));
}

fn open(mut opening: Opening, theme: Theme, size: Vec2) -> Window {
    if let Ok(stored) = &mut opening.stored {
        stored.theme = match theme {
            Theme::Light => ThemeChoice::Light,
            Theme::Dark => ThemeChoice::Dark,
        };
    }
    let builder =
        Harness::builder().with_size(size).with_theme(theme).with_render_cursor(false).wgpu();
    // The fonts for Chinese are those that `cargo xtask setup` installs.
    Window::build(builder, opening, |ctx| {
        let fonts = SystemFontProvider::new().with_locale(Some("zh-Hans"));
        ctx.add_font_provider(Arc::new(fonts));
    })
}
