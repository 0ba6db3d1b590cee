//! When each event passed each stage, from the socket to the screen: one line for each event.

use std::time::Duration;

use egui::{Label, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::diagram::color;
use app_core::recording::{Moment, Rebuild, RecordedEvent, Recording};

use crate::i18n::{Words, short_time};
use material::{Scheme, Type, tooltip};

/// How many rebuilds are drawn.
const SHOWN: u64 = 8;

/// How many events of one rebuild are drawn: the first ones and the last, which is the one drawn on the page.
const EVENTS: u64 = 4;

/// Draws the latest rebuilds up to this moment, the newest first.
pub(super) fn show(ui: &mut Ui, words: &Words, recording: &Recording, moment: &Moment<'_>) {
    let newest = moment.totals.rebuilds;
    if newest == 0 {
        note_ui(ui, words.rebuilds.no_rebuild);
        return;
    }
    let mut later: Option<Rebuild> = None;
    for number in (newest.saturating_sub(SHOWN) + 1..=newest).rev() {
        let Some(rebuild) = recording.rebuild_seen(moment, number) else { break };
        if let Some(later) = later {
            let pause = later.frame.saturating_sub(rebuild.drawn.unwrap_or(rebuild.snapshot));
            note_ui(ui, &(words.rebuilds.pause_before)(pause, later.idle_frames));
            ui.add_space(8.0);
        }
        rebuild_ui(ui, words, recording, &rebuild);
        later = Some(rebuild);
    }
}

fn rebuild_ui(ui: &mut Ui, words: &Words, recording: &Recording, rebuild: &Rebuild) {
    let scheme = Scheme::of(ui);
    let heading =
        Type::BODY_MEDIUM.rich((words.rebuilds.rebuild)(rebuild)).color(scheme.on_surface);
    ui.add(Label::new(heading).wrap());
    let first_ones =
        rebuild.first_event..rebuild.last_event().min(rebuild.first_event + EVENTS - 1);
    let others: Vec<_> = first_ones.filter_map(|number| recording.event(number)).collect();
    let Some(newest) = recording.event(rebuild.last_event()) else { return };
    let events = || others.iter().chain([&newest]);
    let all_times =
        || events().flat_map(|event| rebuild.stage_times(event)).filter_map(|(_, at)| at);
    let (Some(first), Some(last)) = (all_times().min(), all_times().max()) else { return };
    let hidden = rebuild.events - events().count() as u64;
    for event in &others {
        event_ui(ui, words, rebuild, event, first, last);
    }
    if hidden > 0 {
        note_ui(ui, &(words.rebuilds.more_events)(hidden));
    }
    event_ui(ui, words, rebuild, &newest, first, last);
    note_ui(ui, &words.rebuilds.stage_times(rebuild, &newest));
    ui.add_space(12.0);
}

fn event_ui(
    ui: &mut Ui,
    words: &Words,
    rebuild: &Rebuild,
    event: &RecordedEvent<'_>,
    first: Duration,
    last: Duration,
) {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), EVENT_HEIGHT), Sense::hover());
    let scheme = Scheme::of(ui);
    let times = rebuild.stage_times(event);
    let known = || times.iter().filter_map(|(stage, at)| Some((*stage, (*at)?)));
    let took = known()
        .next_back()
        .zip(known().next())
        .map(|((_, end), (_, start))| end.saturating_sub(start))
        .unwrap_or_default();
    let (name, took) = ((words.rebuilds.event)(event), short_time(took));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {took}")));
    if !ui.is_rect_visible(rect) {
        return;
    }

    let painter = ui.painter();
    let font = Type::LABEL_MEDIUM.font();
    let name = painter.layout_no_wrap(name, font.clone(), scheme.on_surface_variant);
    let took = painter.layout_no_wrap(took, font, scheme.on_surface_variant);
    let text_top = |height: f32| rect.center().y - height / 2.0;
    painter.galley(pos2(rect.left(), text_top(name.size().y)), name, scheme.on_surface_variant);
    let right = rect.right() - took.size().x;
    painter.galley(pos2(right, text_top(took.size().y)), took, scheme.on_surface_variant);

    let room = Rect::from_min_max(
        pos2(rect.left() + NAME_WIDTH, rect.top()),
        pos2(rect.right() - TIME_WIDTH, rect.bottom()),
    );
    let span = last.saturating_sub(first).as_secs_f32();
    let place = |at: Duration| -> Pos2 {
        let part = if span > 0.0 { at.saturating_sub(first).as_secs_f32() / span } else { 0.0 };
        pos2(egui::lerp(room.left()..=room.right(), part), room.center().y)
    };
    let track = Stroke::new(1.0, scheme.outline_variant);
    painter.line_segment([room.left_center(), room.right_center()], track);
    let mut before: Option<Pos2> = None;
    for (stage, at) in known() {
        let here = place(at);
        if let Some(before) = before {
            painter.line_segment([before, here], Stroke::new(3.0, color(&scheme, stage)));
        }
        before = Some(here);
    }
    for (stage, at) in known() {
        painter.circle_filled(place(at), 4.0, color(&scheme, stage));
    }
    if response.hovered() {
        tooltip(&response, &words.rebuilds.stage_times(rebuild, event));
    }
}

fn note_ui(ui: &mut Ui, note: &str) {
    let color = Scheme::of(ui).on_surface_variant;
    ui.add(Label::new(Type::BODY_SMALL.rich(note).color(color)).wrap());
}

const EVENT_HEIGHT: f32 = 20.0;
const NAME_WIDTH: f32 = 92.0;
const TIME_WIDTH: f32 = 60.0;
