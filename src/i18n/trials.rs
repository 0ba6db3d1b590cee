//! What is said of an experiment's parameters and of its link.

use app_core::experiments::{LinkProblem, Pace, Parameter, Setup};

/// What is said of an experiment's parameters and of its link.
pub struct TrialWords {
    /// A parameter, with its unit.
    pub parameter: fn(Parameter) -> &'static str,
    /// What a parameter does.
    pub about_parameter: fn(Parameter) -> &'static str,
    /// Between which two values it lies.
    pub bounds: fn(least: u32, most: u32) -> String,
    /// How messages come.
    pub pace: fn(Pace) -> &'static str,
    /// The button that runs what is chosen.
    pub run_button: &'static str,
    /// The button that sets every parameter to its default.
    pub reset_button: &'static str,
    /// The button that copies a link to what is chosen.
    pub copy_button: &'static str,
    /// What of the page itself is changed while this runs, if anything is.
    pub in_force: fn(&Setup) -> Option<String>,
    /// What is wrong with the link that the page was opened with.
    pub bad_link: fn(&LinkProblem) -> String,
}
