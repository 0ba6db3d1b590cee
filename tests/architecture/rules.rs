//! The rules: who never names whom, where the platforms may differ, where sentences may stand.

use crate::source::{Token, paths, tokens, written};

/// Files that never name these paths.
pub(crate) struct Rule {
    /// Files and folders, from the top of the workspace.
    pub(crate) files: &'static [&'static str],
    /// Crates, modules and items.
    pub(crate) never: &'static [&'static [&'static str]],
}

const NETWORK: &[&str] = &["tokio", "tokio_tungstenite", "tungstenite", "web_sys"];
const CLOCK: &[&str] = &["std::time::Instant", "std::time::SystemTime", "web_time"];
const UI: &[&str] = &["egui", "eframe"];
/// What carries messages, as opposed to the words in which one speaks of it (`Message`, `Error`,
/// `CloseEvent`, …), which every part of the app may use.
const CHANNEL: &[&str] = &[
    "web_socket_channel::WebSocketChannel",
    "web_socket_channel::WebSocketSink",
    "web_socket_channel::WebSocketStream",
    "web_socket_channel::Connection",
    "web_socket_channel::Ready",
    "web_socket_channel::Closing",
    "web_socket_channel::memory",
    "web_socket_channel::*",
];

/// The table in ARCHITECTURE.md. What the compiler sees to already is not in here: tests can't
/// reach private items, and a crate can't name what is not in its manifest.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        files: &[
            "crates/web_socket_channel/src/signal.rs",
            "crates/web_socket_channel/src/lifecycle.rs",
            "crates/web_socket_channel/src/message.rs",
            "crates/web_socket_channel/src/close.rs",
            "crates/web_socket_channel/src/status.rs",
            "crates/web_socket_channel/src/error.rs",
            "crates/web_socket_channel/src/frame.rs",
            "crates/web_socket_channel/src/flush_mark.rs",
            "crates/web_socket_channel/src/forbidden_ports.rs",
        ],
        never: &[NETWORK, CLOCK, UI],
    },
    Rule {
        files: &[
            "crates/web_socket_channel/src/channel.rs",
            "crates/web_socket_channel/src/halves.rs",
            "crates/web_socket_channel/src/queue.rs",
            "crates/web_socket_channel/src/outgoing.rs",
            "crates/web_socket_channel/src/tap.rs",
            "crates/web_socket_channel/src/memory.rs",
            "crates/web_socket_channel/src/open_socket.rs",
            "crates/web_socket_channel/src/proxy.rs",
            "crates/web_socket_channel/src/address.rs",
            "crates/web_socket_channel/src/plain_url.rs",
            "crates/web_socket_channel/src/absent.rs",
            "crates/web_socket_channel/src/no_network.rs",
            "crates/web_socket_channel/src/options.rs",
            "crates/web_socket_channel/src/refusal.rs",
            "crates/web_socket_channel/src/trace.rs",
            "crates/web_socket_channel/src/request.rs",
            "crates/web_socket_channel/src/waiters.rs",
            "crates/web_socket_channel/src/within.rs",
        ],
        never: &[NETWORK],
    },
    // The layer on top: what decides knows neither a channel nor the time, nor draws any lots.
    Rule {
        files: &[
            "crates/web_socket_channel/src/reconnect/cause.rs",
            "crates/web_socket_channel/src/reconnect/ledger.rs",
            "crates/web_socket_channel/src/reconnect/machine.rs",
            "crates/web_socket_channel/src/reconnect/policy.rs",
        ],
        never: &[
            NETWORK,
            CLOCK,
            UI,
            &["crate::backend", "crate::channel", "crate::lifecycle", "getrandom"],
            &["std::sync::Mutex", "std::task"],
        ],
    },
    Rule {
        files: &[
            "crates/web_socket_channel/src/reconnect.rs",
            "crates/web_socket_channel/src/reconnect/",
        ],
        never: &[NETWORK, UI, &["crate::lifecycle", "crate::pump"]],
    },
    Rule {
        files: &["crates/web_socket_channel/src/native/", "crates/web_socket_channel/src/web.rs"],
        // One another by the name of the seam, as it is the only one that they have.
        never: &[UI, &["crate::backend", "crate::lifecycle", "crate::channel"]],
    },
    // Which way a channel goes: decided from what it is given, so that it is tried without either.
    Rule {
        files: &["crates/web_socket_channel/src/native/route.rs"],
        never: &[NETWORK, CLOCK, &["std::env"]],
    },
    // Dialling knows the network and not what for; when to dial which address, not even that.
    Rule {
        files: &["crates/web_socket_channel/src/native/dial.rs"],
        never: &[CLOCK, &["crate::request", "crate::options", "tokio_rustls"]],
    },
    // The same code on every platform: time and tasks come from the backend.
    Rule {
        files: &[
            "crates/web_socket_channel/src/pump.rs",
            "crates/web_socket_channel/src/socket.rs",
            "crates/web_socket_channel/src/framing.rs",
            "crates/web_socket_channel/src/output.rs",
            "crates/web_socket_channel/src/adopted.rs",
            "crates/web_socket_channel/src/byte_stream.rs",
        ],
        never: &[
            UI,
            CLOCK,
            &["tokio::net", "tokio::time", "tokio::runtime", "tokio::spawn", "tokio::task"],
            &["web_sys", "crate::lifecycle", "crate::channel"],
        ],
    },
    Rule {
        files: &[
            "crates/web_socket_channel/src/events.rs",
            "crates/web_socket_channel/src/ewebsock.rs",
        ],
        never: &[UI, CLOCK, NETWORK, &["crate::lifecycle"]],
    },
    Rule { files: &["crates/web_socket_channel/"], never: &[UI, &["echo_server"]] },
    Rule {
        files: &["crates/egui_stream_builder/src/"],
        never: &[&["web_socket_channel", "tokio", "eframe", "std::thread"]],
    },
    // A list for anybody: it has row numbers, and egui to draw with.
    Rule {
        files: &["crates/egui_row_list/src/"],
        never: &[
            NETWORK,
            CLOCK,
            &["web_socket_channel", "egui_stream_builder", "material", "websocket_echo", "eframe"],
            &["std::thread"],
        ],
    },
    // Where a row stands is decided without a screen.
    Rule {
        files: &["crates/egui_row_list/src/position.rs", "crates/egui_row_list/src/selection.rs"],
        never: &[UI],
    },
    // For any eframe app: it knows egui's tree, and the page.
    Rule {
        files: &["crates/egui_web_accessibility/src/"],
        never: &[
            &["web_socket_channel", "websocket_echo", "egui_stream_builder", "egui_row_list"],
            &["egui_long_text", "material", "eframe", "tokio", "std::thread"],
            CLOCK,
        ],
    },
    // What is to be done to the page is decided without one.
    Rule {
        files: &[
            "crates/egui_web_accessibility/src/element.rs",
            "crates/egui_web_accessibility/src/fields.rs",
            "crates/egui_web_accessibility/src/layout.rs",
            "crates/egui_web_accessibility/src/mirror.rs",
            "crates/egui_web_accessibility/src/operation.rs",
            "crates/egui_web_accessibility/src/requests.rs",
            "crates/egui_web_accessibility/src/shape.rs",
            "crates/egui_web_accessibility/src/supports.rs",
        ],
        never: &[&["web_sys", "js_sys", "wasm_bindgen", "crate::web", "egui::Context"]],
    },
    // egui alone, so that it serves any app.
    Rule {
        files: &["crates/egui_long_text/src/"],
        never: &[
            &["web_socket_channel", "websocket_echo", "egui_stream_builder", "eframe"],
            NETWORK,
            CLOCK,
        ],
    },
    // Loops of egui, in a time of its own.
    Rule {
        files: &["crates/frame_loops/src/"],
        never: &[
            NETWORK,
            CLOCK,
            &["web_socket_channel", "websocket_echo", "material", "eframe", "std::thread"],
        ],
    },
    // The words in which one speaks of runs, for who makes none.
    Rule {
        files: &[
            "crates/frame_loops/src/arrivals.rs",
            "crates/frame_loops/src/way.rs",
            "crates/frame_loops/src/setup.rs",
            "crates/frame_loops/src/frames.rs",
            "crates/frame_loops/src/figures.rs",
            "crates/frame_loops/src/sweep.rs",
            "crates/frame_loops/src/drawing.rs",
        ],
        never: &[UI],
    },
    // Rows and files of them: times and bytes are given to it.
    Rule {
        files: &["crates/message_log/src/"],
        never: &[
            UI,
            NETWORK,
            CLOCK,
            &["web_socket_channel", "egui_stream_builder", "echo_server", "websocket_echo"],
            &["material", "egui_row_list", "egui_long_text"],
            &["std::env", "std::fs", "std::io", "std::net", "std::process", "std::thread"],
        ],
    },
    Rule { files: &["crates/echo_server/src/"], never: &[UI] },
    Rule {
        files: &[
            "crates/echo_server/src/broken.rs",
            "crates/echo_server/src/endpoints.rs",
            "crates/echo_server/src/parameters.rs",
            "crates/echo_server/src/origins.rs",
            "crates/echo_server/src/forwarded.rs",
            "crates/echo_server/src/rate.rs",
        ],
        never: &[&["tokio", "hyper"], CLOCK],
    },
    // Generic over a stream and a sink, so that it is tried without a socket.
    Rule { files: &["crates/echo_server/src/session.rs"], never: &[&["tokio"], CLOCK] },
    // What of the core's walls its manifest can't keep: the vocabulary is in one crate with what carries
    // messages, and the clock and threads are in `std`.
    Rule {
        files: &["crates/app_core/src/"],
        never: &[UI, CHANNEL, CLOCK, NETWORK, &["std::thread"]],
    },
    Rule {
        files: &["crates/material/src/"],
        never: &[&["app_core", "websocket_echo", "web_socket_channel", "eframe"], CLOCK],
    },
    Rule {
        files: &[
            "src/i18n/",
            "src/announcer.rs",
            "src/payload.rs",
            "src/picture_header.rs",
            "src/opened_row.rs",
            "src/lesson.rs",
        ],
        never: &[
            UI,
            CHANNEL,
            CLOCK,
            NETWORK,
            &["crate::ui", "crate::effects", "crate::app", "crate::platform"],
            &["crate::recorder"],
        ],
    },
    Rule {
        files: &["src/ui/"],
        never: &[
            CHANNEL,
            NETWORK,
            CLOCK,
            &["crate::effects", "crate::recorder", "crate::app", "crate::platform"],
            &["frame_loops::run"],
        ],
    },
    Rule {
        files: &["src/effects/", "src/recorder.rs"],
        never: &[NETWORK, &["crate::ui", "crate::app"]],
    },
    Rule { files: &["src/app.rs", "src/app/"], never: &[NETWORK] },
];

/// The only files whose code may be another one in a browser. (Tests run in one or don't.)
const SEAMS: &[&str] = &[
    "src/main.rs",
    "src/platform/mod.rs",
    "crates/web_socket_channel/src/lib.rs",
    "crates/message_log/src/lib.rs",
    "crates/egui_stream_builder/examples/common/mod.rs",
    "crates/egui_web_accessibility/src/lib.rs",
    "crates/egui_web_accessibility/examples/gallery/main.rs",
];

/// Where no sentence may stand: they are all in i18n.
const WORDLESS: &[&str] = &[
    "src/ui/",
    "src/effects/",
    "src/app.rs",
    "src/app/",
    "crates/app_core/src/",
    "crates/material/src/",
];

/// What of the rules a file breaks, in words.
pub(crate) fn violations(file: &str, source: &str, rules: &[Rule]) -> Vec<String> {
    let tokens = tokens(source);
    let module = module(file);
    let module: Vec<&str> = module.iter().map(String::as_str).collect();
    let paths = paths(&tokens, &module);

    let mut found = Vec::new();
    for rule in rules.iter().filter(|rule| rule.is_for(file)) {
        for never in rule.never.iter().copied().flatten() {
            let never: Vec<&str> = never.split("::").collect();
            let names_it = |path: &&Vec<String>| {
                path.len() >= never.len() && path.iter().zip(&never).all(|(a, b)| a == b)
            };
            if let Some(path) = paths.iter().find(names_it) {
                found.push(format!("{file} names {}", path.join("::")));
            }
        }
    }
    if !SEAMS.contains(&file) && !file.contains("/tests/") && is_divided(&tokens) {
        found.push(format!("{file} differs in a browser"));
    }
    if WORDLESS.iter().any(|place| is_in(file, place)) {
        let sentences = sentences(&tokens).into_iter();
        found.extend(sentences.map(|sentence| format!("{file} says {sentence:?}")));
    }
    found
}

impl Rule {
    pub(crate) fn is_for(&self, file: &str) -> bool {
        self.files.iter().any(|place| is_in(file, place))
    }
}

fn is_in(file: &str, place: &str) -> bool {
    file == place || (place.ends_with('/') && file.starts_with(place))
}

/// `crate`, and then the module that a file is.
fn module(file: &str) -> Vec<String> {
    let inner = file.split_once("src/").map_or(file, |(_, inner)| inner);
    let inner = inner.trim_end_matches(".rs");
    let parts = inner.split('/').filter(|part| !["mod", "lib", "main"].contains(part));
    std::iter::once("crate").chain(parts).map(ToOwned::to_owned).collect()
}

/// Whether code is there in a browser and not elsewhere, or the other way round. (`cfg_attr`
/// switches lints.)
fn is_divided(tokens: &[Token]) -> bool {
    (0..tokens.len()).any(|at| {
        let condition = &tokens[at..];
        let begins = written(condition, "cfg(") || written(condition, "cfg!(");
        begins
            && condition
                .iter()
                .take_while(|token| !matches!(token, Token::Sign(']' | ';' | '{')))
                .any(|token| {
                    let browser = ["target_arch", "target_family", "wasm"];
                    matches!(token, Token::Word(word) if browser.contains(&word.as_str()))
                })
    })
}

/// String literals that look like something said to a person: more than one word, and a capital.
fn sentences(tokens: &[Token]) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut depth_in_attribute = 0;
    for (at, token) in tokens.iter().enumerate() {
        let begins = written(&tokens[at..], "#[") || written(&tokens[at..], "#![");
        match token {
            Token::Sign('#') if begins && depth_in_attribute == 0 => depth_in_attribute = 1,
            Token::Sign('[') if depth_in_attribute > 0 => depth_in_attribute += 1,
            Token::Sign(']') if depth_in_attribute > 0 => {
                depth_in_attribute -= 1;
                // The last bracket leaves the sign that began it.
                depth_in_attribute -= usize::from(depth_in_attribute == 1);
            }
            Token::Text(text) if depth_in_attribute == 0 => {
                let is_chinese = text.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                let is_english = text.contains(' ') && text.contains(|c: char| c.is_uppercase());
                if is_chinese || is_english {
                    sentences.push(text.clone());
                }
            }
            _ => {}
        }
    }
    sentences
}
