//! English, of ways to take events in.

use app_core::comparison::{
    Figure, Figures, MAX_COMPARED, MAX_SPAN, Measure, Subject, Swept, View, Way,
};

use crate::i18n::comparison::{ComparisonWords, group_list, short_value};
use crate::i18n::{group_digits, short_time};

pub(super) const WORDS: ComparisonWords = ComparisonWords {
    views: "View of the recording",
    view: |view| match view {
        View::Happened => "What happened",
        View::SideBySide => "Compare",
        View::OverRange => "Over a range",
        View::Marbles => "Marbles",
    },
    about_view: |view| match view {
        View::Happened => "What the app itself made of the events",
        View::SideBySide => {
            "The same events, taken into a frame loop in different ways. Real loops run here, and only the \
             clock and the screen are simulated."
        }
        View::OverRange => {
            "One parameter over its range, everything else as it is. Each value opens its runs."
        }
        View::Marbles => {
            "Events above, rebuilds below. Drag an event, or move the chosen one with the left and right \
             arrow keys (with Shift by 10 ms): the same code groups them anew."
        }
    },
    nothing: "No event has come yet. Try something above, then compare.",
    subject,
    assumed: |setup| {
        format!(
            "Assumed: a screen of {:.0} Hz; {} to build the page, {} for an event; a budget of {} a frame.",
            1.0 / setup.refresh.as_secs_f64(),
            short_time(setup.costs.build),
            short_time(setup.costs.event),
            short_time(setup.budget),
        )
    },
    take_button: ("Take these events", "Compares the events up to the moment that is shown"),
    follow_button: ("Follow", "Compares what is recorded live too, soon after it has come"),
    put_back_button: ("As recorded", "Puts back everything that was changed here"),
    save_button: ("Save drawing", "Saves what is drawn here as an SVG file"),
    running: "Running…",
    ways: "Ways",
    way: |way| match way {
        Way::StreamBuilder => "StreamBuilder",
        Way::DrainAll => "Drain all",
        Way::OneAFrame => "One a frame",
        Way::Polling => "Polling",
        Way::RepaintEach => "Repaint each",
    },
    about_way: |way| match way {
        Way::StreamBuilder => {
            "Takes events in until its budget is spent, then draws the newest: no frame without an event, and \
             none that is too long."
        }
        Way::DrainAll => {
            "Takes in all that there is, however long it takes: few frames, but a flood stops the page for one \
             of them."
        }
        Way::OneAFrame => {
            "Takes in one event in each frame, the commonest mistake: every event is drawn, and a burst is late \
             by one frame for each event before it."
        }
        Way::Polling => {
            "Looks 60 times a second whether something came: never late by much, but it draws all the time, and \
             most frames show nothing new."
        }
        Way::RepaintEach => {
            "Asks for a frame with each event and takes in all that there is: as many frames as draining all, \
             but one request for each event."
        }
    },
    events: |count| match count {
        1 => "1 event".to_owned(),
        count => format!("{} events", group_digits(count as u64)),
    },
    named: |name, text| format!("{name}: {text}"),
    summary,
    cut: |left_over| {
        format!(
            "Cut before its end: {} events were not taken in, and are in no figure.",
            group_digits(left_over as u64)
        )
    },
    moment: "Compared moment",
    on_screen: |at, event| match event {
        None => format!("{}: nothing on the screen", short_time(at)),
        Some(event) => {
            format!("{}: event {} on the screen", short_time(at), group_digits(event as u64))
        }
    },
    figures: "Figures",
    figure: |figure| match figure {
        Figure::Frames => "Frames",
        Figure::Rebuilds => "Rebuilds",
        Figure::NeverShown => "Never shown",
        Figure::NewestMedian => "Newest, median",
        Figure::NewestP99 => "Newest, 99 %",
        Figure::NewestMax => "Newest, longest",
        Figure::EveryMedian => "Every, median",
        Figure::EveryP99 => "Every, 99 %",
        Figure::EveryMax => "Every, longest",
        Figure::Cpu => "CPU in frames",
        Figure::LongestFrame => "Longest frame",
    },
    about_figure: |figure| match figure {
        Figure::Frames => "All frames, until 0.2 s after the last event was shown",
        Figure::Rebuilds => "Frames with something new",
        Figure::NeverShown => "Events that a newer one replaced before a frame showed them",
        Figure::NewestMedian | Figure::NewestP99 | Figure::NewestMax => {
            "From the arrival of an event that a frame shows until it is on the screen"
        }
        Figure::EveryMedian | Figure::EveryP99 | Figure::EveryMax => {
            "From the arrival of any event until it, or a newer one, is on the screen"
        }
        Figure::Cpu => "The processor's time in all frames",
        Figure::LongestFrame => "The longest time that one frame kept the page busy",
    },
    parameters: "Parameter",
    swept,
    parameter_at: |parameter, value| format!("{} {}", swept(parameter), short_value(value)),
    measures: "What is drawn",
    measure: |measure| match measure {
        Measure::Latency => "Longest latency",
        Measure::Rebuilds => "Rebuilds",
    },
    marble: |number, count, at| {
        format!(
            "Event {} of {}, at {}",
            group_digits(number as u64),
            group_digits(count as u64),
            short_time(at)
        )
    },
    marbles: "Event that is moved",
    previous_marble: ("‹ Previous", "Chooses the event before (arrow up)"),
    next_marble: ("Next ›", "Chooses the next event (arrow down)"),
    figures_of: |name, figures| {
        let figures: Vec<_> = figures
            .iter()
            .map(|(way, figure)| format!("{} {}", (WORDS.way)(*way), short_value(*figure)))
            .collect();
        format!("{name}: {}", figures.join(", "))
    },
    groups: |rebuilds| match rebuilds.len() {
        0 => "No rebuild".to_owned(),
        1 => format!("1 rebuild, of events {}", group_list(rebuilds, ", ")),
        count => format!(
            "{} rebuilds, of events {}",
            group_digits(count as u64),
            group_list(rebuilds, ", ")
        ),
    },
    drawing_title: |subject| format!("Ways to take events in: {}", subject_short(subject)),
};

fn swept(swept: Swept) -> &'static str {
    match swept {
        Swept::BurstSize => "Burst size",
        Swept::Budget => "Budget of a frame",
        Swept::EventCost => "Cost of an event",
        Swept::BuildCost => "Cost of a build",
    }
}

/// What is compared, in few words.
fn subject_short(subject: &Subject) -> String {
    let events = (WORDS.events)(subject.arrivals().len());
    match subject.point() {
        None => events,
        Some((Swept::BurstSize, _)) => format!("a burst of {events}"),
        Some((parameter, value)) => {
            let name = swept(parameter).to_lowercase();
            format!("{events}, {name} {}", short_value(value))
        }
    }
}

fn subject(subject: &Subject, newer: u64) -> String {
    let mut text = match subject.point() {
        None => {
            let events = (WORDS.events)(subject.arrivals().len());
            format!("Compared: {events} of the recording.")
        }
        Some(_) => format!("Compared: {}, instead of what was recorded.", subject_short(subject)),
    };
    if subject.is_moved() {
        text.push_str(" Some were moved.");
    }
    let recorded = subject.recorded();
    if recorded.left_out() > 0 && subject.point().is_none() {
        let (first, last) = recorded.numbers();
        text.push_str(&format!(
            " They are the recording's events {} to {}, and count from 1 here: at most {} within {} s are compared.",
            group_digits(first),
            group_digits(last),
            group_digits(MAX_COMPARED as u64),
            MAX_SPAN.as_secs(),
        ));
    }
    match newer {
        0 => {}
        1 => text.push_str(" 1 newer one is not among them."),
        newer => text.push_str(&format!(" {} newer ones are not among them.", group_digits(newer))),
    }
    text
}

fn summary(figures: &Figures) -> String {
    let Figures { frames, rebuilds, every, cpu, .. } = figures;
    format!(
        "{} frames, {} of them rebuilds; all events on the screen within {}; {} of CPU",
        group_digits(*frames as u64),
        group_digits(*rebuilds as u64),
        short_time(every.max),
        short_time(*cpu),
    )
}
