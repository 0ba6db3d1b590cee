//! The stages that an event passes, what each of them has counted, and where the newest event is.

use egui::{
    Color32, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use app_core::recording::{Moment, Stage, StreamState};

use crate::i18n::{Words, stream_state};
use material::{Scheme, Type, tooltip};

/// Draws it, as wide as there is room.
pub(super) fn show(ui: &mut Ui, words: &Words, moment: &Moment<'_>) {
    let room = ui.available_width();
    // In two rows where the names would have no room in one.
    let in_row = if room < TWO_ROWS { Stage::ALL.len() / 2 } else { Stage::ALL.len() };
    let rows = Stage::ALL.chunks(in_row);
    let count = in_row as f32;
    let height = rows.len() as f32 * HEIGHT;
    let (whole, _) = ui.allocate_exact_size(vec2(room, height), Sense::hover());
    // A second row begins with the arrow that leads to it.
    let before = if rows.len() > 1 { ARROW } else { 0.0 };
    let arrows = before + ARROW * (count - 1.0);
    let width = ((whole.width() - arrows) / count).min(MAX_WIDTH).floor();
    let here = moment.newest.map(|(stage, number)| (stage, format!("#{number}")));
    for (row, stages) in rows.enumerate() {
        let top = whole.top() + row as f32 * HEIGHT + MARKER_HEIGHT;
        let mut left = whole.left() + before;
        for (at, stage) in stages.iter().enumerate() {
            let size = vec2(width, HEIGHT - MARKER_HEIGHT);
            let rect = Rect::from_min_size(pos2(left, top), size);
            let marker = here.as_ref().filter(|(there, _)| there == stage).map(|(_, text)| text);
            stage_ui(ui, words, moment, *stage, rect, marker.map(String::as_str));
            if row + at > 0 {
                arrow(ui, pos2(left - ARROW, rect.center().y));
            }
            left += width + ARROW;
        }
    }
}

fn stage_ui(
    ui: &mut Ui,
    words: &Words,
    moment: &Moment<'_>,
    stage: Stage,
    rect: Rect,
    event: Option<&str>,
) {
    let scheme = Scheme::of(ui);
    let totals = moment.totals;
    let stream = moment.state.map_or(StreamState::None, |state| state.stream);
    let figure = match stage {
        Stage::Socket => moment.arrived.to_string(),
        Stage::Mailbox => moment.waiting.to_string(),
        Stage::Waker => totals.wakes.to_string(),
        Stage::Frame => totals.frames.to_string(),
        Stage::Snapshot => stream_state(stream).to_owned(),
        Stage::Screen => totals.rebuilds.to_string(),
    };
    let response = ui.interact(rect, ui.scope_id().with(("stage", stage)), Sense::hover());
    let said = (words.rebuilds.stage_figure)(stage, &figure);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    tooltip(&response, &said);

    let (fill, content) = match event {
        Some(_) => (scheme.primary_container, scheme.on_primary_container),
        None => (scheme.surface_container_high, scheme.on_surface),
    };
    let painter = ui.painter();
    painter.rect(rect, 8, fill, Stroke::new(1.0, scheme.outline_variant), StrokeKind::Inside);
    painter.circle_filled(rect.center_top() + vec2(0.0, 10.0), 4.0, color(&scheme, stage));
    centered(ui, &figure, Type::BODY_MEDIUM, rect.center() + vec2(0.0, 2.0), content);
    let name_at = rect.center_bottom() - vec2(0.0, 11.0);
    centered(ui, (words.rebuilds.stage)(stage), Type::LABEL_MEDIUM, name_at, content);
    if let Some(event) = event {
        let at = rect.center_top() - vec2(0.0, MARKER_HEIGHT / 2.0 + 1.0);
        centered(ui, event, Type::LABEL_MEDIUM, at, scheme.on_surface);
    }
}

/// The colour of a stage, in the diagram and in the timeline.
pub(super) fn color(scheme: &Scheme, stage: Stage) -> Color32 {
    match stage {
        Stage::Socket => scheme.outline,
        Stage::Mailbox => scheme.on_warning_container,
        Stage::Waker => scheme.error,
        Stage::Frame => scheme.secondary,
        Stage::Snapshot => scheme.on_success_container,
        Stage::Screen => scheme.primary,
    }
}

fn centered(ui: &Ui, text: &str, size: Type, center: Pos2, color: Color32) {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), size.font(), color);
    ui.painter().galley(center - galley.size() / 2.0, galley, color);
}

fn arrow(ui: &Ui, left: Pos2) {
    let color = Scheme::of(ui).on_surface_variant;
    let tip = left + vec2(ARROW - 2.0, 0.0);
    let tail = left + vec2(2.0, 0.0);
    let barb = 4.0;
    ui.painter().line_segment([tail, tip], Stroke::new(1.5, color));
    let points = vec![tip, tip - vec2(barb, barb), tip - vec2(barb, -barb)];
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// Above the stages, where the number of an event stands.
const MARKER_HEIGHT: f32 = 18.0;
const HEIGHT: f32 = MARKER_HEIGHT + 60.0;
const ARROW: f32 = 16.0;
/// Below this width the stages stand in two rows.
const TWO_ROWS: f32 = 520.0;
const MAX_WIDTH: f32 = 96.0;
