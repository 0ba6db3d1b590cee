//! What comes back is not always text: pictures and other bytes.

use std::io::Cursor;

use app_core::Opening;
use egui::accesskit::Role;
use egui_kittest::kittest::NodeT as _;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use websocket_echo::i18n::{Language, group_digits, words};

use crate::servers::{EchoServer, Scripted};
use crate::window::{Window, opening};

fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(width, height, Rgb([200, 30, 60]));
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A window that has been sent these bytes, and shows these words for them.
fn sent(bytes: Vec<u8>, language: Language, words: &str) -> Window {
    let server = Scripted::start(move |mut peer| {
        peer.send(bytes);
        peer.until_gone();
    });
    let mut window = Window::open_with(Opening { language, ..opening(server.url()) });
    window.until_shown(words);
    window
}

#[test]
fn the_picture_of_the_server_is_shown() {
    let server = EchoServer::start();
    for (language, name) in [
        (Language::English, "Picture, 480 × 320 pixels, 48 283 bytes"),
        (Language::Chinese, "图片，480 × 320 像素，48 283 字节"),
    ] {
        let address = server.picture_url();
        let mut window = Window::open_with(Opening { language, ..opening(address) });
        window.until_shown(name);
        assert_is_picture(&mut window, name);
        window.assert_nothing_sticks_out();
    }
}

#[test]
fn each_format_is_shown() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let bytes = picture(format, 36, 78);
        let length = group_digits(bytes.len() as u64);
        let name = format!("Picture, 36 × 78 pixels, {length} bytes");
        let mut window = sent(bytes, Language::English, &name);
        assert_is_picture(&mut window, &name);
    }
}

#[track_caller]
fn assert_is_picture(window: &mut Window, name: &str) {
    use egui_kittest::kittest::Queryable as _;
    let node = window.harness().get_by_role_and_label(Role::Image, name);
    assert!(node.accesskit_node().bounding_box().is_some_and(|rect| rect.area() > 0.0));
}

#[test]
fn a_broken_picture_says_so() {
    let whole = picture(ImageFormat::Png, 36, 78);
    let half = whole[..whole.len() / 2].to_vec();
    let length = group_digits(half.len() as u64);
    for (language, words) in [
        (Language::English, format!("A PNG picture of {length} bytes that is damaged")),
        (Language::Chinese, format!("PNG 图片，{length} 字节：已损坏")),
    ] {
        sent(half.clone(), language, &words);
    }
}

#[test]
fn other_bytes_are_counted_and_their_beginning_is_shown() {
    for (bytes, english, chinese, preview) in [
        (b"".to_vec(), "echo: 0 bytes", "echo: 0 字节", None),
        (vec![7], "echo: 1 byte", "echo: 1 字节", Some("07")),
        (b"raisin".to_vec(), "echo: 6 bytes", "echo: 6 字节", Some("72 61 69 73 69 6e")),
        (
            vec![0xab; 3678],
            "echo: 3 678 bytes",
            "echo: 3 678 字节",
            Some("ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab …"),
        ),
    ] {
        for (language, words) in [(Language::English, english), (Language::Chinese, chinese)] {
            let window = sent(bytes.clone(), language, words);
            assert!(preview.is_none_or(|preview| window.shows(preview)), "{window:?}");
        }
    }
}

#[test]
fn a_text_takes_the_place_of_a_picture() {
    let server = EchoServer::start();
    let mut window = Window::open(server.picture_url());
    let name = (words(Language::English).message.picture)(480, 320, echo_server::PICTURE.len());
    window.until_shown(&name);
    window.type_text("raisin");
    window.press(egui::Key::Enter);
    window.until_shown("echo: raisin");
    assert!(!window.shows(&name));
}
