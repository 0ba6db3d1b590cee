//! Boxes for the scripts that egui's own fonts lack and a machine's fonts bring, so that the tests
//! need no fonts, and a symbol that we chose and no font has still fails them.

use egui::{Color32, ColorImage, Context, GlyphBitmap, GlyphRasterizer, RasterizedGlyph, vec2};

/// Lets `ctx` show Chinese, emoji, Hebrew and Arabic.
pub(crate) fn install(ctx: &Context) {
    ctx.add_glyph_rasterizer(GlyphRasterizer::new("boxes", |request| {
        let first = request.cluster.chars().next()?;
        is_script_of_the_machine(first).then(|| {
            let side = request.font_size_px.max(1.0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "some pixels"
            )]
            let pixels = side as usize;
            RasterizedGlyph {
                bitmap: GlyphBitmap {
                    image: ColorImage::filled([pixels, pixels], Color32::WHITE),
                    offset_px: vec2(0.0, -side),
                    is_color: false,
                },
                advance_px: side,
            }
        })
    }));
}

fn is_script_of_the_machine(first: char) -> bool {
    matches!(first,
        '\u{0590}'..='\u{06FF}' // Hebrew, Arabic
        | '\u{FB50}'..='\u{FDFF}' // Forms of Arabic letters
        | '\u{FE70}'..='\u{FEFC}'
        | '\u{3000}'..='\u{303F}' // Chinese punctuation
        | '\u{4E00}'..='\u{9FFF}' // Chinese
        | '\u{FF00}'..='\u{FFEF}' // Punctuation as wide as Chinese
        | '\u{1F300}'..='\u{1FAFF}' // Emoji
    )
}
