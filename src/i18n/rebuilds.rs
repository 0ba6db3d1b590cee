//! What the rebuilds panel says.

use std::time::Duration;

use egui_stream_builder::ConnectionState;

use super::Language::{self, Chinese, English};
use crate::experiment::{Experiment, PAUSED_FLOOD, PAUSED_INBOX};
use crate::session::Pane;
use crate::trace::{Counter, Kind, Lane, Rebuild, State, Station};

impl Language {
    /// The button that opens a pane.
    pub fn open_pane_button(self, pane: Pane) -> &'static str {
        match (self, pane) {
            (English, Pane::Rebuilds) => "Show the rebuilds",
            (English, Pane::Lesson) => "Show how it works",
            (Chinese, Pane::Rebuilds) => "显示重建过程",
            (Chinese, Pane::Lesson) => "显示工作原理",
        }
    }

    /// The button that closes a pane.
    pub fn close_pane_button(self, pane: Pane) -> &'static str {
        match (self, pane) {
            (English, Pane::Rebuilds) => "Hide the rebuilds",
            (English, Pane::Lesson) => "Hide how it works",
            (Chinese, Pane::Rebuilds) => "隐藏重建过程",
            (Chinese, Pane::Lesson) => "隐藏工作原理",
        }
    }

    /// The heading of a pane.
    pub fn pane_title(self, pane: Pane) -> &'static str {
        match (self, pane) {
            (English, Pane::Rebuilds) => "Rebuilds",
            (English, Pane::Lesson) => "How it works",
            (Chinese, Pane::Rebuilds) => "重建",
            (Chinese, Pane::Lesson) => "工作原理",
        }
    }

    /// What is sent where a message is wanted and nobody has written one.
    pub fn sample_message(self) -> &'static str {
        match self {
            English => "hello",
            Chinese => "你好",
        }
    }

    /// What is sent to another stream.
    pub fn other_sample_message(self) -> &'static str {
        match self {
            English => "hello from another stream",
            Chinese => "来自另一个流的问候",
        }
    }

    /// The button that stops taking events in.
    pub fn pause_button(self) -> &'static str {
        match self {
            English => "Pause",
            Chinese => "暂停",
        }
    }

    /// The button that takes one event in.
    pub fn take_one_button(self) -> &'static str {
        match self {
            English => "One event",
            Chinese => "单步",
        }
    }

    /// The button for slow motion.
    pub fn slow_button(self) -> &'static str {
        match self {
            English => "Slow motion",
            Chinese => "慢动作",
        }
    }

    /// The button that forgets what was seen.
    pub fn clear_button(self) -> &'static str {
        match self {
            English => "Clear",
            Chinese => "清除",
        }
    }

    /// The heading over the things to try.
    pub fn experiments_title(self) -> &'static str {
        match self {
            English => "Things to try",
            Chinese => "动手试试",
        }
    }

    /// A thing to try.
    pub fn experiment(self, experiment: Experiment) -> &'static str {
        match (self, experiment) {
            (English, Experiment::One) => "One message",
            (English, Experiment::Ten) => "10 at once",
            (English, Experiment::Flood) => "100 000 at once",
            (English, Experiment::Steady) => "60 a second",
            (English, Experiment::SlowBuilder) => "Slow builder",
            (English, Experiment::PausedReader) => "Paused reader",
            (English, Experiment::Failure) => "An error",
            (English, Experiment::Close) => "Close 4123",
            (English, Experiment::Cut) => "Pull the cable",
            (English, Experiment::AnotherStream) => "Another stream",
            (English, Experiment::Hidden) => "Hidden tab",
            (Chinese, Experiment::One) => "一条消息",
            (Chinese, Experiment::Ten) => "一次 10 条",
            (Chinese, Experiment::Flood) => "一次 100 000 条",
            (Chinese, Experiment::Steady) => "每秒 60 条",
            (Chinese, Experiment::SlowBuilder) => "缓慢的构建",
            (Chinese, Experiment::PausedReader) => "暂停读取",
            (Chinese, Experiment::Failure) => "出错",
            (Chinese, Experiment::Close) => "以 4123 关闭",
            (Chinese, Experiment::Cut) => "拔掉网线",
            (Chinese, Experiment::AnotherStream) => "换一个流",
            (Chinese, Experiment::Hidden) => "隐藏标签页",
        }
    }

    /// What to watch in it, in one sentence.
    pub fn what_to_watch(self, experiment: Experiment) -> String {
        match (self, experiment) {
            (English, Experiment::One) => {
                "The handshake and the event each wake the builder; the event is one rebuild and a \
                 frame or two, and after that no frame is drawn."
            }
            (English, Experiment::Ten) => {
                "Ten events and the end arrive together: one rebuild or two take them in, and of each \
                 only the last is drawn."
            }
            (English, Experiment::Flood) => {
                "Each frame takes in what its budget allows and draws the last; the window goes \
                 on answering, and nothing is skipped on the way in."
            }
            (English, Experiment::Steady) => {
                "At 60 a second nearly every event has a rebuild of its own, with most of the \
                 budget left."
            }
            (English, Experiment::SlowBuilder) => {
                "Drawing takes 100 ms here, so about six events share a rebuild: the screen lags, \
                 the stream does not."
            }
            (English, Experiment::PausedReader) => {
                return format!(
                    "{PAUSED_FLOOD} are on their way and nobody reads: the mailbox fills to about \
                     {PAUSED_INBOX} and the sender has to wait; go on, and the rest comes."
                );
            }
            (English, Experiment::Failure) => {
                "The server refuses: the stream yields an error and then its end, both in one \
                 rebuild, and the snapshot has an error in place of data."
            }
            (English, Experiment::Close) => {
                "The server closes with 4123, “done”: the stream ends without an error, and the \
                 last data stays in the snapshot."
            }
            (English, Experiment::Cut) => {
                "The connection is cut without a word: the stream ends, the code is 1006, and the \
                 page says that the network is gone."
            }
            (English, Experiment::AnotherStream) => {
                "The snapshot goes through None and Waiting, but the last text stays until the \
                 new stream speaks."
            }
            (English, Experiment::Hidden) => {
                "Hide the tab or the window for some seconds: events keep arriving and are taken \
                 in, but next to no frame is drawn until you are back."
            }
            (Chinese, Experiment::One) => {
                "握手和事件各唤醒构建器一次；一个事件是一次重建、一两帧，之后不再绘制任何帧。"
            },
            (Chinese, Experiment::Ten) => {
                "十个事件和结束同时到达：一两次重建就接收完，每次只绘制最后一个。"
            },
            (Chinese, Experiment::Flood) => {
                "每帧在时间预算内尽量接收，只绘制最后一个；窗口照常响应，接收时不丢任何事件。"
            }
            (Chinese, Experiment::Steady) => "每秒 60 条时，几乎每个事件都有自己的一次重建，预算大多有余。",
            (Chinese, Experiment::SlowBuilder) => {
                "这里绘制一次要 100 毫秒，大约六个事件共用一次重建：屏幕滞后，流不滞后。"
            }
            (Chinese, Experiment::PausedReader) => {
                return format!(
                    "{PAUSED_FLOOD} 条消息正在路上却无人读取：邮箱积到约 {PAUSED_INBOX} 条，发送方只能等待；\
                     继续后其余消息才会到来。"
                );
            }
            (Chinese, Experiment::Failure) => {
                "服务器拒绝连接：流先给出错误，再结束，两者在同一次重建中；快照里是错误而不是数据。"
            }
            (Chinese, Experiment::Close) => {
                "服务器以 4123 “done” 关闭：流结束而没有错误，最后的数据留在快照中。"
            }
            (Chinese, Experiment::Cut) => "连接被突然切断：流结束，代码是 1006，页面提示网络不通。",
            (Chinese, Experiment::AnotherStream) => {
                "快照经过 None 和 Waiting，但在新的流开口之前，最后的文字一直保留。"
            }
            (Chinese, Experiment::Hidden) => {
                "把标签页或窗口隐藏几秒：事件照样到达并被接收，但在你回来之前几乎不绘制任何帧。"
            }
        }
        .to_owned()
    }

    /// Where nothing is being tried.
    pub fn nothing_tried(self) -> &'static str {
        match self {
            English => "Press one, and watch what happens.",
            Chinese => "点一个，看看会发生什么。",
        }
    }

    /// A place on the way.
    pub fn station(self, station: Station) -> &'static str {
        match (self, station) {
            (English, Station::Socket) => "Socket",
            (English, Station::Mailbox) => "Mailbox",
            (English, Station::Waker) => "Waker",
            (English, Station::Frame) => "Frame",
            (English, Station::Snapshot) => "Snapshot",
            (English, Station::Screen) => "Screen",
            (Chinese, Station::Socket) => "套接字",
            (Chinese, Station::Mailbox) => "邮箱",
            (Chinese, Station::Waker) => "唤醒",
            (Chinese, Station::Frame) => "帧",
            (Chinese, Station::Snapshot) => "快照",
            (Chinese, Station::Screen) => "屏幕",
        }
    }

    /// What the figure at a place says.
    pub fn station_figure(self, station: Station, figure: &str) -> String {
        match (self, station) {
            (English, Station::Socket) => format!("Socket: {figure} messages have arrived"),
            (English, Station::Mailbox) => format!("Mailbox: {figure} messages wait"),
            (English, Station::Waker) => format!("Waker: {figure} wakes"),
            (English, Station::Frame) => format!("Frame: {figure} frames"),
            (English, Station::Snapshot) => format!("Snapshot: {figure}"),
            (English, Station::Screen) => format!("Screen: {figure} rebuilds"),
            (Chinese, Station::Socket) => format!("套接字：已到达 {figure} 条消息"),
            (Chinese, Station::Mailbox) => format!("邮箱：{figure} 条消息在等待"),
            (Chinese, Station::Waker) => format!("唤醒：{figure} 次"),
            (Chinese, Station::Frame) => format!("帧：{figure} 帧"),
            (Chinese, Station::Snapshot) => format!("快照：{figure}"),
            (Chinese, Station::Screen) => format!("屏幕：{figure} 次重建"),
        }
    }

    /// The counters' names.
    pub fn counter(self, counter: Counter) -> &'static str {
        match (self, counter) {
            (English, Counter::Events) => "Events",
            (English, Counter::Wakes) => "Wakes",
            (English, Counter::Rebuilds) => "Rebuilds",
            (English, Counter::Frames) => "Frames",
            (English, Counter::Coalesced) => "Coalesced",
            (English, Counter::MostPerFrame) => "Most in a frame",
            (English, Counter::BudgetLeft) => "Budget left",
            (Chinese, Counter::Events) => "事件",
            (Chinese, Counter::Wakes) => "唤醒",
            (Chinese, Counter::Rebuilds) => "重建",
            (Chinese, Counter::Frames) => "帧",
            (Chinese, Counter::Coalesced) => "合并",
            (Chinese, Counter::MostPerFrame) => "单帧最多",
            (Chinese, Counter::BudgetLeft) => "剩余预算",
        }
    }

    /// What a counter counts.
    pub fn about_counter(self, counter: Counter) -> &'static str {
        match (self, counter) {
            (English, Counter::Events) => "Data, errors and ends that the builder took in",
            (English, Counter::Wakes) => "How often the stream said that it has something",
            (English, Counter::Rebuilds) => "Frames that had something new to draw",
            (English, Counter::Frames) => "All frames; the mouse asks for some, too",
            (English, Counter::Coalesced) => "Events replaced before a frame drew them",
            (English, Counter::MostPerFrame) => "The most events that one frame took in",
            (English, Counter::BudgetLeft) => {
                "What the last rebuild left of the time a frame may spend on taking events in"
            }
            (Chinese, Counter::Events) => "构建器接收的数据、错误和结束",
            (Chinese, Counter::Wakes) => "流通知有新内容的次数",
            (Chinese, Counter::Rebuilds) => "有新内容可绘制的帧",
            (Chinese, Counter::Frames) => "所有的帧；鼠标也会引起一些",
            (Chinese, Counter::Coalesced) => "尚未绘制就被替换的事件",
            (Chinese, Counter::MostPerFrame) => "一帧接收的最多事件数",
            (Chinese, Counter::BudgetLeft) => "上次重建后，每帧接收事件的时间还剩多少",
        }
    }

    /// A counter and its figure, for those who hear it.
    pub fn counted(self, counter: Counter, figure: &str) -> String {
        let name = self.counter(counter);
        match self {
            English => format!("{name}: {figure}"),
            Chinese => format!("{name}：{figure}"),
        }
    }

    /// The states that the snapshot went through.
    pub fn states<'a>(self, states: impl Iterator<Item = &'a State>) -> String {
        let states: Vec<_> = states.map(|state| self.snapshot_state(state)).collect();
        states.join(" › ")
    }

    fn snapshot_state(self, state: &State) -> String {
        let value = match (self, state.has_data) {
            (_, None) => return self.connection_state(state.connection).to_owned(),
            (English, Some(true)) => "data",
            (English, Some(false)) => "error",
            (Chinese, Some(true)) => "数据",
            (Chinese, Some(false)) => "错误",
        };
        let connection = self.connection_state(state.connection);
        format!("{connection} ({value})")
    }

    /// Named as in the source, in every language.
    pub fn connection_state(self, state: ConnectionState) -> &'static str {
        match state {
            ConnectionState::None => "None",
            ConnectionState::Waiting => "Waiting",
            ConnectionState::Active => "Active",
            ConnectionState::Done => "Done",
        }
    }

    /// What a rebuild was made of.
    pub fn rebuild(self, rebuild: &Rebuild) -> String {
        let Rebuild { number, events, is_cut, .. } = rebuild;
        let coalesced = events - 1;
        let mut line = match (self, events) {
            (English, 1) => format!("Rebuild {number}: 1 event"),
            (English, _) => {
                format!("Rebuild {number}: {events} events, {coalesced} of them coalesced")
            }
            (Chinese, 1) => format!("重建 {number}：1 个事件"),
            (Chinese, _) => format!("重建 {number}：{events} 个事件，合并 {coalesced} 个"),
        };
        if *is_cut {
            line.push_str(match self {
                English => "; the budget was used up",
                Chinese => "；预算用尽",
            });
        }
        line
    }

    /// The time before a rebuild, in which nothing new was drawn.
    pub fn pause_before(self, pause: Duration, frames: u64) -> String {
        let pause = self.short_time(pause);
        match (self, frames) {
            (English, 0) => format!("{pause} without a frame"),
            (English, 1) => format!("{pause} with 1 frame that had nothing new"),
            (English, _) => format!("{pause} with {frames} frames that had nothing new"),
            (Chinese, 0) => format!("{pause} 内没有绘制任何帧"),
            (Chinese, _) => format!("{pause} 内有 {frames} 帧，没有新内容"),
        }
    }

    /// How long the last event of a rebuild took from each place to the next.
    pub fn legs(self, rebuild: &Rebuild) -> String {
        rebuild.lanes.last().map_or_else(String::new, |lane| self.legs_of(rebuild, lane))
    }

    /// How long an event took from each place to the next.
    pub fn legs_of(self, rebuild: &Rebuild, lane: &Lane) -> String {
        let mut legs = Vec::new();
        let mut before = None;
        for (station, at) in rebuild.way(lane) {
            let Some(at) = at else { continue };
            let name = self.station(station);
            legs.push(match before {
                None => name.to_owned(),
                Some(before) => {
                    format!("{} › {name}", self.short_time(at.saturating_sub(before)))
                }
            });
            before = Some(at);
        }
        legs.join(" ")
    }

    /// An event, by its number.
    pub fn lane(self, lane: &Lane) -> String {
        let number = lane.number;
        match (self, lane.kind) {
            (_, Kind::Data) => format!("#{number}"),
            (English, Kind::Error) => format!("#{number} error"),
            (English, Kind::Done) => format!("#{number} end"),
            (Chinese, Kind::Error) => format!("#{number} 错误"),
            (Chinese, Kind::Done) => format!("#{number} 结束"),
        }
    }

    /// The events that are not shown one by one.
    pub fn more_events(self, count: u64) -> String {
        match self {
            English => format!("{count} more"),
            Chinese => format!("另有 {count} 个"),
        }
    }

    /// Before anything has happened.
    pub fn no_rebuild(self) -> &'static str {
        match self {
            English => "No event so far, and so no rebuild.",
            Chinese => "还没有事件，也就没有重建。",
        }
    }

    /// A time with two digits or so, in the unit that suits it.
    pub fn short_time(self, time: Duration) -> String {
        let us = time.as_secs_f64() * 1e6;
        match us {
            ..0.05 => "0 µs".to_owned(),
            0.05..10.0 => format!("{us:.1} µs"),
            10.0..1e3 => format!("{us:.0} µs"),
            1e3..1e4 => format!("{:.1} ms", us / 1e3),
            1e4..1e6 => format!("{:.0} ms", us / 1e3),
            _ => format!("{:.1} s", us / 1e6),
        }
    }
}
