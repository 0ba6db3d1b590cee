//! What the lesson says.

use app_core::steps::Step;

/// What the lesson says.
pub struct LessonWords {
    /// What the lesson is about.
    pub intro: &'static str,
    /// A step, with its number.
    pub step: fn(Step) -> &'static str,
    /// What a step does.
    pub about_step: fn(Step) -> &'static str,
    /// How often a step was taken, and whether it was the last one.
    pub step_times: fn(times: u32, is_last: bool) -> String,
    /// The button that leads to the experiment with this name.
    pub try_button: fn(experiment: &str) -> String,
    /// Where the lines stand.
    pub source_place: fn(file: &str, line: usize) -> String,
    /// The name of the other programming language.
    pub in_dart: &'static str,
}
