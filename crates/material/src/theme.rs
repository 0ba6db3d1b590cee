//! The colours and type sizes of Material 3, and plain egui widgets dressed to match them.

use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Rect, RichText, Shadow, Shape, Stroke,
    Style, TextStyle, Theme, Ui, Vec2, Visuals,
    style::{HandleShape, ScrollAnimation, ScrollFadeStyle, ScrollStyle, Selection, WidgetVisuals},
};

/// Makes every widget of `ctx` look like Material 3, in the system's light or dark theme.
///
/// Call it once, before the first frame. A switch in the app may override the theme afterwards,
/// with [`egui::Context::set_theme`].
pub fn apply(ctx: &egui::Context) {
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_style_of(theme, style(theme));
    }
    ctx.set_theme(egui::ThemePreference::System);
    // Where the system doesn't say, Flutter is light, and egui would be dark.
    ctx.options_mut(|options| options.fallback_theme = Theme::Light);
}

/// The colours of one theme by their role: text on `x` is painted in `on_x`.
///
/// The values are Flutter's defaults, which are Material's baseline (seed `#6750A4`). The roles
/// `success` and `warning` are no part of the baseline; they are cut from the same tones.
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
    };

    /// The scheme that `ui` is drawn in.
    pub fn of(ui: &Ui) -> &'static Self {
        Self::for_dark(ui.visuals().dark_mode)
    }

    pub(crate) fn for_dark(dark: bool) -> &'static Self {
        if dark { &Self::DARK } else { &Self::LIGHT }
    }

    /// `content` laid over `container` as Material's state layers are, but opaque, so that shapes
    /// painted over each other don't show through.
    pub fn layer(container: Color32, content: Color32, opacity: f32) -> Color32 {
        container.lerp_to_gamma(content, opacity)
    }

    /// The background of selected text.
    fn selection(&self) -> Color32 {
        Self::layer(self.surface, self.primary, 0.40)
    }
}

const fn rgb(hex: u32) -> Color32 {
    let [_, r, g, b] = hex.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// A step of Material's type scale.
///
/// egui's font has one weight, so the scale's medium weights are drawn in it too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// In points.
    pub size: f32,

    /// From one baseline to the next, in points.
    pub line_height: f32,
}

impl Type {
    /// The title of an app bar.
    pub const TITLE_LARGE: Self = Self::new(22.0, 28.0);
    /// What a person types, and text meant to be read.
    pub const BODY_LARGE: Self = Self::new(16.0, 24.0);
    /// Text without a rank of its own.
    pub const BODY_MEDIUM: Self = Self::new(14.0, 20.0);
    /// Notes below something else.
    pub const BODY_SMALL: Self = Self::new(12.0, 16.0);
    /// Buttons and chips.
    pub const LABEL_LARGE: Self = Self::new(14.0, 20.0);
    /// Small print that names something.
    pub const LABEL_MEDIUM: Self = Self::new(12.0, 16.0);

    const fn new(size: f32, line_height: f32) -> Self {
        Self { size, line_height }
    }

    /// For painters and egui's own widgets.
    pub const fn font(self) -> FontId {
        FontId::new(self.size, FontFamily::Proportional)
    }

    /// `text` in this size, for labels.
    pub fn rich(self, text: impl Into<String>) -> RichText {
        RichText::new(text).font(self.font()).line_height(Some(self.line_height))
    }
}

fn style(theme: Theme) -> Style {
    let mut style = Style {
        visuals: visuals(theme),
        // Long enough to take the edge off a menu's appearance, short enough to never wait for.
        animation_time: 0.1,
        scroll_animation: ScrollAnimation::none(),
        ..Style::default()
    };

    style.text_styles = [
        (TextStyle::Heading, Type::TITLE_LARGE.font()),
        (TextStyle::Body, Type::BODY_MEDIUM.font()),
        (TextStyle::Button, Type::LABEL_LARGE.font()),
        (TextStyle::Small, Type::BODY_SMALL.font()),
        (TextStyle::Monospace, FontId::monospace(14.0)),
    ]
    .into();

    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::splat(8.0);
    // What separates the line heights of the type scale from those of the font.
    spacing.extra_text_line_spacing = 4.0;
    spacing.button_padding = Vec2::new(12.0, 8.0);
    spacing.interact_size = Vec2::new(40.0, 36.0);
    spacing.menu_margin = Margin::symmetric(8, 8);
    spacing.window_margin = Margin::same(24);
    spacing.icon_width = 18.0;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = 8.0;
    spacing.tooltip_width = 320.0;
    spacing.scroll = ScrollStyle {
        bar_width: 8.0,
        floating_width: 4.0,
        // A page that goes on below says so without being asked.
        dormant_handle_opacity: 0.4,
        fade: ScrollFadeStyle { strength: 0.0, ..ScrollFadeStyle::default() },
        ..ScrollStyle::floating()
    };

    style.interaction.tooltip_delay = 0.3;
    style
}

fn visuals(theme: Theme) -> Visuals {
    let dark = theme == Theme::Dark;
    let scheme = Scheme::for_dark(dark);
    let mut visuals = theme.default_visuals();

    let at_rest = WidgetVisuals {
        bg_fill: scheme.surface_container_highest,
        weak_bg_fill: scheme.surface_container_high,
        bg_stroke: Stroke::NONE,
        corner_radius: CornerRadius::same(8),
        fg_stroke: Stroke::new(1.0, scheme.on_surface),
        expansion: 0.0,
    };
    let over = |opacity| WidgetVisuals {
        bg_fill: Scheme::layer(at_rest.bg_fill, scheme.on_surface, opacity),
        weak_bg_fill: Scheme::layer(at_rest.weak_bg_fill, scheme.on_surface, opacity),
        ..at_rest
    };
    visuals.widgets.noninteractive = WidgetVisuals {
        bg_fill: scheme.surface_container,
        weak_bg_fill: scheme.surface,
        bg_stroke: Stroke::new(1.0, scheme.outline_variant),
        corner_radius: CornerRadius::same(4),
        ..at_rest
    };
    visuals.widgets.inactive = at_rest;
    visuals.widgets.hovered = over(0.08);
    // egui draws "pressed" and "has the keyboard" alike; the stroke is for the latter.
    visuals.widgets.active =
        WidgetVisuals { bg_stroke: Stroke::new(2.0, scheme.secondary), ..over(0.10) };
    visuals.widgets.open = over(0.10);

    visuals.selection =
        Selection { bg_fill: scheme.selection(), stroke: Stroke::new(1.0, scheme.on_surface) };
    visuals.ime_composition.active_underline_stroke = Stroke::new(2.0, scheme.primary);
    visuals.ime_composition.inactive_underline_stroke = Stroke::new(1.0, scheme.outline);
    visuals.text_cursor.stroke = Stroke::new(2.0, scheme.primary);
    // A blinking cursor is two frames a second for as long as the window is open.
    visuals.text_cursor.blink = false;

    visuals.weak_text_color = Some(scheme.on_surface_variant);
    visuals.hyperlink_color = scheme.primary;
    visuals.warn_fg_color = scheme.on_warning_container;
    visuals.error_fg_color = scheme.error;

    visuals.panel_fill = scheme.surface;
    visuals.faint_bg_color = scheme.surface_container_low;
    visuals.extreme_bg_color = scheme.surface_container_highest;
    visuals.code_bg_color = scheme.surface_container_high;

    visuals.window_fill = scheme.surface_container;
    visuals.window_stroke = Stroke::NONE;
    visuals.window_corner_radius = CornerRadius::same(28);
    visuals.menu_corner_radius = CornerRadius::same(4);
    visuals.window_shadow = POPUP_SHADOW;
    visuals.popup_shadow = POPUP_SHADOW;

    visuals.disabled_alpha = DISABLED_CONTENT;
    visuals.handle_shape = HandleShape::Circle;
    visuals.slider_trailing_fill = true;
    visuals.indent_has_left_vline = false;
    visuals
}

/// How much of a disabled part's text and icon is left.
pub(crate) const DISABLED_CONTENT: f32 = 0.38;

/// How far above the page something is, as three shadows.
///
/// The figures are those of Flutter's `kElevationToShadow`.
#[derive(Clone, Copy)]
pub(crate) struct Elevation([Level; 3]);

/// Offset downwards, blur, spread and darkness of one shadow.
type Level = (i8, u8, f32, u8);

impl Elevation {
    /// A floating button at rest.
    pub(crate) const SIX: Self = Self([(3, 5, -1.0, 51), (6, 10, 0.0, 36), (1, 18, 0.0, 31)]);

    /// A floating button that is about to be pressed.
    pub(crate) const EIGHT: Self = Self([(5, 5, -3.0, 51), (8, 10, 1.0, 36), (3, 14, 2.0, 31)]);

    /// What the part at `rect` casts on whatever is below it.
    pub(crate) fn shapes(self, rect: Rect, radius: u8) -> impl Iterator<Item = Shape> {
        self.0.into_iter().map(move |(offset, blur, spread, alpha)| {
            let shadow = Shadow {
                offset: [0, offset],
                // egui counts the whole of the soft edge, and the table half of it.
                blur: 2 * blur,
                spread: 0,
                color: Color32::from_black_alpha(alpha),
            };
            // egui knows no shadow smaller than what casts it.
            shadow.as_shape(rect.expand(spread), radius).into()
        })
    }
}

/// For menus and windows, where egui draws one shadow only: elevation three, summed up.
const POPUP_SHADOW: Shadow =
    Shadow { offset: [0, 3], blur: 10, spread: 0, color: Color32::from_black_alpha(64) };

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2, "contrast ratio".
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |color: Color32| {
            let [r, g, b, _] = egui::Rgba::from(color).to_array();
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn contrast_of_black_on_white_is_21() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    }

    #[test]
    fn text_can_be_read_on_what_it_stands_on() {
        for (name, s) in [("light", Scheme::LIGHT), ("dark", Scheme::DARK)] {
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
                ("selected text", s.on_surface, s.selection()),
            ];
            for surface in [
                s.surface,
                s.surface_container_lowest,
                s.surface_container_low,
                s.surface_container,
                s.surface_container_high,
                s.surface_container_highest,
            ] {
                pairs.extend([
                    ("on_surface", s.on_surface, surface),
                    ("on_surface_variant", s.on_surface_variant, surface),
                    ("primary as text", s.primary, surface),
                    ("error as text", s.error, surface),
                ]);
            }
            for (role, text, background) in pairs {
                let ratio = contrast(text, background);
                assert!(ratio >= 4.5, "{name}: {role}: {text:?} on {background:?} is {ratio:.2}");
            }
        }
    }

    #[test]
    fn text_stays_readable_under_the_state_layers() {
        for s in [Scheme::LIGHT, Scheme::DARK] {
            for (text, background) in [
                (s.on_primary_container, s.primary_container),
                (s.on_secondary_container, s.secondary_container),
                (s.primary, s.surface),
                (s.on_surface, s.surface_container_high),
            ] {
                let pressed = Scheme::layer(background, text, 0.10);
                assert!(contrast(text, pressed) >= 4.5, "{text:?} on {pressed:?}");
            }
        }
    }

    #[test]
    fn lines_and_focus_rings_can_be_seen() {
        for s in [Scheme::LIGHT, Scheme::DARK] {
            for line in [s.outline, s.secondary, s.primary, s.error] {
                for ground in [s.surface, s.surface_container, s.surface_container_high] {
                    assert!(contrast(line, ground) >= 3.0, "{line:?} on {ground:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_moves_by_itself() {
        let ctx = egui::Context::default();
        apply(&ctx);
        for theme in [Theme::Light, Theme::Dark] {
            assert!(!ctx.style_of(theme).visuals.text_cursor.blink);
        }
    }
}
