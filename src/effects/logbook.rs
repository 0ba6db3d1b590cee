//! Writes down every message and every event in the log, and has at hand what the log's panel shows: the rows,
//! what was found in them, and the row that is looked at.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use app_core::log::{Findings, LogCounts, LogFile, RowTab};
use app_core::{ConnectionEvent, LogEffect, LogMsg, Peer};
use egui::DroppedFileHandle;
use message_log::{
    Delivery, Drawing, Entry, Event, Export, Format, Initiator, Log, Matcher, Payload, Retention,
    RowSet,
};
use web_socket_channel::{CloseEvent, Message, status};

use super::connection::Note;
use super::deliveries::Deliveries;
use super::file_task::News;
use super::log_files::{self, Files, Outcome, Source, Work};
use super::search::Search;
use crate::i18n::{Words, log::Zone};
use crate::opened_row::{OpenedRow, Said, shape_of};
use crate::payload;
use crate::platform;

/// Of how many messages it is remembered how long they were on their way there and back.
const MAX_ROUND_TRIPS: usize = 100_000;

/// The log of all connections of the page, and what of it is looked at.
pub struct Logbook {
    live: Log,
    /// The log of a file, which is shown instead.
    file: Option<Log>,
    deliveries: Deliveries,
    /// Where the connection leads, without user and password.
    url: String,
    /// A connection is being made, or is open.
    is_connected: bool,
    /// That it is being closed has been written down.
    is_closing: bool,
    /// The row of the last message, which has not been drawn yet.
    undrawn: Option<u64>,
    /// The messages of this frame.
    batch: Option<(u64, u64)>,
    round_trips: VecDeque<(u64, Duration)>,
    search: Search,
    files: Files,
    opened: Option<OpenedRow>,
    zone: Zone,
    told: Option<(LogCounts, Findings, Findings)>,
    /// What is to be told in the next frame.
    msgs: Vec<LogMsg>,
}

impl Logbook {
    /// An empty log. `started` is the time of the clock on the wall, since 1970 began; all others count from
    /// there.
    pub fn new(started: Duration, retention: Retention) -> Self {
        Self {
            live: Log::new(started, retention),
            file: None,
            deliveries: Deliveries::default(),
            url: String::new(),
            is_connected: false,
            is_closing: false,
            undrawn: None,
            batch: None,
            round_trips: VecDeque::new(),
            search: Search::default(),
            files: Files::default(),
            opened: None,
            zone: platform::minutes_ahead_of_utc,
            told: None,
            msgs: Vec::new(),
        }
    }

    /// The log that is shown.
    pub fn shown_log(&self) -> &Log {
        self.file.as_ref().unwrap_or(&self.live)
    }

    /// The rows of it that are shown; none where all are.
    pub fn shown(&self) -> Option<&RowSet> {
        self.search.shown()
    }

    /// The rows in which something is found, and what that is.
    pub fn found(&self) -> Option<(&RowSet, &Matcher)> {
        self.search.found()
    }

    /// The row that is looked at.
    pub fn opened(&self) -> Option<&OpenedRow> {
        self.opened.as_ref()
    }

    /// The clocks that times of day are told by.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// From now on they are these: for tests, and other machines that drive the page.
    pub fn set_zone(&mut self, zone: Zone) {
        self.zone = zone;
    }

    /// A message has come, and was this long on its way there and back, if it had been sent. Gives the number of
    /// its row.
    pub fn received(
        &mut self,
        message: &Message,
        round_trip: Option<Duration>,
        now: Duration,
    ) -> u64 {
        let row = self.live.append(now, Entry::Received(payload_of(message)));
        self.batch = Some((self.batch.map_or(row, |(first, _)| first), row));
        if let Some(took) = round_trip {
            if self.round_trips.len() == MAX_ROUND_TRIPS {
                self.round_trips.pop_front();
            }
            self.round_trips.push_back((row, took));
        }
        row
    }

    /// A frame has taken in all that it takes in. Where an error came after the last message, that won't be
    /// drawn either.
    pub fn took_in(&mut self, ends_with_error: bool) {
        let batch = self.batch.take();
        if (batch.is_some() || ends_with_error)
            && let Some(row) = self.undrawn.take()
        {
            self.live.set_drawing(row..row + 1, Drawing::Coalesced);
        }
        if let Some((first, last)) = batch {
            let end = if ends_with_error { last + 1 } else { last };
            self.live.set_drawing(first..end, Drawing::Coalesced);
            self.undrawn = (!ends_with_error).then_some(last);
        }
    }

    /// The builder has drawn what came last.
    pub fn drawn(&mut self) {
        if let Some(row) = self.undrawn.take() {
            self.live.set_drawing(row..row + 1, Drawing::Drawn);
        }
    }

    /// Something has become of a message of ours.
    pub fn note(&mut self, note: Note, words: &Words, now: Duration) {
        let log = &mut self.live;
        match note {
            Note::Began(peer) => {
                self.deliveries.begin();
                if std::mem::take(&mut self.is_connected) {
                    // Nobody stays to see its end.
                    let (code, reason) = (Some(status::NORMAL_CLOSURE), String::new());
                    log.append(now, Entry::Event(Event::Closing { code, reason }));
                }
                self.url = match peer {
                    Peer::Server(url) => app_core::address::without_credentials(&url),
                    Peer::InPage(_) => words.log.in_page.to_owned(),
                };
            }
            Note::Sent(None, message) => {
                log.append(now, Entry::Sent(payload_of(&message), Delivery::Sent));
            }
            Note::Sent(Some(id), message) => {
                let row = log.append(now, Entry::Sent(payload_of(&message), Delivery::Waiting));
                self.deliveries.waits(id, row);
            }
            Note::Refused(message) => {
                log.append(now, Entry::Sent(payload_of(&message), Delivery::TakenBack));
            }
            Note::TookBack(id) => self.deliveries.took_back(id, log),
            Note::TookBackAll => self.deliveries.took_back_all(log),
            Note::Resent => self.deliveries.resent(log),
        }
    }

    /// The person closes the connection, with this code, if any, and this reason.
    pub fn asked_to_close(&mut self, code: Option<u16>, reason: &str, now: Duration) {
        if self.is_connected && !std::mem::replace(&mut self.is_closing, true) {
            self.append(Event::Closing { code, reason: reason.to_owned() }, now);
        }
    }

    /// Something has happened to the connection.
    pub fn event(&mut self, event: &ConnectionEvent, words: &Words, now: Duration) {
        let error = |error| Event::Error { text: (words.errors.error)(error) };
        match event {
            ConnectionEvent::Unusable(why) | ConnectionEvent::Failed(why) => {
                self.append(error(why), now);
            }
            ConnectionEvent::Connecting { .. } => {
                self.is_connected = true;
                self.is_closing = false;
                self.append(Event::Connecting { url: self.url.clone() }, now);
            }
            ConnectionEvent::Open(negotiated) => {
                let (protocol, headers) = (negotiated.protocol.clone(), negotiated.headers.clone());
                self.append(Event::Open { protocol, headers }, now);
            }
            ConnectionEvent::Lost { attempt, wait, error: why, ending } => {
                if let Some(ending) = ending {
                    self.append(closed(ending), now);
                }
                if let Some(why) = why {
                    self.append(error(why), now);
                }
                self.append(Event::Reconnecting { attempt: *attempt, wait: *wait }, now);
            }
            ConnectionEvent::Closing => {
                if !std::mem::replace(&mut self.is_closing, true) {
                    self.append(Event::Closing { code: None, reason: String::new() }, now);
                }
            }
            ConnectionEvent::Closed(ending) => {
                self.is_connected = false;
                let ending = ending.as_ref().map_or_else(
                    || Event::Closed {
                        code: None,
                        name: String::new(),
                        reason: String::new(),
                        initiator: None,
                        was_clean: false,
                    },
                    closed,
                );
                self.append(ending, now);
            }
            ConnectionEvent::Outbox(outbox) => self.deliveries.account(outbox, &mut self.live),
            ConnectionEvent::Received { .. }
            | ConnectionEvent::Sent { .. }
            | ConnectionEvent::RoundTrip(_) => {}
        }
    }

    fn append(&mut self, event: Event, now: Duration) {
        self.live.append(now, Entry::Event(event));
    }

    /// Does what is asked for.
    pub fn carry_out(&mut self, effect: LogEffect, ctx: &egui::Context) {
        match effect {
            LogEffect::Find { filter, query, only_matches } => {
                self.search.find(filter, query, only_matches);
                self.told = None;
            }
            LogEffect::StopFinding => self.search.stop(),
            LogEffect::Open(number) => {
                let open = |number| OpenedRow::new(self.shown_log(), number, self.took(number));
                self.opened = number.and_then(open);
            }
            LogEffect::ShowRow(number) => self.show_row(number),
            LogEffect::ShowTab(RowTab::Json) => {
                if let Some(opened) = &mut self.opened {
                    opened.take_apart();
                }
            }
            LogEffect::ShowTab(_) => {}
            LogEffect::ToggleFold(line) => {
                if let Some(opened) = &mut self.opened {
                    opened.toggle_fold(line);
                }
            }
            LogEffect::FoldAll(folds) => {
                if let Some(opened) = &mut self.opened {
                    opened.fold_all(folds);
                }
            }
            LogEffect::Clear => match &mut self.file {
                Some(file) => file.clear(),
                None => self.live.clear(),
            },
            LogEffect::Keep(retention) => self.live.set_retention(retention),
            LogEffect::ShowLive => self.show_file(None),
            LogEffect::Save { format, only_shown } => {
                let only = only_shown.then(|| self.search.shown().cloned()).flatten();
                let export = Export::new(format, self.shown_log().snapshot(), only);
                let name = format!("websocket-log.{}", ending(format));
                self.msgs.push(log_files::save(&mut self.files, Source::Rows(export), name, ctx));
            }
            LogEffect::SavePayload => {
                if let Some(opened) = &self.opened
                    && let Said::Message(payload) = &opened.said
                {
                    let ending = payload_ending(payload);
                    let name = format!("message-{}.{ending}", opened.number + 1);
                    let source = Source::Payload(payload.clone());
                    self.msgs.push(log_files::save(&mut self.files, source, name, ctx));
                }
            }
            LogEffect::OpenFile => {
                let retention = self.live.retention();
                self.msgs.push(log_files::open(&mut self.files, retention, ctx));
            }
            LogEffect::StopFile => {
                self.files.stop();
                self.msgs.push(LogMsg::Done(None));
            }
        }
    }

    /// The row of the connection's log with this number, if it is still there.
    pub fn has_live_row(&self, number: u64) -> bool {
        self.live.range().contains(&number)
    }

    /// Whether the connection's log is shown, and not a file's.
    pub fn shows_live(&self) -> bool {
        self.file.is_none()
    }

    fn show_row(&mut self, number: u64) {
        if self.file.is_some() {
            self.show_file(None);
        }
        if let Some(row) = self.live.get(number) {
            self.msgs.push(LogMsg::Open { number, shape: shape_of(row.content) });
        }
    }

    /// Shows the log of a file, or that of the connection.
    fn show_file(&mut self, file: Option<(Log, LogFile)>) {
        let (log, file) = file.unzip();
        self.file = log;
        self.search.restart();
        self.msgs.push(LogMsg::Shows(file));
    }

    fn take_news(&mut self, news: News<Work>) {
        match news {
            News::Working(job) => self.msgs.push(LogMsg::Working(job)),
            News::Nothing => self.msgs.push(LogMsg::Done(None)),
            News::Done(Outcome::Notice(notice)) => self.msgs.push(LogMsg::Done(Some(notice))),
            News::Done(Outcome::Opened(log, file, notice)) => {
                self.msgs.push(LogMsg::Done(notice));
                self.show_file(Some((*log, file)));
            }
        }
    }

    /// Opens a file that was dropped, unless another one is under way.
    pub fn open_dropped(&mut self, file: DroppedFileHandle, ctx: &egui::Context) {
        if !self.files.is_busy() {
            let retention = self.live.retention();
            self.msgs.push(log_files::open_dropped(&mut self.files, file, retention, ctx));
        }
    }

    /// From now on nobody is asked for a file, and it is this one.
    pub fn answer_dialogs(&mut self, path: Option<PathBuf>) {
        self.files.answer_dialogs(path);
    }

    fn took(&self, number: u64) -> Option<Duration> {
        if self.file.is_some() {
            return None;
        }
        let at = self.round_trips.binary_search_by_key(&number, |(row, _)| *row).ok()?;
        self.round_trips.get(at).map(|(_, took)| *took)
    }

    /// Goes on with what takes longer than a frame, and tells how far all of it has come. Called in every
    /// frame, after everything has been written down.
    pub fn advance(&mut self, ctx: &egui::Context) -> Vec<LogMsg> {
        self.deliveries.settle(&mut self.live);
        let log = self.file.as_ref().unwrap_or(&self.live);
        self.search.advance(log, ctx);
        if let Some(news) = self.files.advance(ctx) {
            self.take_news(news);
        }
        let log = self.file.as_ref().unwrap_or(&self.live);
        if let Some(opened) = &mut self.opened {
            opened.refresh(log);
        }
        let counts = LogCounts {
            generation: log.generation(),
            rows: log.len(),
            dropped: log.dropped(),
            bytes: log.memory(),
        };
        let (found, shown) = (self.search.search_findings(), self.search.filter_findings());
        let mut msgs = std::mem::take(&mut self.msgs);
        if self.told != Some((counts, found, shown)) {
            self.told = Some((counts, found, shown));
            msgs.push(LogMsg::Counted(counts));
            msgs.push(LogMsg::Searched(found));
            msgs.push(LogMsg::Filtered(shown));
        }
        msgs
    }
}

fn ending(format: Format) -> &'static str {
    match format {
        Format::JsonLines => "jsonl",
        Format::Har => "har",
        Format::PlainText => "txt",
    }
}

fn payload_ending(payload: &Payload) -> &'static str {
    match payload {
        Payload::Text(text) => match text.trim_start().as_bytes().first() {
            Some(b'{' | b'[') => "json",
            _ => "txt",
        },
        Payload::Binary(bytes) => payload::picture_ending(bytes).unwrap_or("bin"),
    }
}

fn payload_of(message: &Message) -> Payload {
    match message {
        Message::Text(text) => Payload::Text(text.clone()),
        Message::Binary(bytes) => Payload::Binary(bytes.clone()),
    }
}

fn closed(event: &CloseEvent) -> Event {
    Event::Closed {
        code: Some(event.code),
        name: status::name(event.code).to_owned(),
        reason: event.reason.to_string(),
        initiator: match event.initiator {
            web_socket_channel::Initiator::Local => Some(Initiator::Local),
            web_socket_channel::Initiator::Remote => Some(Initiator::Remote),
            web_socket_channel::Initiator::Failure => None,
        },
        was_clean: event.was_clean,
    }
}
