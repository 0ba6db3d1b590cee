//! The connection's sheet: everything on it by mouse and by keyboard, what it says in each state, and
//! what becomes of what is set there.

use std::time::Duration;

use app_core::settings::{Field, Platform, ProxyChoice, Transport, Unavailable};
use app_core::{Language, Opening, Panel};
use egui::accesskit::Toggled;
use egui::{Key, Vec2, vec2};
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use websocket_echo::i18n::{Words, words};

use crate::servers::{EchoServer, Scripted, nobody, nobody_yet};
use crate::window::{Window, opening, reconnecting};

/// So high that everything is in sight, over the page and beside it.
const NARROW: Vec2 = vec2(400.0, 4000.0);
const WIDE: Vec2 = vec2(1400.0, 3200.0);

/// The page with its sheet.
fn sheet(mut opening: Opening, size: Vec2) -> Window {
    if let Ok(stored) = &mut opening.stored {
        stored.panel = Some(Panel::Connection);
    }
    Window::open_sized(opening, size)
}

/// The same in this language, connected to this server.
fn connected(server: &EchoServer, language: Language, size: Vec2) -> Window {
    let mut window = sheet(Opening { language, ..reconnecting(server.url()) }, size);
    window.until_shown(open_word(language));
    window
}

fn open_word(language: Language) -> &'static str {
    (words(language).connection.status_word)(app_core::ConnectionStatus::Open)
}

/// The parts that are folded away, in order.
fn sections(words: &Words) -> [&'static str; 5] {
    let words = &words.connection;
    [
        words.transport_title,
        words.reconnect_title,
        words.request_title,
        words.times_title,
        words.limits_title,
    ]
}

/// Opens a part, or closes it: its heading comes before anything in it that has the same name.
#[track_caller]
fn fold(window: &mut Window, section: &str) {
    window.click_among(section, |nodes| nodes.into_iter().next());
}

fn is_unfolded(window: &mut Window, section: &str) -> bool {
    let mut nodes = window.harness().get_all_by_label(section);
    nodes.any(|node| node.accesskit_node().data().is_expanded() == Some(true))
}

fn unfold_all(window: &mut Window, words: &Words) {
    for section in sections(words) {
        fold(window, section);
    }
}

fn is_on(window: &Window, label: &str) -> bool {
    window.get(label).accesskit_node().toggled() == Some(Toggled::True)
}

fn description(window: &mut Window, label: &str) -> String {
    let nodes = window.harness().get_all_by_label(label);
    let mut described = nodes.filter_map(|node| node.accesskit_node().description());
    described.next().unwrap_or_default()
}

/// Sends this text from the page beside the sheet.
fn send(window: &mut Window, words: &Words, text: &str) {
    window.rewrite(words.message.label, text);
    window.press(Key::Enter);
}

/// Clicks the one of this name that is in the sheet, which comes last.
fn click_in_sheet(window: &mut Window, label: &str) {
    window.click_among(label, |mut nodes| nodes.pop());
}

/// A value that is right for this field, and another than the first one.
fn value(field: Field) -> &'static str {
    match field {
        Field::Protocols => "chat, mqtt",
        Field::Headers => "X-Fruit: raisin",
        Field::Authorities => "",
        Field::Proxy => "http://127.0.0.1:3128",
        Field::MaxMessage | Field::MaxFrame | Field::Inbox | Field::Outbox => "1024",
        Field::ConnectTimeout
        | Field::CloseTimeout
        | Field::PingInterval
        | Field::PongTimeout
        | Field::FirstWait
        | Field::LongestWait
        | Field::MaxAttempts => "7",
    }
}

#[test]
fn every_control_answers_once() {
    let server = EchoServer::start();
    for (language, size) in
        [(Language::English, NARROW), (Language::Chinese, NARROW), (Language::English, WIDE)]
    {
        let mut window = sheet(Opening { language, ..Opening::new(server.url()) }, size);
        window.until_shown(open_word(language));
        let words = words(language);
        assert!(!window.shows(words.connection.reset_button), "all is as it was at first");
        unfold_all(&mut window, words);

        click_in_sheet(&mut window, (words.connection.proxy)(ProxyChoice::Direct));
        assert!(is_on(&window, (words.connection.proxy)(ProxyChoice::Direct)));
        click_in_sheet(&mut window, (words.connection.proxy)(ProxyChoice::Typed));
        for field in Field::ALL {
            let label = (words.connection.field)(field);
            if field == Field::Proxy {
                // Its group has the same name.
                continue;
            }
            window.rewrite(label, value(field));
            assert_eq!(window.get(label).value().unwrap_or_default(), value(field), "{field:?}");
        }
        let resends = words.connection.resends_switch;
        window.click(resends);
        assert!(is_on(&window, resends));
        let reconnects = words.connection.reconnects_switch;
        window.click(reconnects);
        assert!(!is_on(&window, reconnects));
        assert!(!window.shows(resends), "what it would need is away");
        window.click(reconnects);
        let ewebsock = (words.connection.transport)(Transport::Ewebsock, Platform::Desktop);
        window.click(ewebsock);
        assert!(is_on(&window, ewebsock));
        assert!(window.shows(words.sheet.unapplied));
        window.assert_nothing_sticks_out();

        window.click(words.connection.reset_button);
        assert!(!is_on(&window, ewebsock));
        assert!(!window.shows(words.connection.reset_button));
        for section in sections(words) {
            fold(&mut window, section);
            assert!(!is_unfolded(&mut window, section));
        }
    }
    server.shut_down();
}

#[test]
fn everything_is_reached_and_done_by_keyboard_alone() {
    let server = EchoServer::start();
    let mut window = connected(&server, Language::English, WIDE);
    let words = words(Language::English);
    window.get(words.connection.address_label).focus();
    window.rest(Duration::from_millis(50));
    let (mut seen, mut unfolded) = (Vec::new(), 0);
    let first = window.focused();
    for _ in 0..200 {
        let Some(name) = window.focused() else {
            window.press(Key::Tab);
            continue;
        };
        if sections(words).contains(&name.as_str()) {
            window.press(Key::Space);
            assert!(is_unfolded(&mut window, &name));
            unfolded += 1;
        }
        if name == (words.connection.transport)(Transport::Ewebsock, Platform::Desktop) {
            window.press(Key::Space);
            assert!(is_on(&window, &name));
        }
        if name == words.connection.resends_switch {
            window.press(Key::Enter);
            assert!(is_on(&window, &name));
        }
        if name == (words.connection.field)(Field::Headers) {
            window.type_text("X-Fruit: raisin");
            window.press(Key::Enter);
            window.type_text("X-Nut: none");
            let lines = window.get(&name).value();
            assert_eq!(lines.as_deref(), Some("X-Fruit: raisin\nX-Nut: none"));
        }
        seen.push(name);
        if window.focused().as_deref() == Some(words.connection.connect_button) {
            break;
        }
        window.press(Key::Tab);
        if seen.len() > 1 && window.focused() == first {
            break;
        }
    }
    assert_eq!(unfolded, 5, "{seen:?}");
    let disabled = [
        Field::Protocols,
        Field::Authorities,
        Field::Proxy,
        Field::PingInterval,
        Field::PongTimeout,
    ];
    let fields = Field::ALL.into_iter().filter(|field| !disabled.contains(field));
    for name in fields.map(words.connection.field).chain([
        words.connection.connect_to_button,
        words.connection.close_button,
        words.sheet.headers_title,
        words.sheet.traffic_title,
        words.connection.reconnects_switch,
        words.connection.reset_button,
        words.connection.connect_button,
    ]) {
        assert!(seen.iter().any(|seen| seen == name), "{name}: {seen:?}");
    }
    // And the last one connects by what was set.
    window.press(Key::Enter);
    window.until("the new connection", |window| !window.shows(words.sheet.unapplied));
    window.until_shown(open_word(Language::English));
    send(&mut window, words, "raisin");
    window.until_shown("echo: raisin");
    server.shut_down();
}

#[test]
fn each_transport_is_chosen_and_heard_to_echo() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let mut window = connected(&server, language, WIDE);
        let words = words(language);
        fold(&mut window, words.connection.transport_title);
        for (at, transport) in
            [Transport::Ewebsock, Transport::InPage, Transport::Standard].into_iter().enumerate()
        {
            window.click((words.connection.transport)(transport, Platform::Desktop));
            assert!(window.shows(words.sheet.unapplied), "{transport:?}");
            window.click(words.connection.connect_button);
            window.until("the new connection", |window| !window.shows(words.sheet.unapplied));
            let needs_address = transport != Transport::InPage;
            assert_eq!(window.is_disabled(words.connection.address_label), !needs_address);
            let text = format!("raisin {at}");
            send(&mut window, words, &text);
            window.until_shown(&(words.message.echo)(&text));
        }
    }
    server.shut_down();
}

#[test]
fn nothing_sticks_out_at_any_width() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let words = words(language);
        for width in [320.0, 400.0, 700.0, 960.0, 1400.0] {
            for platform in [Platform::Desktop, Platform::Browser] {
                let opening = Opening { language, platform, ..opening(server.url()) };
                let mut window = sheet(opening, vec2(width, 4000.0));
                window.until_shown(open_word(language));
                unfold_all(&mut window, words);
                window.assert_nothing_sticks_out();
                window.rewrite((words.connection.field)(Field::ConnectTimeout), "x");
                let long = format!("ws://{}/", "raisin".repeat(200));
                window.rewrite(words.connection.address_label, &long);
                window.assert_nothing_sticks_out();
                let label = words.connection.connect_to_button;
                assert!(window.is_disabled(label), "a field is wrong");
            }
        }
    }
    server.shut_down();
}

#[test]
fn what_is_wrong_is_told_while_it_is_folded() {
    let server = EchoServer::start();
    for language in Language::ALL {
        let mut window = connected(&server, language, NARROW);
        let words = words(language);
        let title = words.connection.times_title;
        let (field, wrong) = (
            (words.connection.field)(Field::ConnectTimeout),
            (words.sheet.correct_first)(Field::ConnectTimeout),
        );
        let at_first = description(&mut window, title);
        assert!(at_first.contains("10"), "{at_first}");
        fold(&mut window, title);
        window.rewrite(field, "soon");
        assert!(window.get(field).accesskit_node().data().invalid().is_some());
        fold(&mut window, title);
        assert_eq!(description(&mut window, title), wrong);
        assert!(window.is_disabled(words.connection.connect_to_button));
        assert!(window.is_disabled(words.connection.connect_button));
        fold(&mut window, title);
        window.rewrite(field, "12");
        fold(&mut window, title);
        assert!(description(&mut window, title).contains("12"));
        assert!(!window.is_disabled(words.connection.connect_to_button));
        assert!(!window.shows(&wrong));
    }
    server.shut_down();
}

#[test]
fn what_is_set_back_needs_no_new_connection() {
    let server = EchoServer::start();
    let mut window = connected(&server, Language::English, NARROW);
    let words = words(Language::English);
    fold(&mut window, words.connection.times_title);
    let field = (words.connection.field)(Field::CloseTimeout);
    window.rewrite(field, "6");
    assert!(window.shows(words.sheet.unapplied));
    window.rewrite(field, "5.0");
    assert!(!window.shows(words.sheet.unapplied), "it means the same");
    window.rewrite(field, "6");
    window.click(words.connection.close_button);
    window.until("the end", |window| !window.shows(words.sheet.unapplied));
    server.shut_down();
}

#[test]
fn what_can_not_be_done_is_greyed_with_its_reason() {
    let nobody = format!("ws://{}/", nobody());
    for language in Language::ALL {
        let words = words(language);
        let reason = |why| (words.connection.unavailable)(why);
        let name = |transport, platform| (words.connection.transport)(transport, platform);

        let browser = Opening {
            language,
            platform: Platform::Browser,
            has_ewebsock: false,
            ..opening(&nobody)
        };
        let mut window = sheet(browser, NARROW);
        unfold_all(&mut window, words);
        let ewebsock = name(Transport::Ewebsock, Platform::Browser);
        assert!(window.is_disabled(ewebsock));
        assert_eq!(description(&mut window, ewebsock), reason(Unavailable::NotBuiltIn));
        for field in [Field::Headers, Field::Authorities, Field::PingInterval, Field::MaxFrame] {
            let label = (words.connection.field)(field);
            assert!(window.is_disabled(label), "{field:?}");
            assert_eq!(description(&mut window, label), reason(Unavailable::InBrowser));
        }
        assert!(window.is_disabled((words.connection.proxy)(ProxyChoice::Direct)));
        assert!(!window.is_disabled((words.connection.field)(Field::Protocols)));

        let mut window = sheet(Opening { language, ..opening(&nobody) }, NARROW);
        fold(&mut window, words.connection.transport_title);
        window.click(name(Transport::InPage, Platform::Desktop));
        let in_page = reason(Unavailable::InPage);
        for title in [
            words.connection.reconnect_title,
            words.connection.request_title,
            words.connection.times_title,
        ] {
            assert_eq!(description(&mut window, title), in_page);
        }
        fold(&mut window, words.connection.reconnect_title);
        assert!(window.is_disabled(words.connection.reconnects_switch));
        assert_eq!(description(&mut window, words.connection.reconnects_switch), in_page);
        assert_eq!(description(&mut window, words.connection.address_label), in_page);
    }
}

#[test]
fn addresses_are_taken_up_and_forgotten() {
    let (first, second) = (EchoServer::start(), EchoServer::start());
    for language in Language::ALL {
        let mut window = connected(&first, language, WIDE);
        let words = words(language);
        assert!(!window.shows(words.connection.recent_title), "its own is none of them");
        window.rewrite(words.connection.address_label, &second.url());
        window.click(words.connection.connect_to_button);
        window.until_shown(&second.address.to_string());
        fold(&mut window, words.connection.recent_title);
        window.rewrite(words.connection.address_label, "ws://raisin");
        window.click(&second.url());
        let typed = window.get(words.connection.address_label).value();
        assert_eq!(typed.as_deref(), Some(second.url().as_str()));
        window.click(&(words.sheet.forget_one_button)(&second.url()));
        assert!(!window.shows(words.connection.recent_title));
    }
    first.shut_down();
    second.shut_down();
}

#[test]
fn figures_and_plots_are_told_in_words() {
    let server = EchoServer::start();
    for (language, sent) in [
        (Language::English, "Sent: 3 messages, 2 006 bytes"),
        (Language::Chinese, "已发送：3 条消息，2 006 字节"),
    ] {
        let mut window = connected(&server, language, WIDE);
        let words = words(language);
        assert!(window.shows(words.sheet.no_round_trips));
        for text in ["raisin".to_owned(), "a".repeat(1_000), "b".repeat(1_000)] {
            send(&mut window, words, &text);
            window.until_shown(&(words.message.echo)(&text));
        }
        window.until_shown(sent);
        let trips = description(&mut window, words.sheet.round_trips_title);
        assert!(trips.contains("p50") && trips.contains("p99") && trips.contains('3'), "{trips}");
        fold(&mut window, words.sheet.traffic_title);
        let summary = description(&mut window, words.sheet.traffic_title);
        assert!(summary.contains("p50"), "{summary}");
        // The headers of the answer.
        fold(&mut window, words.sheet.headers_title);
        assert!(window.shows("upgrade") && window.shows("websocket"), "{window:?}");
        window.assert_nothing_sticks_out();
    }
    server.shut_down();
}

#[test]
fn without_reconnecting_a_server_that_is_back_is_connected_to_by_hand() {
    for language in Language::ALL {
        let words = words(language);
        let server = EchoServer::start();
        let address = server.address;
        let mut window = sheet(Opening { language, ..opening(server.url()) }, WIDE);
        window.until_shown(open_word(language));
        let killed = server.shut_down();
        let closed = (words.connection.status_word)(app_core::ConnectionStatus::Closed);
        window.until_shown(closed);
        killed.join().unwrap().unwrap();
        assert!(window.words().iter().any(|said| said.contains("1001")), "{window:?}");
        assert!(window.is_disabled(words.connection.close_button));
        let server = EchoServer::start_at(address);
        window.click(words.connection.connect_to_button);
        window.until_shown(open_word(language));
        send(&mut window, words, "raisin");
        window.until_shown(&(words.message.echo)("raisin"));
        server.shut_down();
    }
}

/// Nobody is there, and it is long until the next attempt.
fn waiting(language: Language, size: Vec2) -> (Window, std::net::SocketAddr) {
    let nobody = nobody_yet();
    let mut opening = Opening { language, ..reconnecting(format!("ws://{nobody}/echo")) };
    if let Ok(stored) = &mut opening.stored {
        stored.settings.first_wait = "86400".to_owned();
        stored.settings.longest_wait = "86400".to_owned();
    }
    let mut window = sheet(opening, size);
    window.until("the wait", |window| window.shows(words(language).sheet.stop_button));
    window.until("the wait", |window| window.shows(words(language).connection.retry_now_button));
    (window, nobody)
}

#[test]
fn what_waits_is_taken_back_one_by_one_and_sent_when_the_server_is_back() {
    for language in Language::ALL {
        let words = words(language);
        let (mut window, nobody) = waiting(language, WIDE);
        let texts = ["raisin", "grape", "plum", "fig", "date", "lemon", "lime"];
        for text in texts {
            send(&mut window, words, text);
        }
        window.until_shown(&(words.connection.waiting)(7));
        assert!(!window.shows("lime") || !window.shows("lemon"), "a few are listed at first");
        window.click(&(words.sheet.show_more_button)(2));
        assert!(window.shows("lemon"), "{window:?}");
        window.assert_nothing_sticks_out();
        window.click_among(words.connection.take_back_button, |nodes| {
            let its =
                |node: &Node<'_>| node.accesskit_node().description().as_deref() == Some("grape");
            nodes.into_iter().find(its)
        });
        window.until_shown(&(words.connection.waiting)(6));
        window.click(words.connection.take_back_all_button);
        window.until("nothing", |window| !window.shows(&(words.connection.waiting)(6)));
        // All of it stands above the field, to be sent or not, in its order.
        window.click(words.message.send_button);
        window.until_shown(&(words.connection.waiting)(6));
        let server = EchoServer::start_at(nobody);
        click_in_sheet(&mut window, words.connection.retry_now_button);
        window.until_shown(&(words.message.echo)("lemon"));
        assert!(!window.shows(&(words.connection.waiting)(6)));
        server.shut_down();
    }
}

#[test]
fn what_is_in_doubt_is_sent_again_or_let_go() {
    for language in Language::ALL {
        for sends_again in [true, false] {
            let words = words(language);
            let first = Scripted::start(|mut peer| {
                peer.text();
            });
            let address = first.address;
            let mut window = sheet(Opening { language, ..reconnecting(first.url()) }, WIDE);
            window.until_shown(open_word(language));
            send(&mut window, words, "raisin");
            first.end();
            let in_doubt = (words.connection.in_doubt)(1);
            window.until_shown(&in_doubt);
            assert!(window.shows(words.sheet.about_in_doubt));
            window.assert_nothing_sticks_out();
            let server = EchoServer::start_at(address);
            window.until_shown(open_word(language));
            if sends_again {
                window.click(words.connection.resend_button);
                window.until_shown(&(words.message.echo)("raisin"));
            } else {
                window.click(words.connection.let_go_button);
            }
            window.until("nothing in doubt", |window| !window.shows(&in_doubt));
            send(&mut window, words, "grape");
            window.until_shown(&(words.message.echo)("grape"));
            server.shut_down();
        }
    }
}

#[test]
fn a_wait_is_stopped_and_a_countdown_is_one_frame_a_second() {
    for language in Language::ALL {
        let (mut window, _) = waiting(language, NARROW);
        let words = words(language);
        assert!(window.words().iter().any(|said| said.contains('2')), "the attempt: {window:?}");
        let frames = window.rest(Duration::from_millis(300));
        assert!(frames <= 2, "{frames} frames");
        window.click(words.sheet.stop_button);
        window.until("the end", |window| !window.shows(words.sheet.stop_button));
        assert_eq!(window.rest(Duration::from_millis(1_500)), 0, "nothing is waited for");
        assert!(!window.is_disabled(words.connection.connect_to_button));
    }
}

#[test]
fn out_of_sight_a_countdown_draws_nothing() {
    let (mut window, _) = waiting(Language::English, vec2(400.0, 300.0));
    let title = words(Language::English).connection.limits_title;
    window.scroll_to_end(title);
    window.rest(Duration::from_millis(1_100));
    assert_eq!(window.rest(Duration::from_millis(1_500)), 0, "{window:?}");
}

#[test]
fn an_open_sheet_draws_nothing_by_itself() {
    let server = EchoServer::start();
    let mut window = connected(&server, Language::English, WIDE);
    unfold_all(&mut window, words(Language::English));
    window.rest(Duration::from_millis(300));
    assert_eq!(window.rest(Duration::from_millis(1_200)), 0);
    server.shut_down();
}
