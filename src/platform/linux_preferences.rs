//! What a Linux desktop says of how all programs are to look, by its portal: light or dark, contrast, motion.
//!
//! winit hears nothing of it here. The portal's settings are documented under `org.freedesktop.portal.Settings`.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use app_core::Preferences;
use eframe::egui::Context;
use futures::executor::block_on;
use futures::future::select;
use futures::stream::TryStreamExt as _;
use tokio::sync::oneshot;
use zbus::message::Type;
use zbus::zvariant::{OwnedValue, Value};
use zbus::{Connection, MatchRule, MessageStream};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const INTERFACE: &str = "org.freedesktop.portal.Settings";

/// The desktop's own settings.
const APPEARANCE: &str = "org.freedesktop.appearance";
/// GNOME's, which had switches for motion and contrast before the portals did.
const GNOME: &str = "org.gnome.desktop.interface";
const GNOME_A11Y: &str = "org.gnome.desktop.a11y.interface";

/// How many changes may wait: more than a person makes while a thread sleeps.
const MAX_QUEUED: usize = 64;

/// Listens to the desktop on a thread of its own, until it is dropped. Where there is no bus, or no portal on it,
/// it says nothing.
#[derive(Debug)]
pub(super) struct DesktopPreferences {
    shared: Arc<Mutex<Shared>>,
    /// Dropped to end the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// What nobody has taken yet.
    news: Option<Preferences>,
    /// What is to be woken for it, once there is a window.
    ctx: Option<Context>,
}

impl DesktopPreferences {
    /// Begins to listen.
    pub(super) fn listen() -> Self {
        Self::listen_on(async { Connection::session().await })
    }

    fn listen_on(bus: impl Future<Output = zbus::Result<Connection>> + Send + 'static) -> Self {
        let shared = Arc::<Mutex<Shared>>::default();
        let (stop, stopped) = oneshot::channel::<()>();
        let tell = {
            let shared = Arc::clone(&shared);
            move |news| {
                let ctx = {
                    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    shared.news = Some(news);
                    shared.ctx.clone()
                };
                if let Some(ctx) = ctx {
                    ctx.request_repaint();
                }
            }
        };
        let listen = || {
            block_on(async {
                // A desktop without one of them tells nothing, which is no failure.
                let follow = pin!(async { follow(&bus.await?, tell).await });
                select(follow, stopped).await;
            });
        };
        let thread = thread::Builder::new().name("desktop_preferences".to_owned()).spawn(listen);
        // Without a thread it says nothing.
        Self { shared, stop: Some(stop), thread: thread.ok() }
    }

    /// From now on news wake this.
    pub(super) fn wake(&self, ctx: &Context) {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).ctx = Some(ctx.clone());
    }

    /// What the desktop prefers, if it has said so since the last time.
    pub(super) fn take(&self) -> Option<Preferences> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).news.take()
    }
}

impl Drop for DesktopPreferences {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It waits for nothing else but this.
            let _ = thread.join();
        }
    }
}

/// Tells what the desktop prefers, and each time that it changes, until the bus is gone.
async fn follow(bus: &Connection, mut tell: impl FnMut(Preferences)) -> zbus::Result<()> {
    let changed = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender(PORTAL)?
        .path(PATH)?
        .interface(INTERFACE)?
        .member("SettingChanged")?
        .build();
    // First of all, so that nothing is missed that changes meanwhile.
    let mut changes = MessageStream::for_match_rule(changed, bus, Some(MAX_QUEUED)).await?;
    let namespaces = &[APPEARANCE, GNOME, GNOME_A11Y][..];
    let all =
        bus.call_method(Some(PORTAL), PATH, Some(INTERFACE), "ReadAll", &(namespaces,)).await?;
    let all: HashMap<String, HashMap<String, OwnedValue>> = all.body().deserialize()?;
    let mut settings = Settings::default();
    for (namespace, values) in &all {
        for (key, value) in values {
            settings.set(namespace, key, value);
        }
    }
    let mut told = settings.preferences();
    tell(told);
    while let Some(change) = changes.try_next().await? {
        let body = change.body();
        // Other settings have values of any kind.
        let Ok((namespace, key, value)) = body.deserialize::<(&str, &str, Value<'_>)>() else {
            continue;
        };
        settings.set(namespace, key, &value);
        let now = settings.preferences();
        if now != told {
            told = now;
            tell(told);
        }
    }
    Ok(())
}

/// The portal's values, as far as they were told.
#[derive(Debug, Default)]
struct Settings {
    color_scheme: Option<u32>,
    contrast: Option<u32>,
    reduced_motion: Option<u32>,
    enable_animations: Option<bool>,
    high_contrast: Option<bool>,
}

impl Settings {
    /// Takes one in. One that nobody here asks for, or of another kind than is documented, changes nothing.
    fn set(&mut self, namespace: &str, key: &str, value: &Value<'_>) {
        let number = || u32::try_from(value).ok();
        let flag = || bool::try_from(value).ok();
        match (namespace, key) {
            (APPEARANCE, "color-scheme") => self.color_scheme = number().or(self.color_scheme),
            (APPEARANCE, "contrast") => self.contrast = number().or(self.contrast),
            (APPEARANCE, "reduced-motion") => {
                self.reduced_motion = number().or(self.reduced_motion);
            }
            (GNOME, "enable-animations") => {
                self.enable_animations = flag().or(self.enable_animations);
            }
            (GNOME_A11Y, "high-contrast") => self.high_contrast = flag().or(self.high_contrast),
            _ => {}
        }
    }

    fn preferences(&self) -> Preferences {
        Preferences {
            is_dark: match self.color_scheme {
                Some(1) => Some(true),
                Some(2) => Some(false),
                _ => None,
            },
            more_contrast: match self.contrast {
                Some(contrast) => contrast == 1,
                None => self.high_contrast == Some(true),
            },
            forced_colors: None,
            reduced_motion: match self.reduced_motion {
                Some(motion) => motion == 1,
                None => self.enable_animations == Some(false),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc;
    use std::time::{Duration, Instant};

    use eframe::egui::RawInput;
    use futures::future::join;
    use zbus::Guid;
    use zbus::connection::Builder;

    use super::*;

    /// How long anything may take on the slowest machine.
    const DEADLINE: Duration = Duration::from_secs(30);

    type All<'a> = HashMap<&'a str, HashMap<&'a str, Value<'a>>>;

    fn prefers(is_dark: Option<bool>, more_contrast: bool, reduced_motion: bool) -> Preferences {
        Preferences { is_dark, more_contrast, reduced_motion, forced_colors: None }
    }

    /// A bus that has nobody on it but these two: the program's end, and the desktop's.
    fn bus() -> (impl Future<Output = zbus::Result<Connection>>, impl Future<Output = MessageStream>)
    {
        let (here, there) = UnixStream::pair().expect("two sockets");
        let (ready, is_ready) = oneshot::channel();
        let program = async {
            let bus = Builder::async_io_unix_stream(here).p2p().build().await;
            // What is said while the desktop does not listen is lost.
            let _ = is_ready.await;
            bus
        };
        let desktop = async {
            let server = Builder::async_io_unix_stream(there).server(Guid::generate());
            let bus = server.expect("a fresh one").p2p().build().await;
            let heard = MessageStream::from(bus.expect("the other end is there"));
            let _ = ready.send(());
            heard
        };
        (program, desktop)
    }

    /// Answers as a portal does when it is asked for everything.
    async fn answer(desktop: &mut MessageStream, all: &All<'_>) {
        let call = desktop.try_next().await.expect("a message").expect("the program asks");
        let header = call.header();
        assert_eq!(header.member().map(ToString::to_string).as_deref(), Some("ReadAll"));
        assert_eq!(header.interface().map(ToString::to_string).as_deref(), Some(INTERFACE));
        let asked: Vec<String> = call.body().deserialize().expect("a list");
        assert_eq!(asked, [APPEARANCE, GNOME, GNOME_A11Y]);
        Connection::from(&*desktop).reply(&header, all).await.expect("an answer");
    }

    async fn change(desktop: &Connection, namespace: &str, key: &str, value: impl Into<Value<'_>>) {
        let body = (namespace, key, value.into());
        let name = "SettingChanged";
        desktop.emit_signal(None::<&str>, PATH, INTERFACE, name, &body).await.expect("a signal");
    }

    /// Looks for news in each frame, and draws one when it is woken.
    fn news(
        preferences: &DesktopPreferences,
        ctx: &Context,
        woken: &mpsc::Receiver<()>,
    ) -> Preferences {
        let start = Instant::now();
        loop {
            let mut news = None;
            let _ = ctx.run_logic(&RawInput::default(), |_| news = preferences.take());
            if let Some(news) = news {
                return news;
            }
            let left = DEADLINE.saturating_sub(start.elapsed());
            woken.recv_timeout(left).expect("it wakes the window for them");
        }
    }

    #[test]
    fn settings_are_read_once_and_then_followed() {
        let (program, desktop) = bus();
        let preferences = DesktopPreferences::listen_on(program);
        let ctx = Context::default();
        let (waking, woken) = mpsc::channel();
        ctx.set_request_repaint_callback(move |_| {
            // A window that is gone hears nothing.
            let _ = waking.send(());
        });
        preferences.wake(&ctx);
        block_on(async {
            let mut asked = desktop.await;
            let desktop = Connection::from(&asked);
            let appearance = [("color-scheme", 1_u32.into()), ("accent-color", "blue".into())];
            let gnome = [("enable-animations", false.into()), ("font-name", "Cantarell".into())];
            let all = [(APPEARANCE, appearance.into()), (GNOME, gnome.into())];
            answer(&mut asked, &all.into()).await;
            assert_eq!(news(&preferences, &ctx, &woken), prefers(Some(true), false, true));

            change(&desktop, GNOME_A11Y, "high-contrast", true).await;
            assert_eq!(news(&preferences, &ctx, &woken), prefers(Some(true), true, true));
            // What is of no concern here, or of the wrong kind, changes nothing.
            change(&desktop, GNOME, "font-name", "Noto Sans").await;
            change(&desktop, APPEARANCE, "color-scheme", "dark").await;
            change(&desktop, APPEARANCE, "accent-color", (0.1, 0.2, 0.3)).await;
            change(&desktop, APPEARANCE, "color-scheme", 2_u32).await;
            assert_eq!(news(&preferences, &ctx, &woken), prefers(Some(false), true, true));
            // The portals' own switches come before GNOME's.
            change(&desktop, APPEARANCE, "contrast", 0_u32).await;
            assert_eq!(news(&preferences, &ctx, &woken), prefers(Some(false), false, true));
            change(&desktop, APPEARANCE, "reduced-motion", 0_u32).await;
            assert_eq!(news(&preferences, &ctx, &woken), prefers(Some(false), false, false));
        });
        assert_eq!(preferences.take(), None);
    }

    #[test]
    fn it_ends_while_the_desktop_is_silent() {
        let (program, desktop) = bus();
        let preferences = DesktopPreferences::listen_on(program);
        let mut desktop = block_on(desktop);
        let asked = block_on(desktop.try_next());
        assert!(matches!(asked, Ok(Some(_))), "{asked:?}");
        // It waits for an answer that never comes.
        drop(preferences);
    }

    #[test]
    fn without_a_desktop_nothing_is_said() {
        let mut preferences = DesktopPreferences::listen_on(async {
            Builder::address("unix:path=/nowhere/bus")?.build().await
        });
        // It ends by itself.
        let thread = preferences.thread.take().expect("it was started");
        assert!(thread.join().is_ok());
        assert_eq!(preferences.take(), None);
    }

    #[test]
    fn a_portal_that_refuses_is_none() {
        let (program, desktop) = bus();
        let told = block_on(async {
            let (mut desktop, program) = join(desktop, program).await;
            let program = program.expect("the other end is there");
            let refuse = async {
                let call = desktop.try_next().await.expect("a message").expect("it asks");
                let name = "org.freedesktop.DBus.Error.UnknownMethod";
                let desktop = Connection::from(&desktop);
                desktop.reply_error(&call.header(), name, &"no").await.expect("an answer");
            };
            let mut told = Vec::new();
            let (outcome, ()) = join(follow(&program, |news| told.push(news)), refuse).await;
            assert!(outcome.is_err());
            told
        });
        assert_eq!(told, []);
    }
}
