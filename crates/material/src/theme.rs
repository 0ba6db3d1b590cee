//! The type sizes of Material 3, and plain egui widgets dressed to match them and the colours.

use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Rect, RichText, Shadow, Shape,
    Stroke, Style, TextStyle, Theme, Vec2, Visuals,
    epaint::{FontColorTransferFunction, TextOptions},
    style::{HandleShape, ScrollAnimation, ScrollFadeStyle, ScrollStyle, Selection, WidgetVisuals},
};

use crate::scheme;
pub use crate::scheme::{Look, Scheme, SystemColors};
use crate::still_wheel::StillWheel;

/// Makes every widget of `ctx` look like Material 3, in the system's light or dark theme.
///
/// Call it once, before the first frame. A switch in the app may override the theme afterwards,
/// with [`egui::Context::set_theme`].
pub fn apply(ctx: &Context) {
    ctx.add_plugin(StillWheel);
    set_look(ctx, Look::default());
    ctx.set_theme(egui::ThemePreference::System);
    // Where the system doesn't say, Flutter is light, and egui would be dark.
    ctx.options_mut(|options| options.fallback_theme = Theme::Light);
}

/// Gives both themes of `ctx` what the person needs of them, from the next frame on.
pub fn set_look(ctx: &Context, look: Look) {
    scheme::keep(ctx, look);
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_style_of(theme, style(theme, &scheme::of_theme(ctx, theme), look.is_still));
    }
}

/// What was last given to [`set_look`].
pub fn look(ctx: &Context) -> Look {
    scheme::look(ctx)
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

    /// How far it is from one line to the next, in points.
    pub const fn line_height(self) -> f32 {
        self.line_height
    }

    /// `text` in this size, for labels.
    pub fn rich(self, text: impl Into<String>) -> RichText {
        RichText::new(text).font(self.font()).line_height(Some(self.line_height))
    }
}

fn style(theme: Theme, scheme: &Scheme, is_still: bool) -> Style {
    let mut style = Style {
        visuals: visuals(theme, scheme),
        // Long enough to take the edge off a menu's appearance, short enough to never wait for.
        animation_time: if is_still { 0.0 } else { 0.1 },
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
        dormant_handle_opacity: if scheme.has_outlines() { 1.0 } else { 0.4 },
        foreground_color: scheme.has_outlines() || ScrollStyle::floating().foreground_color,
        fade: ScrollFadeStyle { strength: 0.0, ..ScrollFadeStyle::default() },
        ..ScrollStyle::floating()
    };

    style.interaction.tooltip_delay = 0.3;
    style
}

fn visuals(theme: Theme, scheme: &Scheme) -> Visuals {
    let mut visuals = theme.default_visuals();
    text(theme, &mut visuals.text_options);

    let at_rest = WidgetVisuals {
        bg_fill: scheme.surface_container_highest,
        weak_bg_fill: scheme.surface_container_high,
        bg_stroke: scheme.container_stroke(),
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
        Selection { bg_fill: scheme.selection, stroke: Stroke::new(1.0, scheme.on_surface) };
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
    visuals.window_stroke = scheme.container_stroke();
    visuals.window_corner_radius = CornerRadius::same(28);
    visuals.menu_corner_radius = CornerRadius::same(4);
    visuals.window_shadow = POPUP_SHADOW;
    visuals.popup_shadow = POPUP_SHADOW;

    visuals.disabled_alpha = if scheme.has_outlines() { 0.6 } else { DISABLED_CONTENT };
    visuals.handle_shape = HandleShape::Circle;
    visuals.slider_trailing_fill = true;
    visuals.indent_has_left_vline = false;
    visuals
}

/// How glyphs become pixels. Their outlines stay as they were designed: grid-fitted (hinted) ones differ in weight from
/// size to size where pixels are large, are not told apart where pixels are small, and running each glyph's program is
/// a good part of what the first frame takes in a browser. What is then too pale, dark on light, gets darker instead.
fn text(theme: Theme, options: &mut TextOptions) {
    options.font_hinting = false;
    if theme == Theme::Light {
        options.color_transfer_function = FontColorTransferFunction::Gamma(0.7);
    }
}

/// How much of a disabled part's text and icon is left.
const DISABLED_CONTENT: f32 = 0.38;

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

    #[test]
    fn nothing_moves_by_itself() {
        let ctx = Context::default();
        apply(&ctx);
        for theme in [Theme::Light, Theme::Dark] {
            assert!(!ctx.style_of(theme).visuals.text_cursor.blink);
        }
    }

    #[test]
    fn who_wants_no_motion_gets_none() {
        let ctx = Context::default();
        apply(&ctx);
        let moves = |ctx: &Context| {
            [Theme::Light, Theme::Dark].map(|theme| ctx.style_of(theme).animation_time > 0.0)
        };
        assert_eq!(moves(&ctx), [true, true]);
        set_look(&ctx, Look { is_still: true, ..Look::default() });
        assert_eq!(moves(&ctx), [false, false]);
        for theme in [Theme::Light, Theme::Dark] {
            assert_eq!(ctx.style_of(theme).scroll_animation, ScrollAnimation::none());
        }
    }

    #[test]
    fn a_look_reaches_the_widgets_and_goes_again() {
        let ctx = Context::default();
        apply(&ctx);
        let grounds = |ctx: &Context| {
            [Theme::Light, Theme::Dark].map(|theme| {
                let ground = scheme::of_theme(ctx, theme).surface;
                assert_eq!(ctx.style_of(theme).visuals.panel_fill, ground);
                ground
            })
        };
        let ordinary = [Scheme::LIGHT.surface, Scheme::DARK.surface];
        assert_eq!(grounds(&ctx), ordinary);
        set_look(&ctx, Look { more_contrast: true, ..Look::default() });
        assert_eq!(grounds(&ctx), [Color32::WHITE, Color32::BLACK]);
        set_look(&ctx, Look::default());
        assert_eq!(grounds(&ctx), ordinary);
    }
}
