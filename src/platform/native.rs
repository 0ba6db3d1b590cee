//! The desktop: arguments, a window, an echo server of its own, and a moment to say goodbye.

use std::ffi::OsString;
use std::future::Future;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

use app_core::experiments::Setup;
use app_core::recording::StageSpan;
use app_core::settings::{Platform, Transport};
use app_core::stored::Stored;
use app_core::{Opening, Panel, address};
use eframe::egui::{DroppedFileHandle, IconData, ViewportBuilder};
use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::oneshot;

use super::{FileProblem, Outside};
#[cfg(target_os = "linux")]
use super::{linux_libraries, linux_preferences::DesktopPreferences};
use crate::app::EchoPage;
use crate::effects::connection::PendingClose;
use crate::i18n::{Language, Words, words};

/// How long the window's end waits for the peer's answer to the close.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// How a program says that it could not do what it was asked.
const USAGE_ERROR: u8 = 2;

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
enum Request {
    /// The page.
    Page(Asked),
    /// Some words for the terminal.
    Print(String),
    /// The arguments are wrong: these words for the terminal.
    Refuse(String),
}

/// What the page is to be opened with.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// Where to connect to; to an echo server of its own where there is none.
    address: Option<String>,
    /// By what; by what was used the last time where there is none.
    transport: Option<Transport>,
    /// The experiment that is to be shown, as a link.
    link: Option<String>,
}

/// Runs the program to its end.
pub fn main() -> ExitCode {
    let language = system_language();
    let words = words(language);
    // `args` would panic at an argument that is no text, and no address is one.
    let arguments: Result<Vec<_>, _> =
        std::env::args_os().skip(1).map(OsString::into_string).collect();
    let request = match arguments {
        Ok(arguments) => parse(arguments.into_iter(), words),
        Err(other) => Request::Refuse((words.terminal.unknown_argument)(&other.to_string_lossy())),
    };
    match request {
        Request::Print(text) => {
            // Nobody needs to read it: a pipe that is closed is no failure.
            let _ = writeln!(io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Request::Refuse(text) => {
            complain(&text);
            ExitCode::from(USAGE_ERROR)
        }
        Request::Page(asked) => open_window(asked, language),
    }
}

/// The language that the system speaks now.
pub fn system_language() -> Language {
    Language::of_locale(&sys_locale::get_locale().unwrap_or_default())
}

/// By how many minutes the clocks of the system's time zone are ahead of UTC at a time since 1970 began. Where no
/// time zone is set, or there is no list of them, it is UTC.
pub fn minutes_ahead_of_utc(since_1970: Duration) -> i32 {
    let time = i64::try_from(since_1970.as_secs()).ok();
    let time = time.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or(0, |time| TimeZone::system().to_offset(time).seconds() / 60)
}

/// Tells screen readers nothing: in a window AccessKit does, by the labels' own live regions.
pub fn announce(_: &str, _: u64, _: Language) {}

/// A link to an experiment as it is sent to somebody: what they type at their terminal.
pub fn link_to_copy(link: &str) -> String {
    format!("websocket-echo --try {link}")
}

/// Hands the stages to nobody: a window has no developer tools.
pub fn measure(_: &[StageSpan], _: Duration) {}

/// Shows a link nowhere: a window has no address.
pub fn show_link(_: &str) {}

/// There is nothing outside of a window that shows what it shows.
pub fn tell_page(_: &Outside, _: bool) {}

/// Nobody asks for a panel but by the window itself.
pub fn take_asked_panel() -> Option<Option<Panel>> {
    None
}

/// What may go to where tasks and work beside the frames run: to another thread.
pub trait MaybeSend: Send {}
impl<T: Send> MaybeSend for T {}

/// Runs a task of the page's own beside the frames, on a thread of its own.
pub fn spawn(task: impl Future<Output = ()> + Send + 'static) {
    thread::spawn(|| {
        // Without a clock it can't do its part; its connection ends as if it had been cut.
        if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() {
            runtime.block_on(task);
        }
    });
}

/// Does a piece of work beside the frames: on a thread. It asks whether to go on, and is to end soon after
/// the answer is no; whoever wants more asks again.
pub fn beside_frames(work: impl FnOnce(&mut dyn FnMut() -> bool) + Send + 'static) {
    /// Seldom enough to cost nothing, often enough to see how far it has come.
    const SLICE: Duration = Duration::from_millis(50);
    thread::spawn(|| {
        let start = Instant::now();
        work(&mut || start.elapsed() < SLICE);
    });
}

/// Lets time pass. For tasks that were [`spawn`]ed.
pub async fn sleep(time: Duration) {
    tokio::time::sleep(time).await;
}

/// Reads a file of at most so many bytes. What is no ordinary file may have no end, and is not read.
pub async fn read_file(file: &DroppedFileHandle, most: u64) -> Result<Vec<u8>, FileProblem> {
    let unreadable = |why: io::Error| FileProblem::Unreadable(why.to_string());
    // Looked at before it is opened: to open a pipe waits for whoever writes to it.
    let metadata = std::fs::metadata(file.path()).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(io::ErrorKind::InvalidInput.into()));
    }
    let too_large = |bytes: u64| FileProblem::TooLarge { bytes };
    if metadata.len() > most {
        return Err(too_large(metadata.len()));
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    let opened = std::fs::File::open(file.path()).map_err(unreadable)?;
    opened.take(most + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most { Err(too_large(bytes.len() as u64)) } else { Ok(bytes) }
}

/// Waits for the peer's answer to a close, for a second at most.
pub fn wait_for_close(closing: PendingClose) {
    wait_at_most(CLOSE_WAIT, closing);
}

fn parse(arguments: impl Iterator<Item = String>, words: &Words) -> Request {
    let mut asked = Asked::default();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--transport" => {
                let name = arguments.next().unwrap_or_default();
                let Some(transport) = Transport::of_name(&name) else {
                    return Request::Refuse((words.terminal.unknown_transport)(&name));
                };
                asked.transport = Some(transport);
            }
            "--try" => {
                let link = arguments.next().unwrap_or_default();
                if let Err(problem) = Setup::of_link(&link) {
                    return Request::Refuse((words.terminal.bad_link)(&link, &problem));
                }
                asked.link = Some(link);
            }
            "-h" | "--help" => return Request::Print(words.terminal.usage.to_owned()),
            "-V" | "--version" => {
                return Request::Print(format!("websocket-echo {}", env!("CARGO_PKG_VERSION")));
            }
            option if option.starts_with('-') => {
                return Request::Refuse((words.terminal.unknown_argument)(option));
            }
            _ if asked.address.is_some() => {
                return Request::Refuse(words.terminal.too_many_arguments.to_owned());
            }
            url => match address::problem(url) {
                None => asked.address = Some(address::normalized(url)),
                Some(problem) => {
                    return Request::Refuse((words.terminal.bad_address)(url, &problem));
                }
            },
        }
    }
    Request::Page(asked)
}

/// Says something to the terminal, if there is one.
fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn open_window(asked: Asked, language: Language) -> ExitCode {
    let words = words(language);
    #[cfg(target_os = "linux")]
    if let Some(library) = linux_libraries::missing() {
        complain(&missing(library, words));
        return ExitCode::from(USAGE_ERROR);
    }
    let server = match &asked.address {
        Some(_) => None,
        None => match LocalServer::start() {
            Ok(server) => Some(server),
            Err(why) => {
                complain(&(words.terminal.no_local_server)(&why.to_string()));
                None
            }
        },
    };
    let mut opening = Opening {
        can_echo_in_page: asked.address.is_none() && server.is_none(),
        // Where no server could be started nobody answers here, and the page echoes by itself.
        address: asked.address.unwrap_or_else(|| match &server {
            Some(server) => server.address(),
            None => "ws://127.0.0.1:9001".to_owned(),
        }),
        has_endpoints: server.is_some(),
        platform: Platform::Desktop,
        transport: asked.transport,
        link: asked.link,
        has_ewebsock: cfg!(feature = "ewebsock"),
        language,
        // Read once there is a window.
        stored: Ok(Stored::default()),
    };
    let viewport = ViewportBuilder::default()
        .with_title(words.title)
        .with_app_id("websocket-echo")
        .with_inner_size([480.0, 720.0])
        .with_min_inner_size([320.0, 400.0])
        .with_icon(icon());
    let options = eframe::NativeOptions { viewport, ..Default::default() };
    // It answers while the window opens, so that the first frame has the right colours.
    #[cfg(target_os = "linux")]
    let preferences = DesktopPreferences::listen();
    let create: eframe::AppCreator<'static> = Box::new(move |creation| {
        opening.stored = EchoPage::stored(creation.storage);
        let page = EchoPage::new(&creation.egui_ctx, opening);
        #[cfg(target_os = "linux")]
        let page = {
            let mut page = page;
            preferences.wake(&creation.egui_ctx);
            page.follow_preferences(move || preferences.take());
            page
        };
        Ok(Box::new(page))
    });
    match eframe::run_native("websocket-echo", options, create) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            complain(&no_window(&why, words));
            ExitCode::from(USAGE_ERROR)
        }
    }
}

/// What the window is known by where the desktop shows it.
fn icon() -> IconData {
    let png = include_bytes!("../../assets/desktop/icons/128.png");
    // A window without its icon is no reason to open none; a test sees to it that it can be read.
    eframe::icon_data::from_png_bytes(png).unwrap_or_default()
}

#[cfg(target_os = "linux")]
fn missing(library: linux_libraries::Library, words: &Words) -> String {
    (words.terminal.missing_library)(library.name, library.debian, library.fedora)
}

/// Why there is no window, in a sentence.
fn no_window(why: &eframe::Error, words: &Words) -> String {
    match why {
        // There is a display, and all that is needed for a window on it, but for what draws into it.
        #[cfg(target_os = "linux")]
        eframe::Error::Glutin(_)
        | eframe::Error::NoGlutinConfigs(..)
        | eframe::Error::OpenGL(_) => missing(linux_libraries::OPENGL, words),
        other => (words.terminal.no_window)(without_source(&other.to_string())),
    }
}

/// What winit says, without the line of its source where it says so: that is a path of another machine.
fn without_source(text: &str) -> &str {
    let after = text.split_once("os error at ").and_then(|(_, rest)| rest.split_once(".rs:"));
    after.and_then(|(_, rest)| rest.split_once(": ")).map_or(text, |(_, why)| why)
}

/// An echo server on a free port of this machine, which lives as long as the window.
struct LocalServer {
    address: SocketAddr,
    /// Dropped to shut it down.
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl LocalServer {
    fn start() -> io::Result<Self> {
        // Bound here and not on the thread, so that a connection made right away finds it.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (shutdown, asked) = oneshot::channel::<()>();
        let serve = async move {
            let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
            // An error ends the server, and the page shows that the connection is gone.
            let _ = echo_server::serve(listener, echo_server::Config::default(), asked).await;
        };
        let thread = thread::Builder::new()
            .name("echo_server".to_owned())
            .spawn(move || runtime.block_on(serve))?;
        Ok(Self { address, shutdown: Some(shutdown), thread: Some(thread) })
    }

    fn address(&self) -> String {
        format!("ws://{}/echo", self.address)
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        drop(self.shutdown.take());
        if let Some(thread) = self.thread.take() {
            // Its only client, this program, has closed already, so this does not wait.
            let _ = thread.join();
        }
    }
}

/// Runs a future on this thread, which sleeps meanwhile, but not for longer than this.
fn wait_at_most<F: Future>(limit: Duration, future: F) -> Option<F::Output> {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(future);
    let deadline = Instant::now() + limit;
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return Some(output);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    fn parsed(arguments: &[&str]) -> Request {
        parse(arguments.iter().map(ToString::to_string), words(Language::English))
    }

    /// Runs once more as a program of its own, as only that can be told its time zone.
    #[test]
    fn clocks_follow_the_system_and_its_summer_time() {
        const ZONE: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
        const DAY: u64 = 24 * 60 * 60;

        if std::env::var("TZ").as_deref() == Ok(ZONE) {
            let ahead = |days| minutes_ahead_of_utc(Duration::from_secs(days * DAY));
            // In January and July of 2026.
            assert_eq!((ahead(20_468), ahead(20_650)), (60, 120));
            return;
        }
        let mut itself = std::process::Command::new(std::env::current_exe().expect("it runs"));
        let name = "platform::native::tests::clocks_follow_the_system_and_its_summer_time";
        let output =
            itself.args(["--exact", name]).env("TZ", ZONE).output().expect("it runs once more");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }

    #[test]
    fn arguments() {
        let page = |address: Option<&str>, transport| {
            let address = address.map(ToOwned::to_owned);
            Request::Page(Asked { address, transport, link: None })
        };
        assert_eq!(parsed(&[]), page(None, None));
        assert_eq!(parsed(&["ws://a/b"]), page(Some("ws://a/b"), None));
        assert_eq!(parsed(&["localhost:9001"]), page(Some("ws://localhost:9001"), None));
        for transport in Transport::ALL {
            let expected = page(Some("ws://a"), Some(transport));
            assert_eq!(parsed(&["--transport", transport.name(), "ws://a"]), expected);
        }
        let ten = Asked { link: Some("1.ten.count-20".to_owned()), ..Asked::default() };
        assert_eq!(parsed(&["--try", "1.ten.count-20"]), Request::Page(ten));
        assert!(matches!(parsed(&["--help"]), Request::Print(words) if words.contains("Usage:")));
        assert!(matches!(parsed(&["-V"]), Request::Print(words) if words.contains("0.1")));
        for language in Language::ALL {
            let arguments = ["--try", "1.ten.count-0"].map(str::to_owned);
            match parse(arguments.into_iter(), words(language)) {
                Request::Refuse(why) => {
                    for part in ["1.ten.count-0", "13", "10 000"] {
                        assert!(why.contains(part), "{why}");
                    }
                }
                other => unreachable!("{other:?}"),
            }
        }
        for wrong in
            [&["--raisin"][..], &["ws://a", "ws://b"], &["ftp://a"], &["--transport"], &["--try"]]
        {
            assert!(matches!(parsed(wrong), Request::Refuse(_)), "{wrong:?}");
        }
    }

    #[test]
    fn the_icon_can_be_read() {
        assert_eq!((icon().width, icon().height), (128, 128));
    }

    #[test]
    fn a_place_in_the_source_of_others_is_not_told() {
        for (text, told) in [
            (
                "winit EventLoopError: os error at /a: b/winit-0.30.13/src/linux/mod.rs:788: Failed to open",
                "Failed to open",
            ),
            ("os error at src\\windows.rs:7: No: never", "No: never"),
            ("winit EventLoopError: Exit Failure: 1", "winit EventLoopError: Exit Failure: 1"),
        ] {
            assert_eq!(without_source(text), told);
        }
    }

    #[test]
    fn waiting_ends_with_the_future_or_with_the_time() {
        assert_eq!(wait_at_most(Duration::from_secs(60), async { 3678 }), Some(3678));
        assert_eq!(wait_at_most(Duration::from_millis(1), pending::<()>()), None);
    }

    #[test]
    fn a_wake_from_another_thread_ends_the_waiting() {
        let (sender, receiver) = oneshot::channel();
        let sending = thread::spawn(move || sender.send(3678));
        assert_eq!(wait_at_most(Duration::from_secs(60), receiver), Some(Ok(3678)));
        assert_eq!(sending.join().ok(), Some(Ok(())));
    }

    #[test]
    fn the_local_server_ends_with_its_handle() {
        let server = LocalServer::start().expect("a port is free");
        let address = server.address;
        assert!(std::net::TcpStream::connect(address).is_ok());
        drop(server);
        assert!(std::net::TcpStream::connect(address).is_err());
    }
}
