//! A list of any number of equally high rows for egui, exact to the pixel, that follows its end.
//!
//! For logs, captures, search results and tables: ten rows or 10¹², what a frame costs is what the visible
//! rows cost. The list knows nothing of what is in a row; it has numbers of rows and asks for those that are
//! seen.
//!
//! ```
//! use egui_row_list::{RowList, RowListState};
//!
//! #[derive(Default)]
//! struct Log {
//!     lines: std::collections::VecDeque<String>,
//!     /// How many lines were dropped in front: the number of the first that is still there.
//!     dropped: u64,
//!     list: RowListState,
//! }
//!
//! impl Log {
//!     fn ui(&mut self, ui: &mut egui::Ui) {
//!         let rows = self.dropped..self.dropped + self.lines.len() as u64;
//!         let height = ui.text_style_height(&egui::TextStyle::Body);
//!         let list = RowList::new("log", rows, height).name("Messages");
//!         let output = list.show(ui, &mut self.list, |ui, row, _| {
//!             let index = usize::try_from(row - self.dropped).unwrap_or(usize::MAX);
//!             if let Some(line) = self.lines.get(index) {
//!                 ui.label(line);
//!             }
//!         });
//!         if let Some(rows) = output.copy {
//!             let skipped = usize::try_from(rows.start() - self.dropped).unwrap_or(usize::MAX);
//!             let count = usize::try_from(rows.end() - rows.start() + 1).unwrap_or(usize::MAX);
//!             let lines = self.lines.iter().skip(skipped).take(count);
//!             ui.copy_text(lines.map(|line| format!("{line}\n")).collect());
//!         }
//!     }
//! }
//!
//! let mut log = Log::default();
//! log.lines.extend((0..1000).map(|number| format!("line {number}")));
//! let ctx = egui::Context::default();
//! let output = ctx.run_ui(egui::RawInput::default(), |ui| log.ui(ui));
//! # output.drop_without_applying_deltas();
//! assert!(log.list.is_following());
//! assert_eq!(log.list.visible().end, 1000);
//! ```
//!
//! # Rows have numbers of their own
//!
//! A list is told its rows as a range, `first..end`. Rows that come behind raise the end, rows that are
//! dropped in front raise the start, and a row keeps its number all its life. So the list stays with the row
//! that the person looks at, to the pixel, whatever comes and goes around it; a selection means the same
//! rows; and what is in a row (an open menu, a text field) keeps its state. If the row at the upper edge of
//! the view is dropped, the first that is left takes its place.
//!
//! # Exact at any depth
//!
//! The place in the list is a row's number, a `u64`, and a remainder in points that is less than a row. No
//! row's place is ever computed from the start of the list: f32, in which egui counts points, can't say it.
//! (With rows of 20 points, from the 1 000 000th row on f32 has steps of 2 points, and 16 at ten million.)
//! Only the scroll bar has the whole list in one number, an f64. The height of a row is rounded to whole
//! pixels, so that all rows are equally high at every zoom.
//!
//! # Following the end
//!
//! The list stands at its end and stays there while rows come, until the person scrolls up: then it stands
//! still, and a button "↓ 128 new" leads back. Wheel, scroll bar, the End key or a throw of the finger do so
//! too. [`RowListState::scroll_to`], for the next search hit, lets it stand at that row.
//! [`RowList::follow_end`] switches all this off.
//!
//! # What a person can do
//!
//! | by | what it does |
//! | --- | --- |
//! | wheel, trackpad, a finger | scrolls; a finger's throw runs on as in egui's own `ScrollArea`, and stops at the edges |
//! | the scroll bar | its handle is dragged, its track pages |
//! | ↑ ↓ PageUp PageDown Home End | moves the current row, and the view with it |
//! | a click; a click or a key with Shift; Ctrl+A | selects a row; a range; all |
//! | Enter, a double click, a screen reader's click | [`RowListOutput::activated`] |
//! | Ctrl+C (Cmd on a Mac) | [`RowListOutput::copy`] |
//! | Tab | enters and leaves the list, which is one stop |
//! | a screen reader | hears a list box with options, "row 9 999 998 of 10 000 000", selected or not; can focus, click and scroll to each, page, and set the scroll bar |
//!
//! A click is for the row that was on the screen when the button went down, even if the list has run on
//! meanwhile.
//!
//! # What it costs
//!
//! Nothing grows with the number of rows: no memory, no time. Only visible rows are drawn. It asks for a
//! frame only while something moves: a throw that runs on, the scroll bar that widens, a press of the button
//! back. The README has figures, also of other lists.
//!
//! # Limits
//!
//! All rows are equally high. A frame of `u64::MAX` rows is no problem; a screen reader on a platform of 32
//! bits is not told a position beyond 2³². There is no rubber band at the edges and no scrolling sideways:
//! what is wider than the list is cut off.

mod accessibility;
mod list;
mod position;
mod scroll_bar;
mod selection;
mod state;
mod words;

pub use list::{RowList, RowListOutput, RowState};
pub use state::RowListState;
pub use words::{RowPlace, group_digits};
