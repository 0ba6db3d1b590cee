//! Which colours are used for what: Material's own, with more contrast, or the system's.

use std::sync::Arc;

use egui::{Color32, Context, Id, Stroke, Theme, Ui};

/// What a person needs of all that is drawn, beyond light and dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Text and lines stand out more, and nothing is told from its ground by a tint alone.
    pub more_contrast: bool,
    /// The colours that the system has for every program; they take the place of light and dark.
    pub system_colors: Option<SystemColors>,
    /// Nothing moves, not even for the moment that a menu takes to appear.
    pub is_still: bool,
}

/// The system's own colours, by the names that style sheets have for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SystemColors {
    /// The ground of a page.
    pub canvas: Color32,
    /// Text on it.
    pub canvas_text: Color32,
    /// A link, or what acts as one.
    pub link_text: Color32,
    /// The ground of a button.
    pub button_face: Color32,
    /// Text on a button.
    pub button_text: Color32,
    /// What is selected, or has the keyboard.
    pub highlight: Color32,
    /// What can't be used.
    pub gray_text: Color32,
}

/// The colours of one theme by their role: text on `x` is painted in `on_x`.
///
/// The values are Flutter's defaults, which are Material's baseline (seed `#6750A4`). The roles
/// `success` and `warning` are no part of the baseline; they are cut from the same tones, as are
/// `mark`, `disabled` and `container_outline`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are Material's own and defined there")]
pub struct Scheme {
    pub primary: Color32,
    pub on_primary: Color32,
    pub primary_container: Color32,
    pub on_primary_container: Color32,
    pub secondary: Color32,
    pub on_secondary: Color32,
    pub secondary_container: Color32,
    pub on_secondary_container: Color32,
    pub error: Color32,
    pub on_error: Color32,
    pub error_container: Color32,
    pub on_error_container: Color32,
    pub success_container: Color32,
    pub on_success_container: Color32,
    pub warning_container: Color32,
    pub on_warning_container: Color32,
    pub surface: Color32,
    pub surface_container_lowest: Color32,
    pub surface_container_low: Color32,
    pub surface_container: Color32,
    pub surface_container_high: Color32,
    pub surface_container_highest: Color32,
    pub on_surface: Color32,
    pub on_surface_variant: Color32,
    pub outline: Color32,
    pub outline_variant: Color32,
    pub inverse_surface: Color32,
    pub on_inverse_surface: Color32,
    pub inverse_primary: Color32,
    /// The ground of what is looked for, in a text.
    pub mark: Color32,
    pub on_mark: Color32,
    /// The ground of text that is selected; the text stays as it is.
    pub selection: Color32,
    /// Words and icons of what can't be used.
    pub disabled: Color32,
    /// Around a container that is told from its ground by a tint alone; transparent where that will do.
    pub container_outline: Color32,
}

impl Scheme {
    /// Dark text on light surfaces.
    pub const LIGHT: Self = Self {
        primary: rgb(0x67_50_A4),
        on_primary: rgb(0xFF_FF_FF),
        primary_container: rgb(0xEA_DD_FF),
        on_primary_container: rgb(0x4F_37_8B),
        secondary: rgb(0x62_5B_71),
        on_secondary: rgb(0xFF_FF_FF),
        secondary_container: rgb(0xE8_DE_F8),
        on_secondary_container: rgb(0x4A_44_58),
        error: rgb(0xB3_26_1E),
        on_error: rgb(0xFF_FF_FF),
        error_container: rgb(0xF9_DE_DC),
        on_error_container: rgb(0x8C_1D_18),
        success_container: rgb(0xBC_F0_B4),
        on_success_container: rgb(0x23_50_24),
        warning_container: rgb(0xFF_DE_A6),
        on_warning_container: rgb(0x5D_42_00),
        surface: rgb(0xFE_F7_FF),
        surface_container_lowest: rgb(0xFF_FF_FF),
        surface_container_low: rgb(0xF7_F2_FA),
        surface_container: rgb(0xF3_ED_F7),
        surface_container_high: rgb(0xEC_E6_F0),
        surface_container_highest: rgb(0xE6_E0_E9),
        on_surface: rgb(0x1D_1B_20),
        on_surface_variant: rgb(0x49_45_4F),
        outline: rgb(0x79_74_7E),
        outline_variant: rgb(0xCA_C4_D0),
        inverse_surface: rgb(0x32_2F_35),
        on_inverse_surface: rgb(0xF5_EF_F7),
        inverse_primary: rgb(0xD0_BC_FF),
        mark: rgb(0xFF_DE_A6),
        on_mark: rgb(0x5D_42_00),
        selection: rgb(0xC2_B4_DB),
        disabled: rgb(0xA9_A3_AA),
        container_outline: Color32::TRANSPARENT,
    };

    /// Light text on dark surfaces.
    pub const DARK: Self = Self {
        primary: rgb(0xD0_BC_FF),
        on_primary: rgb(0x38_1E_72),
        primary_container: rgb(0x4F_37_8B),
        on_primary_container: rgb(0xEA_DD_FF),
        secondary: rgb(0xCC_C2_DC),
        on_secondary: rgb(0x33_2D_41),
        secondary_container: rgb(0x4A_44_58),
        on_secondary_container: rgb(0xE8_DE_F8),
        error: rgb(0xF2_B8_B5),
        on_error: rgb(0x60_14_10),
        error_container: rgb(0x8C_1D_18),
        on_error_container: rgb(0xF9_DE_DC),
        success_container: rgb(0x23_50_24),
        on_success_container: rgb(0xBC_F0_B4),
        warning_container: rgb(0x5D_42_00),
        on_warning_container: rgb(0xFF_DE_A6),
        surface: rgb(0x14_12_18),
        surface_container_lowest: rgb(0x0F_0D_13),
        surface_container_low: rgb(0x1D_1B_20),
        surface_container: rgb(0x21_1F_26),
        surface_container_high: rgb(0x2B_29_30),
        surface_container_highest: rgb(0x36_34_3B),
        on_surface: rgb(0xE6_E0_E9),
        on_surface_variant: rgb(0xCA_C4_D0),
        outline: rgb(0x93_8F_99),
        outline_variant: rgb(0x49_45_4F),
        inverse_surface: rgb(0xE6_E0_E9),
        on_inverse_surface: rgb(0x32_2F_35),
        inverse_primary: rgb(0x67_50_A4),
        mark: rgb(0x5D_42_00),
        on_mark: rgb(0xFF_DE_A6),
        selection: rgb(0x5F_56_74),
        disabled: rgb(0x64_60_67),
        container_outline: Color32::TRANSPARENT,
    };

    /// Black text on white.
    pub const LIGHT_CONTRAST: Self = Self {
        primary: rgb(0x38_1E_72),
        on_primary: rgb(0xFF_FF_FF),
        primary_container: rgb(0xEA_DD_FF),
        on_primary_container: rgb(0x21_00_5D),
        secondary: rgb(0x33_2D_41),
        on_secondary: rgb(0xFF_FF_FF),
        secondary_container: rgb(0xE8_DE_F8),
        on_secondary_container: rgb(0x1D_19_2B),
        error: rgb(0x8C_00_09),
        on_error: rgb(0xFF_FF_FF),
        error_container: rgb(0xF9_DE_DC),
        on_error_container: rgb(0x60_14_10),
        success_container: rgb(0xBC_F0_B4),
        on_success_container: rgb(0x00_39_0A),
        warning_container: rgb(0xFF_DE_A6),
        on_warning_container: rgb(0x40_2D_00),
        surface: rgb(0xFF_FF_FF),
        surface_container_lowest: rgb(0xFF_FF_FF),
        surface_container_low: rgb(0xF7_F2_FA),
        surface_container: rgb(0xF3_ED_F7),
        surface_container_high: rgb(0xEC_E6_F0),
        surface_container_highest: rgb(0xE6_E0_E9),
        on_surface: rgb(0x00_00_00),
        on_surface_variant: rgb(0x32_2F_35),
        outline: rgb(0x49_45_4F),
        outline_variant: rgb(0x60_5D_66),
        inverse_surface: rgb(0x1D_1B_20),
        on_inverse_surface: rgb(0xFF_FF_FF),
        inverse_primary: rgb(0xD0_BC_FF),
        mark: rgb(0xD0_80_00),
        on_mark: rgb(0x00_00_00),
        selection: rgb(0x9B_8E_B8),
        disabled: rgb(0x60_5D_66),
        container_outline: rgb(0x49_45_4F),
    };

    /// White text on black.
    pub const DARK_CONTRAST: Self = Self {
        primary: rgb(0xEA_DD_FF),
        on_primary: rgb(0x21_00_5D),
        primary_container: rgb(0x4F_37_8B),
        on_primary_container: rgb(0xFF_FF_FF),
        secondary: rgb(0xE8_DE_F8),
        on_secondary: rgb(0x1D_19_2B),
        secondary_container: rgb(0x4A_44_58),
        on_secondary_container: rgb(0xFF_FF_FF),
        error: rgb(0xF9_DE_DC),
        on_error: rgb(0x41_0E_0B),
        error_container: rgb(0x8C_1D_18),
        on_error_container: rgb(0xFF_FF_FF),
        success_container: rgb(0x23_50_24),
        on_success_container: rgb(0xD5_F8_CF),
        warning_container: rgb(0x5D_42_00),
        on_warning_container: rgb(0xFF_ED_D1),
        surface: rgb(0x00_00_00),
        surface_container_lowest: rgb(0x00_00_00),
        surface_container_low: rgb(0x0F_0D_13),
        surface_container: rgb(0x14_12_18),
        surface_container_high: rgb(0x1D_1B_20),
        surface_container_highest: rgb(0x2B_29_30),
        on_surface: rgb(0xFF_FF_FF),
        on_surface_variant: rgb(0xE6_E0_E9),
        outline: rgb(0xCA_C4_D0),
        outline_variant: rgb(0xAE_A9_B4),
        inverse_surface: rgb(0xFF_FF_FF),
        on_inverse_surface: rgb(0x00_00_00),
        inverse_primary: rgb(0x38_1E_72),
        mark: rgb(0x7F_5A_00),
        on_mark: rgb(0xFF_FF_FF),
        selection: rgb(0x75_6E_80),
        disabled: rgb(0xAE_A9_B4),
        container_outline: rgb(0xCA_C4_D0),
    };

    /// The scheme that `ui` is drawn in.
    pub fn of(ui: &Ui) -> Self {
        Self::of_theme(ui.ctx(), ui.visuals().dark_mode)
    }

    /// The scheme of one of the themes of `ctx`. This is the one place where it is decided.
    pub(crate) fn of_theme(ctx: &Context, is_dark: bool) -> Self {
        match kept(ctx) {
            Some(schemes) => schemes.of[usize::from(is_dark)],
            None => Self::new(Look::default(), is_dark),
        }
    }

    /// What this look makes of a theme.
    fn new(look: Look, is_dark: bool) -> Self {
        match (look.system_colors, look.more_contrast, is_dark) {
            (Some(colors), _, _) => Self::of_system(&colors),
            (None, false, false) => Self::LIGHT,
            (None, false, true) => Self::DARK,
            (None, true, false) => Self::LIGHT_CONTRAST,
            (None, true, true) => Self::DARK_CONTRAST,
        }
    }

    /// The system's colours: few, so that lines and words tell what tints do elsewhere.
    fn of_system(colors: &SystemColors) -> Self {
        let SystemColors { canvas, canvas_text, link_text, .. } = *colors;
        let SystemColors { button_face, button_text, highlight, gray_text, .. } = *colors;
        // As much of the system's colour as can be read through: its own text for it would have to
        // be given to each text that is selected.
        let mark = [1.0, 0.8, 0.6, 0.4, 0.2]
            .map(|opacity| Self::layer(canvas, highlight, opacity))
            .into_iter()
            .find(|mark| contrast(canvas_text, *mark) >= 4.5)
            .unwrap_or(canvas);
        Self {
            primary: link_text,
            on_primary: canvas,
            primary_container: button_face,
            on_primary_container: button_text,
            secondary: if contrast(highlight, canvas) >= 3.0 { highlight } else { canvas_text },
            on_secondary: canvas,
            secondary_container: button_face,
            on_secondary_container: button_text,
            error: canvas_text,
            on_error: canvas,
            error_container: canvas,
            on_error_container: canvas_text,
            success_container: canvas,
            on_success_container: canvas_text,
            warning_container: canvas,
            on_warning_container: canvas_text,
            surface: canvas,
            surface_container_lowest: canvas,
            surface_container_low: canvas,
            surface_container: canvas,
            surface_container_high: canvas,
            surface_container_highest: canvas,
            on_surface: canvas_text,
            on_surface_variant: canvas_text,
            outline: canvas_text,
            outline_variant: canvas_text,
            inverse_surface: canvas_text,
            on_inverse_surface: canvas,
            inverse_primary: canvas,
            mark,
            on_mark: canvas_text,
            selection: mark,
            disabled: gray_text,
            container_outline: canvas_text,
        }
    }

    /// `content` laid over `container` as Material's state layers are, but opaque, so that shapes
    /// painted over each other don't show through.
    pub fn layer(container: Color32, content: Color32, opacity: f32) -> Color32 {
        container.lerp_to_gamma(content, opacity)
    }

    /// The line around a container, where it needs one.
    pub fn container_stroke(&self) -> Stroke {
        if self.has_outlines() { Stroke::new(1.0, self.container_outline) } else { Stroke::NONE }
    }

    /// `color` for what stands behind something of the same colour, in a picture.
    pub fn behind(&self, color: Color32) -> Color32 {
        color.gamma_multiply(if self.has_outlines() { 0.7 } else { 0.4 })
    }

    /// Whether containers have lines around them.
    #[must_use]
    pub fn has_outlines(&self) -> bool {
        self.container_outline != Color32::TRANSPARENT
    }

    /// The container, and the border where there is one, of what can't be used.
    pub(crate) fn disabled_container(&self) -> (Color32, Color32) {
        if self.has_outlines() {
            return (self.surface, self.disabled);
        }
        let faint = Self::layer(self.surface, self.on_surface, 0.12);
        (faint, faint)
    }
}

/// A look, as a context keeps it.
struct Kept {
    look: Look,
    /// The schemes of light and dark, in this order.
    of: [Scheme; 2],
}

fn kept(ctx: &Context) -> Option<Arc<Kept>> {
    ctx.data(|data| data.get_temp(Id::NULL))
}

/// From now on `ctx` has the schemes of this look.
pub(crate) fn keep(ctx: &Context, look: Look) {
    let of = [false, true].map(|is_dark| Scheme::new(look, is_dark));
    ctx.data_mut(|data| data.insert_temp(Id::NULL, Arc::new(Kept { look, of })));
}

/// The look that `ctx` has.
pub(crate) fn look(ctx: &Context) -> Look {
    kept(ctx).map(|kept| kept.look).unwrap_or_default()
}

/// The scheme of a theme of `ctx`.
pub(crate) fn of_theme(ctx: &Context, theme: Theme) -> Scheme {
    Scheme::of_theme(ctx, theme == Theme::Dark)
}

/// How far two colours are apart: WCAG 2.2, "contrast ratio", from 1 to 21.
fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |color: Color32| {
        let [r, g, b, _] = egui::Rgba::from(color).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows' dark theme for high contrast, as a browser gives it.
    const NIGHT: SystemColors = SystemColors {
        canvas: rgb(0x00_00_00),
        canvas_text: rgb(0xFF_FF_FF),
        link_text: rgb(0xFF_FF_00),
        button_face: rgb(0x00_00_00),
        button_text: rgb(0xFF_FF_FF),
        highlight: rgb(0x1A_EB_FF),
        gray_text: rgb(0x3F_F2_3F),
    };

    /// Windows' light one.
    const DESERT: SystemColors = SystemColors {
        canvas: rgb(0xFF_FA_EF),
        canvas_text: rgb(0x3D_3D_3D),
        link_text: rgb(0x1C_5E_75),
        button_face: rgb(0xFF_FA_EF),
        button_text: rgb(0x20_20_20),
        highlight: rgb(0x90_39_09),
        gray_text: rgb(0x67_67_67),
    };

    fn ordinary() -> [(&'static str, Scheme); 2] {
        [("light", Scheme::LIGHT), ("dark", Scheme::DARK)]
    }

    fn contrasting() -> [(&'static str, Scheme); 4] {
        [
            ("light with more contrast", Scheme::LIGHT_CONTRAST),
            ("dark with more contrast", Scheme::DARK_CONTRAST),
            ("the system's night", Scheme::of_system(&NIGHT)),
            ("the system's desert", Scheme::of_system(&DESERT)),
        ]
    }

    fn surfaces(s: &Scheme) -> [Color32; 6] {
        [
            s.surface,
            s.surface_container_lowest,
            s.surface_container_low,
            s.surface_container,
            s.surface_container_high,
            s.surface_container_highest,
        ]
    }

    fn texts(s: &Scheme) -> Vec<(&'static str, Color32, Color32)> {
        let mut pairs = vec![
            ("primary", s.on_primary, s.primary),
            ("primary_container", s.on_primary_container, s.primary_container),
            ("secondary", s.on_secondary, s.secondary),
            ("secondary_container", s.on_secondary_container, s.secondary_container),
            ("error", s.on_error, s.error),
            ("error_container", s.on_error_container, s.error_container),
            ("success_container", s.on_success_container, s.success_container),
            ("warning_container", s.on_warning_container, s.warning_container),
            ("inverse_surface", s.on_inverse_surface, s.inverse_surface),
            ("inverse_primary", s.inverse_primary, s.inverse_surface),
        ];
        for surface in surfaces(s) {
            pairs.extend([
                ("on_surface", s.on_surface, surface),
                ("on_surface_variant", s.on_surface_variant, surface),
                ("primary as text", s.primary, surface),
                ("error as text", s.error, surface),
            ]);
        }
        pairs
    }

    #[track_caller]
    fn assert_apart(name: &str, role: &str, a: Color32, b: Color32, least: f32) {
        let ratio = contrast(a, b);
        assert!(ratio >= least, "{name}: {role}: {a:?} and {b:?} are {ratio:.2}, not {least}");
    }

    #[test]
    fn contrast_of_black_on_white_is_21() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    }

    #[test]
    fn text_can_be_read_on_what_it_stands_on() {
        for (name, s) in ordinary() {
            for (role, text, ground) in texts(&s) {
                assert_apart(name, role, text, ground, 4.5);
            }
        }
        // A system's colours are as far apart as the person has chosen.
        for (name, s) in &contrasting()[..2] {
            for (role, text, ground) in texts(s) {
                assert_apart(name, role, text, ground, 7.0);
            }
        }
        for (name, s) in &contrasting()[2..] {
            for (role, text, ground) in texts(s) {
                assert_apart(name, role, text, ground, 4.5);
            }
        }
    }

    #[test]
    fn text_can_be_read_where_it_is_marked_or_selected() {
        for (name, s) in ordinary().into_iter().chain(contrasting()) {
            assert_apart(name, "mark", s.on_mark, s.mark, 4.5);
            assert_apart(name, "mark, as it was", s.on_surface, s.mark, 4.5);
            assert_apart(name, "selection", s.on_surface, s.selection, 4.5);
        }
    }

    #[test]
    fn text_stays_readable_under_the_state_layers() {
        for (name, s) in ordinary().into_iter().chain(contrasting()) {
            for (text, ground) in [
                (s.on_primary_container, s.primary_container),
                (s.on_secondary_container, s.secondary_container),
                (s.primary, s.surface),
                (s.on_surface, s.surface_container_high),
            ] {
                let pressed = Scheme::layer(ground, text, 0.10);
                assert_apart(name, "pressed", text, pressed, 4.5);
            }
        }
    }

    #[test]
    fn lines_and_focus_rings_can_be_seen() {
        for (name, s) in ordinary() {
            for line in [s.outline, s.secondary, s.primary, s.error] {
                for ground in [s.surface, s.surface_container, s.surface_container_high] {
                    assert_apart(name, "line", line, ground, 3.0);
                }
            }
        }
    }

    #[test]
    fn with_more_contrast_nothing_is_told_by_a_tint() {
        for (name, s) in contrasting() {
            let lines =
                [s.outline, s.outline_variant, s.container_outline, s.primary, s.error, s.disabled];
            let containers = [
                s.primary_container,
                s.secondary_container,
                s.error_container,
                s.success_container,
                s.warning_container,
            ];
            for ground in surfaces(&s) {
                for line in lines {
                    assert_apart(name, "line", line, ground, 4.5);
                }
                // A ring is three points wide.
                assert_apart(name, "focus ring", s.secondary, ground, 3.0);
            }
            for container in containers {
                assert_apart(name, "outline", s.container_outline, container, 3.0);
            }
            // They have no outline.
            assert_apart(name, "mark", s.mark, s.surface, 1.8);
            assert_apart(name, "selection", s.selection, s.surface, 1.8);
            assert_apart(name, "tooltip", s.inverse_surface, s.surface, 3.0);
        }
        for s in [Scheme::LIGHT_CONTRAST, Scheme::DARK_CONTRAST] {
            assert_apart("with more contrast", "mark", s.mark, s.surface, 3.0);
            assert_apart("with more contrast", "selection", s.selection, s.surface, 3.0);
        }
    }
}
