//! Pictures, which the browser itself decodes: every format is seen, and what can't be one is told.

use std::io::Cursor;

use futures_util::SinkExt as _;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use tokio_tungstenite::tungstenite::Message;

use crate::browser::Browser;
use crate::servers::Scripted;
use crate::site::{Backend, Site};

const RED: [u8; 3] = [200, 30, 60];

fn encoded(format: ImageFormat, colour: [u8; 3], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = RgbImage::from_pixel(width, height, Rgb(colour));
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Whether a good part of what is seen has this colour, or nearly so.
fn shows(screen: &RgbImage, colour: [u8; 3]) -> bool {
    let is_near = |pixel: &&Rgb<u8>| pixel.0.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 16);
    screen.pixels().filter(is_near).count() > 1000
}

#[tokio::test]
async fn every_format_is_seen() {
    let server = Scripted::start().await;
    let site = Site::start(Backend::Missing).await;
    Browser::run(None, async move |browser| {
        browser.open(&site.url_with(&server.url())).await;
        let mut connection = server.accept().await;
        browser.until_said("Open").await;
        for (format, colour, width) in [
            (ImageFormat::Png, RED, 120),
            (ImageFormat::Jpeg, [30, 160, 60], 130),
            (ImageFormat::Gif, [240, 120, 20], 140),
            (ImageFormat::WebP, [20, 120, 240], 150),
        ] {
            let picture = encoded(format, colour, width, 80);
            connection.send(Message::binary(picture)).await.unwrap();
            browser.until_seen(|screen| shows(screen, colour)).await;
            browser.until_said(&format!("Picture, {width} × 80 pixels")).await;
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
        let whole = encoded(ImageFormat::Png, RED, 200, 200);
        // Its sides are where they should be, and what follows is missing.
        let cut_off = whole[..40].to_vec();
        // As large as a picture can say that it is, and no browser is asked.
        let mut bomb = whole.clone();
        bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        // Larger than a texture may be, and made to fit.
        let wide = encoded(ImageFormat::Png, RED, 20_000, 400);
        for (picture, is_shown, told) in [
            (cut_off, false, "A PNG picture of 40 bytes that is damaged"),
            (whole, true, "Picture, 200 × 200 pixels"),
            (bomb, false, "A PNG picture of 60000 × 60000 pixels: too large to show"),
            (wide, true, "Picture, 20000 × 400 pixels"),
        ] {
            connection.send(Message::binary(picture)).await.unwrap();
            browser.until_seen(|screen| shows(screen, RED) == is_shown).await;
            browser.until_said(told).await;
        }
    })
    .await;
}
