//! What went through the connection, in figures and at a glance.

use app_core::Model;
use app_core::statistics::{MAX_RATES, Rate, Statistics, Traffic};
use egui::{Align, Id, Label, Layout, Ui, vec2};
use material::{Bars, Scheme, Section, Type};

use super::{body_ui, small_ui};
use crate::i18n::Words;

/// How many round trips are shown: as many bars as can be told apart.
const SHOWN: usize = 60;

pub(super) fn traffic_ui(ui: &mut Ui, model: &Model, words: &Words) {
    let statistics = model.statistics();
    let summary = (words.sheet.traffic_summary)(model.gone_out(), statistics);
    let section = Section::new(Id::unique("traffic"), words.sheet.traffic_title);
    let is_wide = ui.ctx().content_rect().width() >= crate::ui::page::TWO_COLUMNS;
    section.summary(&summary).starts_open(is_wide).show(ui, |ui| {
        body_ui(ui, &(words.sheet.sent)(model.gone_out()));
        body_ui(ui, &(words.sheet.received)(statistics.received()));
        ui.add_space(12.0);
        round_trips_ui(ui, statistics, words);
        rates_ui(ui, statistics, words);
    });
}

fn round_trips_ui(ui: &mut Ui, statistics: &Statistics, words: &Words) {
    let title = words.sheet.round_trips_title;
    let quantile = |part| statistics.round_trip_quantile(part);
    let (Some(half), Some(most)) = (quantile(0.5), quantile(0.99)) else {
        caption_ui(ui, title, "");
        small_ui(ui, words.sheet.no_round_trips);
        return;
    };
    let count = statistics.round_trips().len();
    let trips: Vec<_> = statistics.round_trips().skip(count.saturating_sub(SHOWN)).collect();
    let longest = trips.iter().copied().max().unwrap_or_default();
    caption_ui(ui, title, &(words.sheet.longest)(longest));
    let figures: Vec<f32> = trips.iter().map(std::time::Duration::as_secs_f32).collect();
    let said = (words.sheet.round_trips)(count, half, most);
    bars_ui(ui, title, &said, Bars::new(title, &figures).slots(SHOWN));
}

fn rates_ui(ui: &mut Ui, statistics: &Statistics, words: &Words) {
    let minute = statistics.last_minute();
    let busiest = minute.iter().flat_map(|rate| [rate.sent, rate.received]);
    let Some(busiest) = busiest.max_by_key(|traffic| traffic.messages) else { return };
    ui.add_space(12.0);
    let title = words.sheet.rates_title;
    caption_ui(ui, title, &(words.sheet.busiest)(busiest));
    let figures = |way: fn(&Rate) -> Traffic| -> Vec<f32> {
        minute.iter().map(|rate| way(rate).messages as f32).collect()
    };
    let (sent, received) = (figures(|rate| rate.sent), figures(|rate| rate.received));
    let bars = Bars::new(title, &sent).below(&received).slots(MAX_RATES);
    bars_ui(ui, title, words.sheet.rates, bars);
}

/// A plot, with what it shows in words: below it, and tied to it for those who hear it.
fn bars_ui(ui: &mut Ui, title: &str, said: &str, bars: Bars<'_>) {
    let plot = ui.add(bars);
    ui.ctx().accesskit_node_builder(plot.id, |node| {
        node.set_label(title);
        node.set_description(said);
    });
    ui.add_space(4.0);
    small_ui(ui, said);
}

/// Above a plot: what it shows, and what its edge stands for.
fn caption_ui(ui: &mut Ui, title: &str, edge: &str) {
    const HEIGHT: f32 = 24.0;

    let scheme = Scheme::of(ui);
    let size = vec2(ui.available_width(), HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_height(HEIGHT);
        let edge = Type::BODY_SMALL.rich(edge).color(scheme.on_surface_variant);
        ui.add(Label::new(edge).selectable(false).extend());
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let title = Type::BODY_MEDIUM.rich(title).color(scheme.on_surface);
            ui.add(Label::new(title).selectable(false).truncate());
        });
    });
}
