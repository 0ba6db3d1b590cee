//! Runs as an SVG file: a lane for each, with the events above and the rebuilds below, all over the same time.

use std::fmt::Write as _;
use std::time::Duration;

use crate::Run;

/// A run, and what is said of it. Every word is the caller's, in whichever language.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'a> {
    /// What is drawn.
    pub run: &'a Run,
    /// The way's name, written above the lane.
    pub name: &'a str,
    /// Its figures in a sentence, written beside the name; screen readers say it too.
    pub summary: &'a str,
}

/// The lanes below one another as an SVG file, which browsers and drawing programs open. `title` is its name,
/// `times` says how a time on the axis is
/// written whose lines are so far apart.
///
/// Marks that would lie on one another within a point are drawn once, so that the file is small however long
/// the runs are. It follows the reader's choice of light or dark.
pub fn svg(
    title: &str,
    lanes: &[Lane<'_>],
    times: impl Fn(Duration, Duration) -> String,
) -> String {
    let scale = Scale::over(lanes);
    let height = TOP + LANE * lanes.len() as f64 + AXIS;
    let title = escaped(title);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"{title}\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text class=\"title\" x=\"{LEFT}\" y=\"30\">{title}</text>\n"
    );
    let bottom = height - AXIS;
    let step = grid_step(scale.whole);
    for number in 0.. {
        let time = step.saturating_mul(number);
        if time > scale.whole {
            break;
        }
        let x = scale.x(time);
        let label = escaped(&times(time, step));
        let (y, anchor) = (bottom + 18.0, if number == 0 { "start" } else { "middle" });
        write(
            &mut out,
            format_args!(
                "<path class=\"grid\" d=\"M{x:.1} {TOP}V{bottom}\"/>\n\
                 <text class=\"axis\" x=\"{x:.1}\" y=\"{y}\" text-anchor=\"{anchor}\">{label}</text>\n"
            ),
        );
    }
    for (number, lane) in lanes.iter().enumerate() {
        draw_lane(&mut out, lane, &scale, TOP + LANE * number as f64);
    }
    out.push_str("</svg>\n");
    out
}

fn draw_lane(out: &mut String, lane: &Lane<'_>, scale: &Scale, top: f64) {
    let (name, summary) = (escaped(lane.name), escaped(lane.summary));
    let (events, rebuilds) = (top + 46.0, top + 90.0);
    let right = WIDTH - LEFT;
    let y = top + 20.0;
    write(
        out,
        format_args!(
            "<g role=\"img\" aria-label=\"{name}: {summary}\">\n<text x=\"{LEFT}\" y=\"{y}\">\
             <tspan class=\"name\">{name}</tspan> <tspan class=\"said\" dx=\"8\">{summary}</tspan></text>\n\
             <path class=\"line\" d=\"M{LEFT} {events}H{right}M{LEFT} {rebuilds}H{right}\"/>\n"
        ),
    );

    // When the processor was busy.
    let mut last = f64::NEG_INFINITY;
    for frame in &lane.run.frames {
        let (x, end) = (scale.x(frame.begin), scale.x(frame.end));
        if end < last + 1.0 {
            continue;
        }
        last = end;
        let (y, width) = (rebuilds - 4.0, (end - x).max(1.0));
        let class = if frame.taken == 0 { "idle" } else { "busy" };
        write(
            out,
            format_args!(
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"8\"/>\n"
            ),
        );
    }

    // From each event to where the screen showed it, or a newer one.
    let mut drawn = Vec::new();
    let mut way = String::new();
    for frame in lane.run.rebuilds() {
        let taken = lane.run.arrivals.get(frame.first..frame.first + frame.taken);
        for arrival in taken.unwrap_or_default() {
            let x = scale.x(arrival.at);
            let shown = scale.x(frame.shown);
            if drawn
                .last()
                .is_none_or(|last: &(f64, f64)| last.0 + 1.0 <= x || last.1 + 1.0 <= shown)
            {
                write(
                    &mut way,
                    format_args!("M{x:.1} {:.1}L{shown:.1} {:.1}", events + 6.0, rebuilds - 9.0),
                );
                drawn.push((x, shown));
            }
        }
    }
    write(out, format_args!("<path class=\"way\" d=\"{way}\"/>\n"));

    let mut last = f64::NEG_INFINITY;
    for arrival in &lane.run.arrivals {
        let x = scale.x(arrival.at);
        if last + 1.0 <= x {
            last = x;
            write(
                out,
                format_args!("<circle class=\"event\" cx=\"{x:.1}\" cy=\"{events}\" r=\"5\"/>\n"),
            );
        }
    }
    // The number of the event that the screen shows, counted from 1.
    let mut marks: Vec<(f64, usize)> = Vec::new();
    for frame in lane.run.rebuilds() {
        let x = scale.x(frame.shown);
        if marks.last().is_none_or(|(last, _)| last + 1.0 <= x) {
            marks.push((x, frame.first + frame.taken));
        }
    }
    for (number, (x, newest)) in marks.iter().enumerate() {
        let figure = format!("#{newest}");
        let width = 18.0 + 6.0 * figure.len().saturating_sub(2) as f64;
        // A figure has room where its neighbours are not too near.
        let near = |other: Option<&(f64, usize)>| {
            other.is_some_and(|(other, _)| (other - x).abs() < width)
        };
        let before = number.checked_sub(1).and_then(|before| marks.get(before));
        let is_roomy = !near(before) && !near(marks.get(number + 1));
        let (width, height) = if is_roomy { (width, 18.0) } else { (10.0, 10.0) };
        let (left, top, radius) = (x - width / 2.0, rebuilds - height / 2.0, height / 2.0);
        write(
            out,
            format_args!(
                "<rect class=\"rebuild\" x=\"{left:.1}\" y=\"{top}\" width=\"{width}\" \
                 height=\"{height}\" rx=\"{radius}\"/>\n"
            ),
        );
        if is_roomy {
            let y = rebuilds + 3.5;
            write(
                out,
                format_args!("<text class=\"count\" x=\"{x:.1}\" y=\"{y}\">{figure}</text>\n"),
            );
        }
    }
    out.push_str("</g>\n");
}

/// From times to points.
struct Scale {
    whole: Duration,
}

impl Scale {
    fn over(lanes: &[Lane<'_>]) -> Self {
        let last = |lane: &Lane<'_>| {
            let shown = lane.run.rebuilds().last().map_or(Duration::ZERO, |frame| frame.shown);
            let arrived = lane.run.arrivals.last().map_or(Duration::ZERO, |arrival| arrival.at);
            shown.max(arrived)
        };
        let last = lanes.iter().map(last).max().unwrap_or_default();
        // A little more, so that the last mark has room; and something, so that it can be divided by.
        Self { whole: last.mul_f64(1.04).max(Duration::from_millis(1)) }
    }

    /// Frames after the last rebuild are at the right edge, as nothing is seen of them.
    fn x(&self, time: Duration) -> f64 {
        let share = time.as_secs_f64() / self.whole.as_secs_f64();
        LEFT + share.min(1.0) * (WIDTH - 2.0 * LEFT)
    }
}

/// From one line of a grid over this time to the next: a round time, so that there are 4 to 11 lines.
pub fn grid_step(whole: Duration) -> Duration {
    let mut step = Duration::from_micros(1);
    for factor in [2, 5, 10].into_iter().cycle() {
        let next = step.saturating_mul(factor);
        if whole < next.saturating_mul(5) {
            return next;
        }
        if factor == 10 {
            step = next;
        }
    }
    step
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML has no way to write these down.
            control if control.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

fn write(out: &mut String, what: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = out.write_fmt(what);
}

const WIDTH: f64 = 960.0;
const LEFT: f64 = 24.0;
const TOP: f64 = 48.0;
const LANE: f64 = 118.0;
const AXIS: f64 = 32.0;

const STYLE: &str = "svg{font-family:system-ui,sans-serif}\
.page{fill:#fef7ff}.title{font-size:18px;fill:#1d1b20}.name{font-size:14px;font-weight:600;fill:#1d1b20}\
.said,.axis{font-size:12px;fill:#49454f}\
.name,.said{paint-order:stroke;stroke:#fef7ff;stroke-width:4px}.line{stroke:#79747e;fill:none}.grid{stroke:#cac4d0;fill:none}\
.event{fill:#625b71}.rebuild{fill:#6750a4}.count{font-size:10px;fill:#fff;text-anchor:middle}\
.way{stroke:#79747e;stroke-width:.6;fill:none}.busy{fill:#6750a4;opacity:.35}.idle{fill:#79747e;opacity:.35}\
@media(prefers-color-scheme:dark){.page{fill:#141218}.title,.name{fill:#e6e0e9}.said,.axis{fill:#cac4d0}\
.name,.said{stroke:#141218}\
.line,.way{stroke:#938f99}.grid{stroke:#49454f}.event{fill:#ccc2dc}.rebuild,.busy{fill:#d0bcff}\
.count{fill:#381e72}.idle{fill:#938f99}}";
