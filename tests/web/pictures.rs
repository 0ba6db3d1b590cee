//! Pictures, which the browser itself decodes: every format is seen, and what can't be one is told.

use std::io::Cursor;

use futures_util::SinkExt as _;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use tokio_tungstenite::tungstenite::Message;

use crate::browser::Browser;
use crate::servers::Scripted;
use crate::site::{Backend, Site};

const COLOUR: [u8; 3] = [200, 30, 60];

fn encoded(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(width, height, Rgb(COLOUR));
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// How many pixels have the pictures' colour, or nearly so.
fn coloured(screen: &RgbImage) -> usize {
    let is_near = |pixel: &&Rgb<u8>| pixel.0.iter().zip(COLOUR).all(|(a, b)| a.abs_diff(b) < 12);
    screen.pixels().filter(is_near).count()
}

#[tokio::test]
async fn every_format_is_seen() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url_with(&server.url())).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        let formats = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP];
        for (number, format) in (1..).zip(formats) {
            // Each of another size, so that none is taken for the one before.
            let (width, height) = (60 + 10 * number, 40);
            let picture = encoded(format, width, height);
            connection.send(Message::binary(picture)).await.unwrap();
            let area = (width * height) as usize;
            let is_whole = |screen: &RgbImage| coloured(screen).abs_diff(area) < area / 20;
            browser.until_seen(is_whole).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_picture_that_can_not_be_shown_is_told() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url_with(&server.url())).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        let whole = encoded(ImageFormat::Png, 200, 200);
        // Its sides are where they should be, and what follows is missing.
        let cut_off = whole[..40].to_vec();
        // As large as a picture can say that it is, and no browser is asked.
        let mut bomb = whole.clone();
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        // Larger than a texture may be, and made to fit.
        let wide = encoded(ImageFormat::Png, 20_000, 100);
        for (picture, is_shown) in [(cut_off, false), (whole, true), (bomb, false), (wide, true)] {
            connection.send(Message::binary(picture)).await.unwrap();
            browser.until_seen(|screen| (coloured(screen) > 500) == is_shown).await;
        }
    })
    .await;
}
