//! Looks for rows beside the frames: those that may be shown, and those in which something is found.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use app_core::log::Findings;
use message_log::{Filter, Log, Matcher, Query, RowSet, Scan};
use web_time::Instant;

use crate::platform;

/// How long a frame may take for it itself: enough for some rows that have come.
const IN_FRAME: Duration = Duration::from_millis(2);

/// The rows that may be shown, and those in which something is found.
#[derive(Default)]
pub(super) struct Search {
    filter: Filter,
    query: Option<Query>,
    only_matches: bool,
    /// Rows that the filter accepts; none where it accepts all.
    accepted: Option<Lane>,
    /// Those of them in which the query is found.
    found: Option<Lane>,
}

/// One scan, here or on a thread.
struct Lane {
    matcher: Matcher,
    at: At,
    /// As they were when the scan was last here, while it is not.
    hits: RowSet,
    findings: Findings,
}

enum At {
    Home(Box<Scan>),
    Away(Receiver<Box<Scan>>),
    /// It was stopped before its end, or its thread is gone.
    Stopped,
}

impl Search {
    /// Looks for other rows from now on.
    pub(super) fn find(&mut self, filter: Filter, query: Option<Query>, only_matches: bool) {
        self.only_matches = only_matches;
        if self.filter != filter {
            let lane = || Matcher::new(&Query::default()).ok().map(|all| Lane::new(filter, all));
            self.accepted = (filter != Filter::default()).then(lane).flatten();
        }
        if self.filter != filter || self.query != query {
            // What is wrong with a query was told when it was typed.
            let matcher = query.as_ref().and_then(|query| Matcher::new(query).ok());
            self.found = matcher.map(|matcher| Lane::new(filter, matcher));
        }
        (self.filter, self.query) = (filter, query);
    }

    /// Begins anew, in other rows.
    pub(super) fn restart(&mut self) {
        let query = self.query.take();
        let filter = std::mem::take(&mut self.filter);
        (self.accepted, self.found) = (None, None);
        self.find(filter, query, self.only_matches);
    }

    /// Looks no further.
    pub(super) fn stop(&mut self) {
        for lane in [&mut self.accepted, &mut self.found].into_iter().flatten() {
            lane.stop();
        }
    }

    /// Goes on. Called in every frame.
    pub(super) fn advance(&mut self, log: &Log, ctx: &egui::Context) {
        for lane in [&mut self.accepted, &mut self.found].into_iter().flatten() {
            lane.advance(log, ctx);
        }
    }

    /// The rows that are shown; none where all are.
    pub(super) fn shown(&self) -> Option<&RowSet> {
        let lane = match &self.found {
            Some(found) if self.only_matches => Some(found),
            _ => self.accepted.as_ref(),
        };
        lane.map(Lane::hits)
    }

    /// The rows in which something is found, and what that is.
    pub(super) fn found(&self) -> Option<(&RowSet, &Matcher)> {
        self.found.as_ref().map(|lane| (lane.hits(), &lane.matcher))
    }

    /// How far the search has come.
    pub(super) fn search_findings(&self) -> Findings {
        self.found.as_ref().map(|lane| lane.findings).unwrap_or_default()
    }

    /// How far the filter has come.
    pub(super) fn filter_findings(&self) -> Findings {
        self.accepted.as_ref().map(|lane| lane.findings).unwrap_or_default()
    }
}

impl Lane {
    fn new(filter: Filter, matcher: Matcher) -> Self {
        let at = At::Home(Box::new(Scan::new(filter, matcher.clone())));
        Self { matcher, at, hits: RowSet::default(), findings: Findings::default() }
    }

    fn hits(&self) -> &RowSet {
        match &self.at {
            At::Home(scan) => scan.hits(),
            At::Away(_) | At::Stopped => &self.hits,
        }
    }

    fn stop(&mut self) {
        if self.findings.is_running() {
            self.hits = self.hits().clone();
            self.at = At::Stopped;
            self.findings.is_stopped = true;
        }
    }

    fn advance(&mut self, log: &Log, ctx: &egui::Context) {
        if let At::Away(result) = &self.at {
            match result.try_recv() {
                Ok(scan) => self.at = At::Home(scan),
                Err(TryRecvError::Empty) => return,
                Err(TryRecvError::Disconnected) => {
                    self.at = At::Stopped;
                    self.findings.is_stopped = true;
                }
            }
        }
        let At::Home(scan) = &mut self.at else { return };
        let start = Instant::now();
        let progress = scan.advance_while(log, || start.elapsed() < IN_FRAME);
        let found = scan.hits().len();
        let (done, rows) = (progress.done, progress.rows);
        self.findings = Findings { found, done, rows, is_stopped: false };
        if progress.is_done() {
            return;
        }
        self.hits = scan.hits().clone();
        let (give_back, result) = channel();
        let At::Home(mut scan) = std::mem::replace(&mut self.at, At::Away(result)) else { return };
        let (rows, ctx) = (log.snapshot(), ctx.clone());
        platform::beside_frames(move |go_on| {
            scan.advance_while(&rows, go_on);
            drop(rows);
            // Nobody waits for it where something else is looked for by now.
            if give_back.send(scan).is_ok() {
                ctx.request_repaint();
            }
        });
    }
}
