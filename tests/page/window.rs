//! A window without a screen: it draws the page when it is asked to and at no other time, as the
//! real one does, so that a wake that is missing or too many fails a test.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use app_core::stored::Stored;
use app_core::{Language, Opening, Panel, Preferences};
use egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, Pos2, RawInput, Rect, TouchPhase,
    Vec2, ViewportId, accesskit::Role, vec2,
};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, HarnessBuilder, Node};
use material::theme;
use websocket_echo::app::EchoPage;
use websocket_echo::i18n::{Words, words};
use websocket_echo::ui::page::TWO_COLUMNS;
use websocket_echo::ui::panels;

use crate::glyphs;

/// How long something may take that takes milliseconds, on the slowest machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// More frames than these without a rest are an animation that never ends.
const MAX_FRAMES: u64 = 1_000;

/// The page in a window.
pub(crate) struct Window {
    harness: Harness<'static, EchoPage>,
    bell: Arc<Bell>,
}

/// When the next frame is due.
#[derive(Default)]
struct Bell {
    due: Mutex<Option<Instant>>,
    rung: Condvar,
}

/// The page as it is opened in most tests: in English, without an echo of its own, and where a lost
/// connection stays lost.
pub(crate) fn opening(address: impl Into<String>) -> Opening {
    let mut stored = Stored::default();
    stored.settings.reconnects = false;
    Opening { has_endpoints: true, stored: Ok(stored), ..Opening::new(address) }
}

/// The same, where a lost connection is made again, and soon.
pub(crate) fn reconnecting(address: impl Into<String>) -> Opening {
    let mut stored = Stored::default();
    stored.settings.longest_wait = stored.settings.first_wait.clone();
    Opening { stored: Ok(stored), ..opening(address) }
}

impl Window {
    pub(crate) fn open(address: impl Into<String>) -> Self {
        Self::open_with(opening(address))
    }

    pub(crate) fn open_with(opening: Opening) -> Self {
        Self::open_sized(opening, vec2(400.0, 720.0))
    }

    pub(crate) fn open_sized(opening: Opening, size: Vec2) -> Self {
        Self::build(Harness::builder().with_size(size), opening, glyphs::install)
    }

    /// `set_up` brings what a machine's own fonts bring to the real window.
    pub(crate) fn build(
        builder: HarnessBuilder<EchoPage>,
        opening: Opening,
        set_up: impl FnOnce(&egui::Context) + 'static,
    ) -> Self {
        let bell = Arc::<Bell>::default();
        let ringing = Arc::clone(&bell);
        let harness = builder
            .with_context_setup(move |ctx| {
                set_up(ctx);
                ctx.set_request_repaint_callback(move |info| ringing.ring(info.delay));
            })
            .build_eframe(|creation| EchoPage::new(&creation.egui_ctx, opening));
        // kittest has just stopped some of what may move; here the app's own opening count.
        theme::set_look(&harness.ctx, theme::look(&harness.ctx));
        let mut window = Self { harness, bell };
        window.settle();
        window
    }

    /// The system prefers this from now on.
    pub(crate) fn prefer(&mut self, preferences: Preferences) {
        let mut news = Some(preferences);
        self.harness.state_mut().follow_preferences(move || news.take());
        self.settle();
    }

    /// How all that is drawn looks.
    pub(crate) fn look(&self) -> material::Look {
        theme::look(&self.harness.ctx)
    }

    /// Draws a frame, and the ones that it asks for at once.
    fn settle(&mut self) {
        for _ in 0..MAX_FRAMES {
            self.bell.silence();
            self.harness.step();
            let delay = self.harness.output().viewport_output[&ViewportId::ROOT].repaint_delay;
            self.bell.ring(delay);
            if delay != Duration::ZERO {
                self.harness.check_accessibility();
                return;
            }
        }
        unreachable!("it never comes to rest: {:?}", self.harness.ctx.repaint_causes());
    }

    /// Draws when asked to until this is so.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !is_so(self) {
            assert!(self.bell.wait(deadline), "{what}: not on the page, which is\n{self:?}");
            self.settle();
        }
    }

    /// Waits until these words stand somewhere on the page.
    #[track_caller]
    pub(crate) fn until_shown(&mut self, words: &str) {
        self.until(words, |window| window.shows(words));
    }

    /// Draws when asked to until nothing has asked for this long, and gives how often that was.
    #[track_caller]
    pub(crate) fn rest(&mut self, time: Duration) -> u64 {
        let before = self.frames();
        while self.bell.wait(Instant::now() + time) {
            self.settle();
            assert!(self.frames() - before < MAX_FRAMES, "something moves by itself: {self:?}");
        }
        self.frames() - before
    }

    /// How many frames were drawn so far.
    pub(crate) fn frames(&self) -> u64 {
        self.harness.ctx.cumulative_frame_nr()
    }

    /// Hides the window until its stream has yielded so many more events: its logic runs when it is
    /// asked for, and nothing is drawn.
    #[track_caller]
    pub(crate) fn hide_for(&mut self, events: u64) {
        let ctx = self.harness.ctx.clone();
        let frames = self.frames();
        let enough = self.page().counters().events + events;
        while self.page().counters().events < enough {
            assert!(self.bell.wait(Instant::now() + DEADLINE), "nothing wakes it: {self:?}");
            self.bell.silence();
            let page = self.harness.state_mut();
            let output = ctx.run_logic(&RawInput::default(), |ctx| page.logic(ctx));
            assert!(output.viewport_commands.is_empty());
        }
        assert_eq!(self.frames(), frames);
    }

    /// Hides the window for this time.
    pub(crate) fn hide_while(&mut self, time: Duration) {
        let ctx = self.harness.ctx.clone();
        let end = Instant::now() + time;
        while self.bell.wait(end) {
            self.bell.silence();
            let page = self.harness.state_mut();
            let output = ctx.run_logic(&RawInput::default(), |ctx| page.logic(ctx));
            assert!(output.viewport_commands.is_empty());
        }
    }

    /// Shows it again.
    pub(crate) fn show(&mut self) {
        self.settle();
    }

    pub(crate) fn resize(&mut self, size: Vec2) {
        self.harness.set_size(size);
        self.settle();
    }

    pub(crate) fn page(&mut self) -> &mut EchoPage {
        self.harness.state_mut()
    }

    pub(crate) fn harness(&mut self) -> &mut Harness<'static, EchoPage> {
        &mut self.harness
    }
}

/// What a person does.
impl Window {
    #[track_caller]
    pub(crate) fn click(&mut self, label: &str) {
        self.get(label).click();
        self.settle();
    }

    /// Clicks one of several of the same name.
    #[track_caller]
    pub(crate) fn click_among(
        &mut self,
        label: &str,
        choose: impl for<'a> FnOnce(Vec<Node<'a>>) -> Option<Node<'a>>,
    ) {
        let nodes = self.harness.get_all_by_label(label).collect();
        choose(nodes).unwrap_or_else(|| unreachable!("none of {label}")).click();
        self.show();
    }

    /// Types into whatever has the keyboard.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.settle();
    }

    /// Pastes into whatever has the keyboard.
    pub(crate) fn paste(&mut self, text: &str) {
        self.harness.event(Event::Paste(text.to_owned()));
        self.settle();
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.settle();
    }

    pub(crate) fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Whatever else the platform may say.
    pub(crate) fn event(&mut self, event: Event) {
        self.harness.event(event);
        self.settle();
    }

    /// Turns the wheel of the mouse over this place, down where the points are less than 0.
    pub(crate) fn wheel(&mut self, at: Pos2, points: f32) {
        self.harness.event(Event::PointerMoved(at));
        self.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, points),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
    }

    /// Drops files on the window.
    pub(crate) fn drop_files(&mut self, paths: &[&Path]) {
        #[derive(Debug)]
        struct Dropped(PathBuf);
        impl egui::DroppedFile for Dropped {
            fn path(&self) -> &Path {
                &self.0
            }
            fn bytes(&self) -> Result<Vec<u8>, String> {
                std::fs::read(&self.0).map_err(|why| why.to_string())
            }
        }
        for path in paths {
            let file = Arc::new(Dropped(path.to_path_buf()));
            self.harness.input_mut().dropped_files.push(file);
        }
        self.settle();
    }

    /// Replaces what stands in a field.
    #[track_caller]
    pub(crate) fn rewrite(&mut self, label: &str, text: &str) {
        self.click(label);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.settle();
        if text.is_empty() {
            self.press(Key::Backspace);
        } else {
            self.type_text(text);
        }
    }

    /// Opens the menu and clicks there.
    #[track_caller]
    pub(crate) fn click_in_menu(&mut self, label: &str) {
        self.click(self.spoken().more_button);
        self.click(label);
    }

    /// Switches to the next language.
    pub(crate) fn next_language(&mut self) {
        self.click_in_menu(words(self.language().next()).switch_here_button);
    }

    /// Opens a panel, or closes it.
    #[track_caller]
    pub(crate) fn toggle_panel(&mut self, panel: Panel) {
        let words = self.spoken();
        let (open, close) = ((words.open_panel_button)(panel), (words.close_panel_button)(panel));
        if self.shows(close) {
            // Of two the one at its top comes last.
            let button = self.harness.get_all_by_label(close).last();
            button.unwrap_or_else(|| unreachable!("it was there")).click();
            self.settle();
        } else if panels::of(panel).is_in_bar || panel == Panel::Connection {
            self.click(open);
        } else {
            self.click_in_menu(open);
        }
    }

    /// Types this address where addresses are typed.
    #[track_caller]
    pub(crate) fn type_address(&mut self, address: &str) {
        let label = self.spoken().connection.address_label;
        if !self.shows(label) {
            self.toggle_panel(Panel::Connection);
        }
        self.rewrite(label, address);
    }

    /// Connects to this address; what stands over the page is closed then.
    #[track_caller]
    pub(crate) fn connect_to(&mut self, address: &str) {
        self.type_address(address);
        self.press(Key::Enter);
        let width = self.harness.ctx.content_rect().width();
        assert_eq!(self.shows(self.spoken().connection.address_label), width >= TWO_COLUMNS);
    }

    /// The words of the language that the page speaks.
    fn spoken(&self) -> &'static Words {
        words(self.language())
    }

    fn language(&self) -> Language {
        // What stands over the page hides its menu, and has a button to close it.
        let is_spoken = |language: &Language| {
            let words = words(*language);
            let close = (words.close_panel_button)(Panel::Connection);
            self.shows(words.more_button) || self.shows(close)
        };
        let language = Language::ALL.into_iter().find(is_spoken);
        language.unwrap_or_else(|| unreachable!("no language: {self:?}"))
    }

    pub(crate) fn scroll_to_end(&mut self, label: &str) {
        for _ in 0..100 {
            self.get(label).scroll_down();
        }
        self.settle();
    }
}

/// What a person sees, or hears.
impl Window {
    /// What has this name. In Chinese a button may be called like the heading above it, and is meant then.
    #[track_caller]
    pub(crate) fn get<'a>(&'a self, label: &'a str) -> Node<'a> {
        let is_heading = |node: &Node<'_>| node.accesskit_node().role() == Role::Heading;
        let mut others = self.harness.query_all_by_label(label).filter(|node| !is_heading(node));
        match (others.next(), others.next()) {
            (Some(other), None) => other,
            _ => self.harness.get_by_label(label),
        }
    }

    pub(crate) fn shows(&self, words: &str) -> bool {
        self.words().iter().any(|there| there == words)
    }

    /// Whether there is something in this part.
    pub(crate) fn has(&self, role: Role) -> bool {
        self.harness.query_all_by_role(role).next().is_some()
    }

    /// The name of what has the keyboard.
    pub(crate) fn focused(&self) -> Option<String> {
        let mut nodes = self.harness.root().children_recursive();
        nodes.find(Node::is_focused).and_then(|node| node.accesskit_node().label())
    }

    pub(crate) fn is_disabled(&self, label: &str) -> bool {
        self.get(label).accesskit_node().is_disabled()
    }

    /// Every sentence, name and value on the page.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for node in self.harness.root().children_recursive() {
            let node = node.accesskit_node();
            let data = node.data();
            words.extend([node.label(), node.value(), node.description()].into_iter().flatten());
            words
                .extend([data.placeholder(), data.tooltip()].into_iter().flatten().map(Into::into));
        }
        words.retain(|words| !words.is_empty());
        words.dedup();
        words
    }

    /// Where everything is, with its name.
    pub(crate) fn rects(&self) -> Vec<(String, Rect)> {
        let nodes = self.harness.root().children_recursive();
        nodes
            .filter(|node| {
                let node = node.accesskit_node();
                // A field clips its text, of which only a part is in sight.
                node.bounding_box().is_some() && node.role() != Role::TextRun
            })
            .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
            .collect()
    }

    /// That nothing is wider than the window, or reaches out of it at a side.
    #[track_caller]
    pub(crate) fn assert_nothing_sticks_out(&self) {
        let width = self.harness.ctx.content_rect().width();
        for (name, rect) in self.rects() {
            assert!(rect.left() >= 0.0 && rect.right() <= width, "{rect:?} of {width}: {name:.99}");
        }
    }
}

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.words()).finish()
    }
}

impl Bell {
    fn ring(&self, delay: Duration) {
        // A delay too long to be a time is no request.
        let Some(at) = Instant::now().checked_add(delay) else { return };
        let mut due = self.lock();
        *due = Some(due.map_or(at, |due| due.min(at)));
        self.rung.notify_all();
    }

    fn silence(&self) {
        *self.lock() = None;
    }

    /// Waits until a frame is due: true; or until the deadline: false.
    fn wait(&self, deadline: Instant) -> bool {
        let mut due = self.lock();
        loop {
            let now = Instant::now();
            if due.is_some_and(|due| due <= now) {
                return true;
            }
            if deadline <= now {
                return false;
            }
            let next = due.map_or(deadline, |due| due.min(deadline));
            let waited = self.rung.wait_timeout(due, next - now);
            due = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
