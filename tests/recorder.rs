//! The rebuilds panel against the truth: for streams of which every step is known, what it shows is
//! what happened.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::Duration;

use app_core::recording::{
    Content, EventKind, Moment, Rebuild, RecordedEvent, Recording, SnapshotState, Stage,
    StreamState, Totals,
};
use egui::{Context, RawInput};
use egui_stream_builder::{Event, StreamBuilder};
use web_socket_channel::memory::{self, Remote};
use web_socket_channel::{Error, Message, NetworkError, NetworkErrorKind, Options};
use websocket_echo::recorder::Recorder;

/// A builder on a channel whose other end a test plays, with somebody who looks.
struct Rig {
    ctx: Context,
    messages: StreamBuilder<Message, Error>,
    recorder: Recorder,
    remote: Remote,
    connections: u64,
}

impl Rig {
    fn new() -> Self {
        let recorder = Recorder::new();
        let mut messages = StreamBuilder::new();
        messages.on_wake(recorder.on_wake());
        let (_, remote) = memory::scripted();
        let ctx = Context::default();
        let mut rig = Self { ctx, messages, recorder, remote, connections: 0 };
        rig.connect();
        // The first poll, which nothing has woken.
        rig.frame();
        rig.recorder.begin(&rig.messages, rig.ctx.cumulative_frame_nr());
        rig
    }

    /// Another stream in the same builder.
    fn connect(&mut self) {
        let tap = Some(self.recorder.tap(&self.ctx));
        let (channel, remote) = memory::scripted_with(Options::default().tap(tap));
        remote.open(None);
        self.remote = remote;
        self.connections += 1;
        self.messages.set_stream(self.connections, || channel);
    }

    /// One frame, as the app draws it. Gives what the builder showed of the stream.
    fn frame(&mut self) -> Vec<EventKind> {
        let mut seen = Vec::new();
        let output = self.ctx.clone().run_ui(RawInput::default(), |ui| {
            self.recorder.frame(ui.ctx().cumulative_frame_nr());
            self.recorder.update(&mut self.messages, ui.ctx(), |event| {
                seen.push(match event {
                    Event::Data(_) => EventKind::Data,
                    Event::Error(_) => EventKind::Error,
                    Event::Done => EventKind::Done,
                });
                None
            });
            self.messages.show(ui, |_, _| {});
            self.recorder.drawn(|| None);
        });
        output.drop_without_applying_deltas();
        seen
    }

    fn recording(&self) -> &Recording {
        self.recorder.recording().unwrap()
    }

    fn now(&self) -> Moment<'_> {
        self.recording().now()
    }

    fn totals(&self) -> Totals {
        self.now().totals
    }

    fn newest(&self) -> Rebuild {
        self.recording().rebuilds().next_back().unwrap()
    }

    /// The events of the last rebuild.
    fn newest_events(&self) -> Vec<RecordedEvent<'_>> {
        let rebuild = self.newest();
        let numbers = rebuild.first_event..=rebuild.last_event();
        numbers.map(|number| self.recording().event(number).unwrap()).collect()
    }

    fn states(&self) -> Vec<(StreamState, Option<bool>)> {
        let state = |state: SnapshotState| (state.stream, state.has_data);
        self.recording().states().map(state).collect()
    }

    /// Messages that have arrived, and those that wait.
    fn arrived_and_waiting(&mut self) -> (u64, u64) {
        self.recorder.look();
        (self.now().arrived, self.now().waiting)
    }

    /// Every event stands at each place after the one before it.
    #[track_caller]
    fn assert_in_order(&self) {
        let rebuild = self.newest();
        for event in self.newest_events() {
            let times: Vec<_> =
                rebuild.stage_times(&event).into_iter().filter_map(|(_, at)| at).collect();
            assert!(times.is_sorted(), "{event:?}: {times:?}");
        }
    }
}

fn refused() -> Error {
    NetworkError::new(NetworkErrorKind::ConnectionRefused, "raisin").into()
}

#[test]
fn no_event_is_no_rebuild_and_frames_count_all_the_same() {
    let mut rig = Rig::new();
    for _ in 0..3 {
        assert_eq!(rig.frame(), []);
    }
    assert_eq!(rig.totals(), Totals { frames: 3, ..Totals::default() });
    assert_eq!(rig.recording().rebuilds().count(), 0);
    assert_eq!(rig.states(), [(StreamState::Waiting, None)]);
}

#[test]
fn one_event_is_one_wake_and_one_rebuild_and_is_seen_at_every_place() {
    let mut rig = Rig::new();
    rig.remote.send("raisin");
    assert_eq!(rig.arrived_and_waiting(), (1, 1));
    assert_eq!(rig.frame(), [EventKind::Data]);
    assert_eq!(rig.arrived_and_waiting(), (1, 0));
    let totals = Totals { events: 1, wakes: 1, rebuilds: 1, frames: 1, most_per_frame: 1 };
    assert_eq!(rig.totals(), totals);
    rig.assert_in_order();
    let rebuild = rig.newest();
    let events = rig.newest_events();
    let times = rebuild.stage_times(&events[0]);
    assert_eq!(times.map(|(stage, _)| stage), Stage::ALL);
    assert!(times.iter().all(|(_, at)| at.is_some()), "{times:?}");
}

#[test]
fn a_burst_is_one_wake_and_one_rebuild_and_the_rest_is_coalesced() {
    let mut rig = Rig::new();
    for number in 0..36 {
        rig.remote.send(format!("raisin {number}"));
    }
    assert_eq!(rig.arrived_and_waiting().1, 36);
    assert_eq!(rig.frame().len(), 36);
    let totals = Totals { events: 36, wakes: 1, rebuilds: 1, frames: 1, most_per_frame: 36 };
    assert_eq!(rig.totals(), totals);
    assert_eq!(totals.coalesced(), 35);
    rig.assert_in_order();
    let rebuild = rig.newest();
    let events = rig.newest_events();
    assert_eq!((rebuild.events, events.len()), (36, 36));
    // Only the last one is drawn.
    let is_drawn = |event: &RecordedEvent<'_>| rebuild.stage_times(event)[5].1.is_some();
    let drawn: Vec<_> = events.iter().filter(|event| is_drawn(event)).collect();
    assert_eq!(drawn, [&events[35]]);
    let shown = rig.now().shown.map(|shown| shown.content);
    assert_eq!(shown, Some(Content::Text("raisin 35")));
}

#[test]
fn an_error_and_the_end_share_a_rebuild() {
    let mut rig = Rig::new();
    rig.remote.send("raisin");
    rig.frame();
    rig.remote.fail(Some(refused()));
    assert_eq!(rig.frame(), [EventKind::Error, EventKind::Done]);
    let totals = rig.totals();
    assert_eq!((totals.events, totals.rebuilds, totals.coalesced()), (3, 2, 1));
    rig.assert_in_order();
    let events = rig.newest_events();
    let arrived: Vec<_> = events.iter().map(|event| event.arrived.is_some()).collect();
    assert_eq!(arrived, [true, true]);
    let expected = [(StreamState::Active, Some(true)), (StreamState::Done, Some(false))];
    assert_eq!(rig.states(), expected);
}

#[test]
fn a_swap_begins_to_count_messages_anew_and_events_go_on() {
    let mut rig = Rig::new();
    rig.remote.send("raisin");
    rig.remote.send("grape");
    rig.frame();
    rig.connect();
    assert_eq!(rig.arrived_and_waiting(), (0, 0));
    rig.frame();
    rig.remote.send("plum");
    assert_eq!(rig.arrived_and_waiting(), (1, 1));
    rig.frame();
    rig.assert_in_order();
    let events = rig.newest_events();
    assert_eq!(events[0].number, 3);
    assert!(events[0].arrived.is_some());
    let (waiting, active) = (StreamState::Waiting, StreamState::Active);
    let data = Some(true);
    assert_eq!(rig.states(), [(active, data), (waiting, data), (active, data)]);
}

/// One event for each update, as when a person steps through them.
#[test]
fn without_a_budget_each_event_is_a_rebuild_of_its_own() {
    let mut rig = Rig::new();
    rig.messages.budget = Duration::ZERO;
    for number in 0..5 {
        rig.remote.send(format!("raisin {number}"));
    }
    for left in (0..5).rev() {
        assert_eq!(rig.frame(), [EventKind::Data]);
        assert_eq!(rig.arrived_and_waiting().1, left);
        // Nobody has used up a budget that there was not.
        assert!(!rig.newest().is_cut);
        assert_eq!(rig.now().budget_left, None);
    }
    let totals = rig.totals();
    assert_eq!((totals.events, totals.rebuilds, totals.coalesced()), (5, 5, 0));
}

#[test]
fn who_looks_later_sees_the_right_times() {
    let mut rig = Rig::new();
    rig.recorder.end();
    rig.remote.send("before anybody looked");
    rig.recorder.begin(&rig.messages, rig.ctx.cumulative_frame_nr());
    rig.remote.send("raisin");
    rig.frame();
    rig.assert_in_order();
    let events = rig.newest_events();
    let arrived: Vec<_> = events.iter().map(|event| event.arrived.is_some()).collect();
    assert_eq!(arrived, [false, true]);
}

#[test]
fn nobody_looks_any_more() {
    let mut rig = Rig::new();
    rig.remote.send("raisin");
    rig.frame();
    rig.recorder.end();
    let before = rig.recording().clone();
    assert_eq!(before.last_event(), 1);
    rig.remote.send("grape");
    assert_eq!(rig.frame(), [EventKind::Data]);
    assert_eq!(*rig.recording(), before, "it is kept, and grows no more");
    assert!(rig.recorder.seen().is_none());
    rig.recorder.begin(&rig.messages, rig.ctx.cumulative_frame_nr());
    assert_eq!(rig.recording().last_event(), 0);
}
