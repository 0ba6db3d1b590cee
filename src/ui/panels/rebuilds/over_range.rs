//! The ways over the range of one parameter: a plot, in which each value opens its runs.

use std::time::Duration;

use app_core::ComparisonMsg;
use app_core::comparison::{Compared, Comparison, Measure, Subject, Sweep, Swept, Value, Way};
use egui::{Color32, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::GAP;
use super::views::{choices_ui, note_ui, ways_ui};
use crate::i18n::{Words, short_value};
use material::{Scheme, Type, tooltip};

/// Draws it, and returns what the person did.
pub(super) fn show(
    ui: &mut Ui,
    words: &Words,
    comparison: &Comparison,
    subject: &Subject,
    compared: &Compared,
) -> Vec<ComparisonMsg> {
    let said = &words.comparison;
    let (now, measure) = (comparison.swept(), comparison.measure());
    let parameters = Swept::ALL.map(|swept| (swept, (said.swept)(swept), swept == now));
    let varied = choices_ui(ui, said.parameters, &parameters).map(ComparisonMsg::Vary);
    let measures = Measure::ALL.map(|it| (it, (said.measure)(it), it == measure));
    let measured = choices_ui(ui, said.measures, &measures).map(ComparisonMsg::Measure);
    let toggled = ways_ui(ui, words, comparison.ways()).map(ComparisonMsg::ToggleWay);
    let mut msgs: Vec<_> = [varied, measured, toggled].into_iter().flatten().collect();
    ui.add_space(GAP / 2.0);
    match compared.sweep.as_ref().filter(|sweep| sweep.swept == now) {
        Some(sweep) => {
            let opened = subject.point().filter(|(swept, _)| *swept == now);
            let plot = Plot { words, sweep, measure, opened: opened.map(|(_, value)| value) };
            msgs.extend(plot.show(ui).map(ComparisonMsg::Open));
            legend_ui(ui, words, &sweep.ways);
        }
        None if compared.is_running => {
            note_ui(ui, Type::BODY_MEDIUM, said.running);
        }
        None => {}
    }
    msgs
}

struct Plot<'a> {
    words: &'a Words,
    sweep: &'a Sweep,
    measure: Measure,
    /// The value whose runs are open.
    opened: Option<Value>,
}

impl Plot<'_> {
    fn show(&self, ui: &mut Ui) -> Option<Value> {
        let size = vec2(ui.available_width(), HEIGHT);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let room = Rect::from_min_max(
            rect.min + vec2(LEFT, 8.0),
            rect.max - vec2(4.0, Type::LABEL_MEDIUM.line_height + 6.0),
        );
        let scale = Scale::over(self.sweep, self.measure);
        self.grid_ui(ui, room, &scale);
        let opened = self.columns_ui(ui, room);
        self.lines_ui(ui, room, &scale);
        opened
    }

    fn x(&self, room: Rect, number: usize) -> f32 {
        let width = room.width() / self.sweep.points.len().max(1) as f32;
        room.left() + width * (number as f32 + 0.5)
    }

    /// Lines across, at each power of ten, and what they stand for.
    fn grid_ui(&self, ui: &Ui, room: Rect, scale: &Scale) {
        let scheme = Scheme::of(ui);
        let font = Type::LABEL_MEDIUM.font();
        for power in scale.least..=scale.most {
            let y = scale.y(room, f64::from(power));
            ui.painter().hline(room.x_range(), y, Stroke::new(1.0, scheme.outline_variant));
            let text = short_value(scale.value(power));
            let galley = ui.painter().layout_no_wrap(text, font.clone(), scheme.on_surface_variant);
            let at = pos2(room.left() - 6.0 - galley.size().x, y - galley.size().y / 2.0);
            ui.painter().galley(at, galley, scheme.on_surface_variant);
        }
    }

    /// A column for each value: what is pressed, has the keyboard, and is heard.
    fn columns_ui(&self, ui: &mut Ui, room: Rect) -> Option<Value> {
        let scheme = Scheme::of(ui);
        let swept = self.sweep.swept;
        let width = room.width() / self.sweep.points.len().max(1) as f32;
        let mut pressed = None;
        let mut end = f32::NEG_INFINITY;
        for (number, (value, figures)) in self.sweep.points.iter().enumerate() {
            let center = pos2(self.x(room, number), room.center().y);
            let column = Rect::from_center_size(center, vec2(width, room.height()));
            let id = ui.scope_id().with(("value", swept, number));
            let response = ui.interact(column, id, Sense::click());
            let name = (self.words.comparison.parameter_at)(swept, *value);
            let figures = self.sweep.ways.iter().zip(figures);
            let figures: Vec<_> =
                figures.map(|(way, figures)| (*way, self.measure.of(figures))).collect();
            let said = (self.words.comparison.figures_of)(&name, &figures);
            let is_open = self.opened == Some(*value);
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_open, &said));
            let (fill, border) = if is_open {
                (scheme.primary_container, scheme.container_stroke())
            } else if response.hovered() || response.has_focus() {
                (scheme.surface_container_high, Stroke::NONE)
            } else {
                (Color32::TRANSPARENT, Stroke::NONE)
            };
            ui.painter().rect(column, 4, fill, border, egui::StrokeKind::Inside);
            if response.has_focus() {
                let stroke = Stroke::new(2.0, scheme.secondary);
                ui.painter().rect_stroke(column, 4, stroke, egui::StrokeKind::Inside);
                if response.gained_focus() {
                    response.scroll_to_me(None);
                }
            }
            if response.clicked() {
                pressed = Some(*value);
            }
            tooltip(&response, &said);

            let text = short_value(*value);
            let font = Type::LABEL_MEDIUM.font();
            let galley = ui.painter().layout_no_wrap(text, font, scheme.on_surface_variant);
            let left = center.x - galley.size().x / 2.0;
            if left >= end && left + galley.size().x <= ui.max_rect().right() {
                end = left + galley.size().x + 6.0;
                ui.painter().galley(
                    pos2(left, room.bottom() + 6.0),
                    galley,
                    scheme.on_surface_variant,
                );
            }
        }
        pressed
    }

    fn lines_ui(&self, ui: &Ui, room: Rect, scale: &Scale) {
        let scheme = Scheme::of(ui);
        // The first one lies on top.
        for (at, way) in self.sweep.ways.iter().enumerate().rev() {
            let color = color(&scheme, *way);
            // Ways that come to the same stand beside one another.
            let aside = (at as f32 - (self.sweep.ways.len() as f32 - 1.0) / 2.0) * 3.0;
            let points: Vec<Pos2> = (self.sweep.points.iter().enumerate())
                .filter_map(|(number, (_, figures))| {
                    let power = Scale::power(self.measure.of(figures.get(at)?));
                    Some(pos2(self.x(room, number) + aside, scale.y(room, power)))
                })
                .collect();
            ui.painter().line(points.clone(), Stroke::new(1.5, color));
            for point in points {
                mark_ui(ui, *way, point);
            }
        }
    }
}

/// Figures by their powers of ten.
struct Scale {
    measure: Measure,
    least: i32,
    most: i32,
}

impl Scale {
    fn over(sweep: &Sweep, measure: Measure) -> Self {
        let figures = sweep.points.iter().flat_map(|(_, figures)| figures);
        let powers: Vec<f64> = figures.map(|figures| Self::power(measure.of(figures))).collect();
        let least = powers.iter().copied().fold(f64::INFINITY, f64::min).floor();
        let most = powers.iter().copied().fold(f64::NEG_INFINITY, f64::max).ceil();
        #[expect(clippy::cast_possible_truncation, reason = "no time has more than 30 digits")]
        let (least, most) = (least.clamp(-9.0, 20.0) as i32, most.clamp(-9.0, 20.0) as i32);
        Self { measure, least, most: most.max(least + 1) }
    }

    /// Of a count, or of a time in seconds.
    fn power(value: Value) -> f64 {
        match value {
            Value::Count(count) => (count.max(1) as f64).log10(),
            Value::Time(time) => time.as_secs_f64().max(1e-9).log10(),
        }
    }

    fn value(&self, power: i32) -> Value {
        let value = 10_f64.powi(power);
        match self.measure {
            Measure::Latency => {
                Value::Time(Duration::try_from_secs_f64(value).unwrap_or(Duration::MAX))
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is a power of ten"
            )]
            Measure::Rebuilds => Value::Count(value as usize),
        }
    }

    fn y(&self, room: Rect, power: f64) -> f32 {
        let share = (power - f64::from(self.least)) / f64::from(self.most - self.least);
        #[expect(clippy::cast_possible_truncation, reason = "it is a share of the height")]
        let share = share as f32;
        egui::lerp(room.bottom()..=room.top(), share)
    }
}

/// Which mark is which way. The names are heard with the values.
fn legend_ui(ui: &mut Ui, words: &Words, ways: &[Way]) {
    const MARK: f32 = 16.0;

    let color = Scheme::of(ui).on_surface_variant;
    let font = Type::BODY_SMALL.font();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(16.0, 0.0);
        for way in ways {
            let name = (words.comparison.way)(*way).to_owned();
            let galley = ui.painter().layout_no_wrap(name, font.clone(), color);
            let size = vec2(MARK + galley.size().x, 20.0);
            let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
            mark_ui(ui, *way, rect.left_center() + vec2(5.0, 0.0));
            let top = rect.center().y - galley.size().y / 2.0;
            ui.painter().galley(pos2(rect.left() + MARK, top), galley, color);
        }
    });
}

fn color(scheme: &Scheme, way: Way) -> Color32 {
    match way {
        Way::StreamBuilder => scheme.primary,
        Way::DrainAll => scheme.on_success_container,
        Way::OneAFrame => scheme.error,
        Way::Polling => scheme.on_warning_container,
        Way::RepaintEach => scheme.outline,
    }
}

/// Each way has a shape too, for who does not see its colour.
fn mark_ui(ui: &Ui, way: Way, at: Pos2) {
    const HALF: f32 = 4.0;

    let color = color(&Scheme::of(ui), way);
    let painter = ui.painter();
    let shape = |points: Vec<Pos2>| {
        painter.add(egui::Shape::convex_polygon(points, color, Stroke::NONE));
    };
    match way {
        Way::StreamBuilder => {
            painter.circle_filled(at, HALF, color);
        }
        Way::DrainAll => {
            let (across, down) = (vec2(HALF, 0.0), vec2(0.0, HALF));
            shape(vec![at - down, at + across, at + down, at - across]);
        }
        Way::OneAFrame => {
            painter.rect_filled(Rect::from_center_size(at, vec2(7.0, 7.0)), 0, color);
        }
        Way::Polling => {
            shape(vec![at + vec2(0.0, -HALF), at + vec2(HALF, HALF), at + vec2(-HALF, HALF)]);
        }
        Way::RepaintEach => {
            painter.circle_stroke(at, HALF - 0.5, Stroke::new(1.5, color));
        }
    }
}

const HEIGHT: f32 = 240.0;
/// Where what the lines stand for is written.
const LEFT: f32 = 48.0;
