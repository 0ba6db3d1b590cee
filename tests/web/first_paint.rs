//! How long the built page takes until something is seen, beside an empty page of eframe: run by
//! `cargo xtask bench page`, on a machine that does nothing else.

#![allow(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    dead_code,
    reason = "a program for the terminal, which shares the tests' browser"
)]

mod browser;
mod driver;
mod servers;
mod setup;

use std::path::Path;
use std::time::Duration;

use crate::browser::Browser;
use crate::servers::EchoServer;

/// Tells where the empty page is.
const EMPTY_VARIABLE: &str = "WEBSOCKET_ECHO_EMPTY_PAGE";

/// How often each page is opened, in turn, each time by a browser that has never seen it.
const TIMES: usize = 21;

/// How long a browser has been running when it opens the page, as that of a person has.
const SETTLED: Duration = Duration::from_secs(2);

/// The most that the page may take, of the empty one's time.
const MOST: f64 = 1.2;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let empty = setup::variable(EMPTY_VARIABLE);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        theirs.push(first_paint(Path::new(&empty)).await);
        ours.push(first_paint(&setup::dist()).await);
    }
    let (ours, theirs) = (spread(ours), spread(theirs));
    println!("\nms from the navigation to the first frame on the screen, {TIMES} times in turn\n");
    println!("{:>12} {:>8} {:>8} {:>8}", "", "lowest", "median", "highest");
    for (name, [lowest, median, highest]) in [("empty page", theirs), ("this page", ours)] {
        println!("{name:>12} {lowest:>8.0} {median:>8.0} {highest:>8.0}");
    }
    let part = ours[1] / theirs[1];
    println!("\n{part:.2} times the empty page's; {MOST} is allowed");
    std::process::exit(i32::from(part > MOST));
}

/// The frame in which something is drawn for the first time is on the screen when the next one begins.
async fn first_paint(folder: &Path) -> f64 {
    let server = EchoServer::with_app(folder);
    let page = server.page();
    let (sender, receiver) = tokio::sync::oneshot::channel();
    Browser::run(None, async move |browser| {
        browser
            .before_each_page(
                "const { prototype } = WebGL2RenderingContext;
                 const { drawElements } = prototype;
                 prototype.drawElements = function (...args) {
                     if (window.painted === undefined) {
                         window.painted = 0;
                         requestAnimationFrame(() => { window.painted = performance.now(); });
                     }
                     return drawElements.apply(this, args);
                 };",
            )
            .await;
        // It is still busy with itself when it says that it has started.
        tokio::time::sleep(SETTLED).await;
        browser.open(&page).await;
        browser.until_true("return window.painted > 0;").await;
        let painted = browser.evaluate("return window.painted").await;
        let _ = sender.send(painted.as_f64().unwrap());
    })
    .await;
    receiver.await.unwrap()
}

/// The lowest, the median and the highest.
fn spread(mut times: Vec<f64>) -> [f64; 3] {
    times.sort_by(f64::total_cmp);
    [times[0], times[times.len() / 2], times[times.len() - 1]]
}
