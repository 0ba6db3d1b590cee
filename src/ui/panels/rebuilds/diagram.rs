//! The parts on the way of an event, what each of them has counted, and where the newest event is.

use egui::{
    Color32, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::Sight;
use crate::i18n::Language;
use crate::trace::{Kind, Station};
use material::{Scheme, Type, tooltip};

/// Draws it, as wide as there is room.
pub(super) fn show(ui: &mut Ui, language: Language, sight: &Sight<'_>) {
    let stations = Station::ALL;
    let count = stations.len() as f32;
    let (whole, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let width = ((whole.width() - ARROW * (count - 1.0)) / count).min(MAX_WIDTH);
    let here = newest(sight);
    let mut left = whole.left();
    for (at, station) in stations.into_iter().enumerate() {
        let corner = pos2(left, whole.top() + PILL);
        let rect = Rect::from_min_size(corner, vec2(width, HEIGHT - PILL));
        let pill = here.as_ref().filter(|(there, _)| *there == station).map(|(_, text)| text);
        station_ui(ui, language, sight, station, rect, pill.map(String::as_str));
        if at > 0 {
            arrow(ui, pos2(left - ARROW, rect.center().y));
        }
        left += width + ARROW;
    }
}

/// The newest event, and how far it has come.
fn newest(sight: &Sight<'_>) -> Option<(Station, String)> {
    let events = sight.trace.totals().events;
    if sight.waiting > 0 {
        // The first of those that wait is the next.
        return Some((Station::Mailbox, format!("#{}", events + 1)));
    }
    let rebuild = sight.trace.rebuilds().next_back()?;
    let lane = rebuild.lanes.last()?;
    // An end is nothing to be drawn.
    let station = if lane.kind == Kind::Done { Station::Snapshot } else { Station::Screen };
    Some((station, format!("#{}", lane.number)))
}

fn station_ui(
    ui: &mut Ui,
    language: Language,
    sight: &Sight<'_>,
    station: Station,
    rect: Rect,
    event: Option<&str>,
) {
    let scheme = Scheme::of(ui);
    let totals = sight.trace.totals();
    let figure = match station {
        Station::Socket => sight.arrived.to_string(),
        Station::Mailbox => sight.waiting.to_string(),
        Station::Waker => totals.wakes.to_string(),
        Station::Frame => totals.frames.to_string(),
        Station::Snapshot => language.connection_state(sight.connection).to_owned(),
        Station::Screen => totals.rebuilds.to_string(),
    };
    let response = ui.interact(rect, ui.scope_id().with(("station", station)), Sense::hover());
    let said = language.station_figure(station, &figure);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    tooltip(&response, &said);

    let (fill, content) = match event {
        Some(_) => (scheme.primary_container, scheme.on_primary_container),
        None => (scheme.surface_container_high, scheme.on_surface),
    };
    let painter = ui.painter();
    painter.rect(rect, 8, fill, Stroke::new(1.0, scheme.outline_variant), StrokeKind::Inside);
    painter.circle_filled(rect.center_top() + vec2(0.0, 10.0), 4.0, color(scheme, station));
    centered(ui, &figure, Type::BODY_MEDIUM, rect.center() + vec2(0.0, 2.0), content);
    let name_at = rect.center_bottom() - vec2(0.0, 11.0);
    centered(ui, language.station(station), Type::LABEL_MEDIUM, name_at, content);
    if let Some(event) = event {
        let at = rect.center_top() - vec2(0.0, PILL / 2.0 + 1.0);
        centered(ui, event, Type::LABEL_MEDIUM, at, scheme.on_surface);
    }
}

/// By which a place is known in the diagram and in the lanes.
pub(super) fn color(scheme: &Scheme, station: Station) -> Color32 {
    match station {
        Station::Socket => scheme.outline,
        Station::Mailbox => scheme.on_warning_container,
        Station::Waker => scheme.error,
        Station::Frame => scheme.secondary,
        Station::Snapshot => scheme.on_success_container,
        Station::Screen => scheme.primary,
    }
}

fn centered(ui: &Ui, text: &str, size: Type, center: Pos2, color: Color32) {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), size.font(), color);
    ui.painter().galley(center - galley.size() / 2.0, galley, color);
}

fn arrow(ui: &Ui, left: Pos2) {
    let color = Scheme::of(ui).outline;
    let tip = left + vec2(ARROW - 2.0, 0.0);
    let tail = left + vec2(2.0, 0.0);
    let barb = 3.0;
    ui.painter().line_segment([tail, tip], Stroke::new(1.0, color));
    let points = vec![tip, tip - vec2(barb, barb), tip - vec2(barb, -barb)];
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// Above the parts, where the number of an event stands.
const PILL: f32 = 18.0;
const HEIGHT: f32 = PILL + 60.0;
const ARROW: f32 = 8.0;
const MAX_WIDTH: f32 = 96.0;
