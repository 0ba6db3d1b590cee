//! The log as the page knows it: what is searched for, which row is open, and how much there is. The rows
//! themselves are elsewhere, and never in here.

use message_log::{Filter, Format, Matcher, Query, QueryError, ReadError, Retention};
use serde::{Deserialize, Serialize};

use crate::settings::Platform;

/// The most that may be kept, in MiB: what a program of 64 bits and what a page can have.
const MAX_MIB: [u32; 2] = [65_536, 1024];

/// Which time stands before a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowTime {
    /// The time of day, as clocks show it where the person is.
    #[default]
    Clock,
    /// Since the page was opened.
    SinceStart,
    /// Since the row before.
    SincePrevious,
}

impl RowTime {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Clock, Self::SinceStart, Self::SincePrevious];
}

/// What is kept of the log's panel over restarts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogSettings {
    /// What was typed as the most that is kept, in MiB; as much as usual, where it is empty.
    pub keeps_mib: String,
    /// Which time stands before a row.
    pub time: RowTime,
    /// Whether long lines of a message go on in the next one.
    pub does_not_wrap: bool,
    /// Whether a picture is shown as large as it is, and not made to fit.
    pub full_size_pictures: bool,
}

impl LogSettings {
    /// How much is kept. What can't be understood is taken for nothing.
    #[must_use]
    pub fn retention(&self, platform: Platform) -> Retention {
        let usual = match platform {
            Platform::Desktop => Retention::NATIVE,
            Platform::Browser => Retention::WEB,
        };
        match self.mib(platform) {
            Ok(Some(mib)) => Retention { bytes: u64::from(mib) << 20, ..usual },
            Ok(None) | Err(_) => usual,
        }
    }

    /// What was typed as the most that is kept, in MiB.
    ///
    /// # Errors
    /// It is no whole number, 0, or above what is given.
    pub fn mib(&self, platform: Platform) -> Result<Option<u32>, u32> {
        let most = match platform {
            Platform::Desktop => MAX_MIB[0],
            Platform::Browser => MAX_MIB[1],
        };
        let typed = self.keeps_mib.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        typed.parse().ok().filter(|mib| (1..=most).contains(mib)).map(Some).ok_or(most)
    }
}

/// What may be shown or left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowPart {
    /// Messages of ours.
    Sent,
    /// Messages of the peer.
    Received,
    /// Messages of text.
    Text,
    /// Messages of bytes.
    Binary,
    /// Events of the connection's life.
    Events,
}

impl RowPart {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Sent, Self::Received, Self::Text, Self::Binary, Self::Events];
}

/// A bound of the size of messages that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeBound {
    /// The least.
    Least,
    /// The most.
    Most,
}

/// What sort of thing a row is, for whoever looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowShape {
    /// An event of the connection's life.
    Event,
    /// A text.
    Text,
    /// A text that begins like JSON.
    Json,
    /// Bytes.
    Binary,
    /// Bytes that begin like a picture.
    Picture,
}

/// A view of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowTab {
    /// The text as it is.
    Text,
    /// As JSON, in lines that fold.
    Json,
    /// As a picture.
    Picture,
    /// As bytes.
    Hex,
    /// What is known about it.
    Facts,
}

impl RowShape {
    /// The views that there are of it. The first one is shown unless another one is asked for.
    #[must_use]
    pub fn tabs(self) -> &'static [RowTab] {
        match self {
            Self::Event => &[RowTab::Facts],
            Self::Text => &[RowTab::Text, RowTab::Json, RowTab::Hex, RowTab::Facts],
            Self::Json => &[RowTab::Json, RowTab::Text, RowTab::Hex, RowTab::Facts],
            Self::Binary => &[RowTab::Hex, RowTab::Facts],
            Self::Picture => &[RowTab::Picture, RowTab::Hex, RowTab::Facts],
        }
    }
}

/// The row that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// Its number in the log.
    pub number: u64,
    /// What sort of thing it is.
    pub shape: RowShape,
    /// Which view of it is shown.
    pub tab: RowTab,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogCounts {
    /// Another number whenever anything in the log has changed.
    pub generation: u64,
    /// How many rows there are.
    pub rows: u64,
    /// How many were dropped to keep within the bound.
    pub dropped: u64,
    /// The memory that they take, in bytes.
    pub bytes: u64,
}

/// How far something has come that runs beside the frames, and what it has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// How many rows were found.
    pub found: u64,
    /// How many rows were looked at.
    pub done: u64,
    /// How many rows there are.
    pub rows: u64,
    /// The person has stopped it before its end.
    pub is_stopped: bool,
}

impl Findings {
    /// Whether it is still under way.
    #[must_use]
    pub fn is_running(self) -> bool {
        self.done < self.rows && !self.is_stopped
    }
}

/// A file that is being written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileJob {
    /// Whether it is written, and not read.
    pub saves: bool,
    /// How much is done, of `of`; 0 of 0 while the person is asked for the file.
    pub done: u64,
    /// How much there is to be done.
    pub of: u64,
}

/// What has become of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogNotice {
    /// It was written.
    Saved {
        /// Its name.
        name: String,
        /// Its length.
        bytes: u64,
    },
    /// It could not be written: what the system says.
    NotSaved(String),
    /// It could not be read: what the system says.
    NotRead(String),
    /// It is no log, or a broken one.
    NoLog(ReadError),
    /// It has more bytes than can be read.
    TooLarge {
        /// How many may be read.
        limit: u64,
    },
    /// Its end can't be read; what was read before stands.
    ReadInPart(ReadError),
}

/// The log that is shown is a file's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// The file's name.
    pub name: String,
    /// How many parts of it were left out, as they are of no use here.
    pub skipped: u64,
}

/// The log's panel, but for what is kept of it over restarts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogView {
    query: Query,
    query_problem: Option<QueryError>,
    shows_only_matches: bool,
    has_filter_open: bool,
    filter: Filter,
    sizes: [String; 2],
    opened: Option<OpenRow>,
    counts: LogCounts,
    search: Findings,
    shown: Findings,
    job: Option<FileJob>,
    notice: Option<LogNotice>,
    file: Option<LogFile>,
}

/// What the person does with the log, and what is heard of it.
#[derive(Clone, Debug)]
pub enum LogMsg {
    /// What is searched for is this now.
    EditQuery(String),
    /// It is a regular expression, or plain text.
    ToggleRegex,
    /// `A` and `a` are two letters, or one.
    ToggleCase,
    /// Show the rows alone in which it is found, or all.
    ToggleOnlyMatches,
    /// Show what can be left out, or not.
    ToggleFilter,
    /// Show these rows, or leave them out.
    TogglePart(RowPart),
    /// The size of messages that are shown is bounded by this now, in bytes.
    EditSize(SizeBound, String),
    /// Show everything.
    ResetFilter,
    /// This time stands before a row.
    SetTime(RowTime),
    /// The most that is kept is this now, in MiB.
    EditRetention(String),
    /// Look at this row.
    Open {
        /// Its number.
        number: u64,
        /// What sort of thing it is.
        shape: RowShape,
    },
    /// Look at no row.
    CloseRow,
    /// Show this view of it.
    ShowTab(RowTab),
    /// Break long lines, or not.
    ToggleWrap,
    /// Show pictures as large as they are, or made to fit.
    TogglePictureSize,
    /// Fold this line of the JSON, or unfold it.
    ToggleFold(usize),
    /// Fold everything in the JSON, or unfold it.
    FoldAll(bool),
    /// Forget all rows.
    Clear,
    /// Write a file.
    Save {
        /// In this format.
        format: Format,
        /// Of the rows that are shown, and not of all.
        only_shown: bool,
    },
    /// Write the message that is looked at to a file.
    SavePayload,
    /// Read a file of the person's choice.
    OpenFile,
    /// Show the log of the connection again.
    ShowLive,
    /// Stop what is under way: a file, or a search.
    Cancel,
    /// Put away what is said about a file.
    DismissNotice,
    /// There is so much now.
    Counted(LogCounts),
    /// The search has come so far.
    Searched(Findings),
    /// The rows that are shown are these now.
    Filtered(Findings),
    /// A file is under way.
    Working(FileJob),
    /// Nothing is under way any more, and this has become of it, if the person did not cancel it.
    Done(Option<LogNotice>),
    /// What is shown is a file's log, or that of the connection.
    Shows(Option<LogFile>),
}

/// What is to be done with the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogEffect {
    /// Look for these rows.
    Find {
        /// The rows that may be shown.
        filter: Filter,
        /// What is searched for in them, if anything.
        query: Option<Query>,
        /// Whether only those are shown in which it is found.
        only_matches: bool,
    },
    /// Stop looking.
    StopFinding,
    /// Have this row at hand, or none.
    Open(Option<u64>),
    /// Look at this row of the connection's log, whichever log is shown; answered by [`LogMsg::Open`].
    ShowRow(u64),
    /// Have this view of it at hand.
    ShowTab(RowTab),
    /// Fold this line of its JSON, or unfold it.
    ToggleFold(usize),
    /// Fold everything in its JSON, or unfold it.
    FoldAll(bool),
    /// Forget all rows.
    Clear,
    /// Keep so much.
    Keep(Retention),
    /// Write a file.
    Save {
        /// In this format.
        format: Format,
        /// Of the rows that are shown, and not of all.
        only_shown: bool,
    },
    /// Write the message that is looked at to a file.
    SavePayload,
    /// Read a file of the person's choice.
    OpenFile,
    /// Show the log of the connection again.
    ShowLive,
    /// Stop what is under way with a file.
    StopFile,
}

/// What can be asked of it.
impl LogView {
    /// What is searched for.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// What is wrong with it, if anything is.
    #[must_use]
    pub fn query_problem(&self) -> Option<&QueryError> {
        self.query_problem.as_ref()
    }

    /// Whether something is searched for that can be found.
    #[must_use]
    pub fn searches(&self) -> bool {
        !self.query.text.is_empty() && self.query_problem.is_none()
    }

    /// Whether only rows are shown in which it is found.
    #[must_use]
    pub fn shows_only_matches(&self) -> bool {
        self.shows_only_matches
    }

    /// Whether one sees what can be left out.
    #[must_use]
    pub fn has_filter_open(&self) -> bool {
        self.has_filter_open
    }

    /// What is shown.
    #[must_use]
    pub fn filter(&self) -> Filter {
        self.filter
    }

    /// Whether anything is left out.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.filter != Filter::default()
    }

    /// Whether these rows are shown.
    #[must_use]
    pub fn shows(&self, part: RowPart) -> bool {
        match part {
            RowPart::Sent => self.filter.sent,
            RowPart::Received => self.filter.received,
            RowPart::Text => self.filter.text,
            RowPart::Binary => self.filter.binary,
            RowPart::Events => self.filter.events,
        }
    }

    /// What was typed as a bound of the size.
    #[must_use]
    pub fn size(&self, bound: SizeBound) -> &str {
        &self.sizes[bound as usize]
    }

    /// Whether what was typed as a bound of the size is one.
    #[must_use]
    pub fn is_size_wrong(&self, bound: SizeBound) -> bool {
        let typed = self.size(bound).trim();
        !typed.is_empty() && typed.parse::<u64>().is_err()
    }

    /// The row that is looked at.
    #[must_use]
    pub fn opened(&self) -> Option<OpenRow> {
        self.opened
    }

    /// How much there is.
    #[must_use]
    pub fn counts(&self) -> LogCounts {
        self.counts
    }

    /// What the search has found.
    #[must_use]
    pub fn search(&self) -> Findings {
        self.search
    }

    /// Which rows are shown.
    #[must_use]
    pub fn shown(&self) -> Findings {
        self.shown
    }

    /// The file that is under way.
    #[must_use]
    pub fn job(&self) -> Option<FileJob> {
        self.job
    }

    /// What has become of the last one.
    #[must_use]
    pub fn notice(&self) -> Option<&LogNotice> {
        self.notice.as_ref()
    }

    /// The file whose log is shown; none where that of the connection is.
    #[must_use]
    pub fn file(&self) -> Option<&LogFile> {
        self.file.as_ref()
    }
}

/// What follows.
impl LogView {
    pub(crate) fn update(
        &mut self,
        msg: LogMsg,
        settings: &mut LogSettings,
        platform: Platform,
    ) -> Vec<LogEffect> {
        match msg {
            LogMsg::EditQuery(text) => {
                self.query.text = text;
                return self.find();
            }
            LogMsg::ToggleRegex => {
                self.query.is_regex = !self.query.is_regex;
                return self.find();
            }
            LogMsg::ToggleCase => {
                self.query.match_case = !self.query.match_case;
                return self.find();
            }
            LogMsg::ToggleOnlyMatches => {
                self.shows_only_matches = !self.shows_only_matches;
                return self.find();
            }
            LogMsg::ToggleFilter => self.has_filter_open = !self.has_filter_open,
            LogMsg::TogglePart(part) => {
                let filter = &mut self.filter;
                let shows = match part {
                    RowPart::Sent => &mut filter.sent,
                    RowPart::Received => &mut filter.received,
                    RowPart::Text => &mut filter.text,
                    RowPart::Binary => &mut filter.binary,
                    RowPart::Events => &mut filter.events,
                };
                *shows = !*shows;
                return self.find();
            }
            LogMsg::EditSize(bound, text) => {
                let size = text.trim().parse().ok();
                match bound {
                    SizeBound::Least => self.filter.min_size = size.unwrap_or(0),
                    SizeBound::Most => self.filter.max_size = size.unwrap_or(u64::MAX),
                }
                self.sizes[bound as usize] = text;
                return self.find();
            }
            LogMsg::ResetFilter => {
                self.filter = Filter::default();
                self.sizes = Default::default();
                return self.find();
            }
            LogMsg::SetTime(time) => settings.time = time,
            LogMsg::EditRetention(text) => {
                settings.keeps_mib = text;
                if settings.mib(platform).is_ok() {
                    return vec![LogEffect::Keep(settings.retention(platform))];
                }
            }
            LogMsg::Open { number, shape } => return self.open(number, shape),
            LogMsg::CloseRow => {
                self.opened = None;
                return vec![LogEffect::Open(None)];
            }
            LogMsg::ShowTab(tab) => {
                if let Some(opened) = &mut self.opened
                    && opened.shape.tabs().contains(&tab)
                {
                    opened.tab = tab;
                    return vec![LogEffect::ShowTab(tab)];
                }
            }
            LogMsg::ToggleWrap => settings.does_not_wrap = !settings.does_not_wrap,
            LogMsg::TogglePictureSize => {
                settings.full_size_pictures = !settings.full_size_pictures;
            }
            LogMsg::ToggleFold(line) => return vec![LogEffect::ToggleFold(line)],
            LogMsg::FoldAll(folds) => return vec![LogEffect::FoldAll(folds)],
            LogMsg::Clear => {
                self.opened = None;
                return vec![LogEffect::Open(None), LogEffect::Clear];
            }
            LogMsg::Save { format, only_shown } if self.job.is_none() => {
                return vec![LogEffect::Save { format, only_shown }];
            }
            LogMsg::SavePayload if self.job.is_none() => return vec![LogEffect::SavePayload],
            LogMsg::OpenFile if self.job.is_none() => return vec![LogEffect::OpenFile],
            // One thing at a time: its buttons are disabled meanwhile.
            LogMsg::Save { .. } | LogMsg::SavePayload | LogMsg::OpenFile => {}
            LogMsg::ShowLive => return vec![LogEffect::ShowLive],
            LogMsg::Cancel => {
                return vec![match self.job {
                    Some(_) => LogEffect::StopFile,
                    None => LogEffect::StopFinding,
                }];
            }
            LogMsg::DismissNotice => self.notice = None,
            LogMsg::Counted(counts) => self.counts = counts,
            LogMsg::Searched(findings) => self.search = findings,
            LogMsg::Filtered(findings) => self.shown = findings,
            LogMsg::Working(job) => {
                self.notice = None;
                self.job = Some(job);
            }
            LogMsg::Done(notice) => {
                self.job = None;
                self.notice = notice;
            }
            LogMsg::Shows(file) => {
                self.file = file;
                self.opened = None;
                let mut effects = vec![LogEffect::Open(None)];
                effects.extend(self.find());
                return effects;
            }
        }
        Vec::new()
    }

    fn find(&mut self) -> Vec<LogEffect> {
        self.query_problem = Matcher::new(&self.query).err();
        self.search = Findings::default();
        self.shown = Findings::default();
        let query = self.searches().then(|| self.query.clone());
        let only_matches = self.shows_only_matches;
        vec![LogEffect::Find { filter: self.filter, query, only_matches }]
    }

    /// Keeps the view that the person has chosen, where there is one of this row.
    fn open(&mut self, number: u64, shape: RowShape) -> Vec<LogEffect> {
        let tabs = shape.tabs();
        let before = self.opened.filter(|before| before.shape == shape).map(|before| before.tab);
        let tab = before.or_else(|| tabs.first().copied()).unwrap_or(RowTab::Facts);
        self.opened = Some(OpenRow { number, shape, tab });
        vec![LogEffect::Open(Some(number)), LogEffect::ShowTab(tab)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view() -> (LogView, LogSettings) {
        (LogView::default(), LogSettings::default())
    }

    fn update(view: &mut LogView, settings: &mut LogSettings, msg: LogMsg) -> Vec<LogEffect> {
        view.update(msg, settings, Platform::Desktop)
    }

    #[test]
    fn bad_expression_searches_nothing() {
        let (mut view, mut settings) = view();
        update(&mut view, &mut settings, LogMsg::ToggleRegex);
        let effects = update(&mut view, &mut settings, LogMsg::EditQuery("a(b".to_owned()));
        assert_eq!(view.query_problem().and_then(|problem| problem.at), Some(1));
        assert!(matches!(effects[..], [LogEffect::Find { query: None, .. }]));
        let effects = update(&mut view, &mut settings, LogMsg::EditQuery("a(b)".to_owned()));
        assert!(matches!(effects[..], [LogEffect::Find { query: Some(_), .. }]));
        assert!(view.searches());
    }

    #[test]
    fn sizes_bound_what_is_shown() {
        let (mut view, mut settings) = view();
        for (typed, size, is_wrong) in [("10", 10, false), ("x", 0, true), ("", 0, false)] {
            let edit = LogMsg::EditSize(SizeBound::Least, typed.to_owned());
            update(&mut view, &mut settings, edit);
            assert_eq!(view.filter().min_size, size, "{typed}");
            assert_eq!(view.is_size_wrong(SizeBound::Least), is_wrong, "{typed}");
        }
        assert!(!view.is_filtered());
    }

    #[test]
    fn chosen_view_stays_for_such_rows() {
        let (mut view, mut settings) = view();
        let open = |number, shape| LogMsg::Open { number, shape };
        update(&mut view, &mut settings, open(1, RowShape::Json));
        assert_eq!(view.opened().map(|opened| opened.tab), Some(RowTab::Json));
        update(&mut view, &mut settings, LogMsg::ShowTab(RowTab::Hex));
        update(&mut view, &mut settings, open(2, RowShape::Json));
        assert_eq!(view.opened().map(|opened| opened.tab), Some(RowTab::Hex));
        update(&mut view, &mut settings, open(3, RowShape::Event));
        assert_eq!(view.opened().map(|opened| opened.tab), Some(RowTab::Facts));
        let effects = update(&mut view, &mut settings, LogMsg::ShowTab(RowTab::Picture));
        assert_eq!(effects, [], "an event is no picture");
    }

    #[test]
    fn one_file_at_a_time() {
        let (mut view, mut settings) = view();
        let job = FileJob { saves: true, done: 1, of: 2 };
        update(&mut view, &mut settings, LogMsg::Working(job));
        assert_eq!(update(&mut view, &mut settings, LogMsg::OpenFile), []);
        assert_eq!(update(&mut view, &mut settings, LogMsg::Cancel), [LogEffect::StopFile]);
        update(&mut view, &mut settings, LogMsg::Done(None));
        assert_eq!(update(&mut view, &mut settings, LogMsg::OpenFile), [LogEffect::OpenFile]);
    }

    #[test]
    fn retention_is_what_was_typed() {
        let (mut view, mut settings) = view();
        let bytes = |settings: &LogSettings| settings.retention(Platform::Desktop).bytes;
        assert_eq!(bytes(&settings), 256 << 20);
        for wrong in ["0", "-1", "x", "65537", "1.5"] {
            let edit = LogMsg::EditRetention(wrong.to_owned());
            assert_eq!(update(&mut view, &mut settings, edit), [], "{wrong}");
            assert_eq!(bytes(&settings), 256 << 20, "{wrong}");
        }
        let effects = update(&mut view, &mut settings, LogMsg::EditRetention(" 8 ".to_owned()));
        assert!(matches!(effects[..], [LogEffect::Keep(_)]));
        assert_eq!(bytes(&settings), 8 << 20);
        assert_eq!(LogSettings::default().retention(Platform::Browser), Retention::WEB);
    }
}
