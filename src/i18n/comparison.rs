//! What is said of ways to take events in, beside one another.

use std::time::Duration;

use app_core::comparison::{Figure, Figures, Measure, Setup, Subject, Swept, Value, View, Way};

use crate::i18n::{group_digits, short_time};

/// What is said of ways to take events in, beside one another. A button has its words, and what it does.
pub struct ComparisonWords {
    /// What the views are of.
    pub views: &'static str,
    /// A view.
    pub view: fn(View) -> &'static str,
    /// What is to be seen in a view, and done there.
    pub about_view: fn(View) -> &'static str,
    /// There is nothing to compare.
    pub nothing: &'static str,
    /// What is compared, and how many newer ones are not.
    pub subject: fn(&Subject, newer: u64) -> String,
    /// What work costs in it.
    pub assumed: fn(&Setup) -> String,
    /// The button that compares the events up to the moment that is shown.
    pub take_button: (&'static str, &'static str),
    /// The switch that has the newest events compared as they come.
    pub follow_button: (&'static str, &'static str),
    /// The button that undoes what was changed.
    pub put_back_button: (&'static str, &'static str),
    /// The button that saves a drawing.
    pub save_button: (&'static str, &'static str),
    /// Before the first run is done.
    pub running: &'static str,
    /// The ways as a choice.
    pub ways: &'static str,
    /// A way.
    pub way: fn(Way) -> &'static str,
    /// What a way does, and what it costs.
    pub about_way: fn(Way) -> &'static str,
    /// The line of the events.
    pub events: fn(count: usize) -> String,
    /// Something with what is said of it.
    pub named: fn(name: &str, text: &str) -> String,
    /// What a run comes to.
    pub summary: fn(&Figures) -> String,
    /// A run was cut before it was over: how many events it had not taken in.
    pub cut: fn(left_over: usize) -> String,
    /// What the moment is called of which lanes tell.
    pub moment: &'static str,
    /// What a screen showed: nothing, or an event, by its number.
    pub on_screen: fn(at: Duration, event: Option<usize>) -> String,
    /// The heading of the figures.
    pub figures: &'static str,
    /// A figure.
    pub figure: fn(Figure) -> &'static str,
    /// What is measured by a figure.
    pub about_figure: fn(Figure) -> &'static str,
    /// The parameters as a choice.
    pub parameters: &'static str,
    /// A parameter.
    pub swept: fn(Swept) -> &'static str,
    /// A parameter with one of its values.
    pub parameter_at: fn(Swept, Value) -> String,
    /// What is drawn of it, as a choice.
    pub measures: &'static str,
    /// What is drawn.
    pub measure: fn(Measure) -> &'static str,
    /// A marble: its number and when it arrives.
    pub marble: fn(number: usize, count: usize, at: Duration) -> String,
    /// What the line of marbles is called.
    pub marbles: &'static str,
    /// To the marble before.
    pub previous_marble: (&'static str, &'static str),
    /// To the next marble.
    pub next_marble: (&'static str, &'static str),
    /// Something, with the figure of each way.
    pub figures_of: fn(name: &str, figures: &[(Way, Value)]) -> String,
    /// Which events each rebuild took in: the first and the last of them, counted from 1.
    pub groups: fn(rebuilds: &[(usize, usize)]) -> String,
    /// What a drawing shows.
    pub drawing_title: fn(&Subject) -> String,
}

/// A count, or a time in the unit that suits it.
pub fn short_value(value: Value) -> String {
    match value {
        Value::Count(count) => group_digits(count as u64),
        Value::Time(time) => short_time(time),
    }
}

/// Events from one to another, of which some rebuilds are listed.
pub(super) fn group_list(rebuilds: &[(usize, usize)], comma: &str) -> String {
    /// More are too many to be heard.
    const LISTED: usize = 12;

    let group = |(first, last): &(usize, usize)| {
        if first == last { format!("{first}") } else { format!("{first}–{last}") }
    };
    let mut groups: Vec<_> = rebuilds.iter().take(LISTED).map(group).collect();
    if rebuilds.len() > LISTED {
        groups.push("…".to_owned());
    }
    groups.join(comma)
}
