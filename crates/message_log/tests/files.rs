//! Rows go into files and come back, in any pieces, and broken files are refused in words.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::time::Duration;

use message_log::har;
use message_log::json_lines::Reader;
use message_log::{
    Content, Delivery, Direction, Drawing, Entry, Event, Export, Format, Initiator, Log, Payload,
    ReadError, ReadErrorKind, Retention, Row, RowSet,
};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

const KEEP: Retention = Retention::NATIVE;

fn export(format: Format, log: &Log) -> Vec<u8> {
    Export::new(format, log.snapshot(), None).flatten().collect()
}

fn read_lines(file: &[u8]) -> Result<Log, ReadError> {
    let mut reader = Reader::new(KEEP);
    reader.read(file)?;
    reader.finish()
}

fn header() -> String {
    r#"{"format":"websocket-log","version":1,"started_ns":5}"#.to_owned() + "\n"
}

/// An example of everything.
fn everything() -> Log {
    let mut log = Log::new(Duration::new(1_795_639_738, 123_456_789), KEEP);
    let events = [
        Event::Connecting { url: "wss://example.org/?a=\"b\"".into() },
        Event::Open {
            protocol: Some("chat".into()),
            headers: vec![("Server".into(), "x\ty".into()), (String::new(), String::new())],
        },
        Event::Open { protocol: None, headers: vec![] },
        Event::Closing { code: Some(1000), reason: "bye".into() },
        Event::Closing { code: None, reason: String::new() },
        Event::Closed {
            code: Some(1001),
            name: "going away".into(),
            reason: "\u{202e}".into(),
            initiator: Some(Initiator::Remote),
            was_clean: true,
        },
        Event::Closed {
            code: None,
            name: String::new(),
            reason: String::new(),
            initiator: Some(Initiator::Local),
            was_clean: false,
        },
        Event::Error { text: "refused\n".into() },
        Event::Reconnecting { attempt: 3, wait: Duration::new(2, 5) },
    ];
    for event in events {
        log.append(Duration::from_millis(1), Entry::Event(event));
    }
    for text in ["", "hello", "\0\x01\x1b[0m\u{7f}\"\\/\r\n\t\u{2028}👋", &"ä".repeat(70_000)] {
        log.append(Duration::from_secs(2), Entry::Received(Payload::text(text)));
    }
    for (size, delivery) in [
        (0, Delivery::Waiting),
        (1, Delivery::Sent),
        (2, Delivery::InDoubt),
        (200_000, Delivery::TakenBack),
    ] {
        let bytes: Vec<u8> = (0..size).map(|byte: u32| byte.to_le_bytes()[0]).collect();
        log.append(Duration::from_secs(3), Entry::Sent(Payload::binary(bytes), delivery));
    }
    log.set_drawing(3..10, Drawing::Drawn);
    log.set_drawing(10..12, Drawing::Coalesced);
    log
}

fn rows(log: &Log) -> Vec<Row<'_>> {
    log.iter(log.range()).collect()
}

#[test]
fn json_lines_lose_nothing() {
    let log = everything();
    let file = export(Format::JsonLines, &log);
    let again = read_lines(&file).unwrap();
    assert_eq!(again.started(), log.started());
    assert_eq!(rows(&again), rows(&log));
    assert!(export(Format::JsonLines, &again) == file);
}

#[test]
fn json_lines_are_as_documented() {
    let mut log = Log::new(Duration::from_secs(1), KEEP);
    log.append(Duration::from_millis(5), Entry::Received(Payload::text("he said \"hello\"\n")));
    let bytes = vec![0xde, 0xad, 0xbe, 0xef];
    log.append(Duration::from_millis(6), Entry::Sent(Payload::binary(bytes), Delivery::Sent));
    log.set_drawing(1..2, Drawing::Drawn);
    log.append(
        Duration::from_millis(7),
        Entry::Event(Event::Closed {
            code: Some(1000),
            name: String::new(),
            reason: "bye".into(),
            initiator: Some(Initiator::Remote),
            was_clean: true,
        }),
    );
    let expected = r#"{"format":"websocket-log","version":1,"started_ns":1000000000}
{"time_ns":5000000,"direction":"received","text":"he said \"hello\"\n"}
{"time_ns":6000000,"direction":"sent","delivery":"sent","drawing":"drawn","binary":"3q2+7w=="}
{"time_ns":7000000,"event":"closed","code":1000,"name":"","reason":"bye","initiator":"remote","was_clean":true}
"#;
    assert_eq!(String::from_utf8(export(Format::JsonLines, &log)).unwrap(), expected);
}

fn any_event() -> impl Strategy<Value = Event> {
    let initiator =
        prop_oneof![Just(None), Just(Some(Initiator::Local)), Just(Some(Initiator::Remote))];
    prop_oneof![
        any::<String>().prop_map(|url| Event::Connecting { url }),
        (any::<Option<String>>(), any::<Vec<(String, String)>>())
            .prop_map(|(protocol, headers)| Event::Open { protocol, headers }),
        any::<(Option<u16>, String)>().prop_map(|(code, reason)| Event::Closing { code, reason }),
        (any::<(Option<u16>, String, String, bool)>(), initiator).prop_map(
            |((code, name, reason, was_clean), initiator)| Event::Closed {
                code,
                name,
                reason,
                initiator,
                was_clean
            }
        ),
        any::<String>().prop_map(|text| Event::Error { text }),
        any::<(u32, u64)>().prop_map(|(attempt, wait)| Event::Reconnecting {
            attempt,
            wait: Duration::from_nanos(wait)
        }),
    ]
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let payload = prop_oneof![
        any::<String>().prop_map(Payload::text),
        any::<Vec<u8>>().prop_map(Payload::binary)
    ];
    let delivery = prop_oneof![
        Just(Delivery::Waiting),
        Just(Delivery::Sent),
        Just(Delivery::InDoubt),
        Just(Delivery::TakenBack)
    ];
    prop_oneof![
        payload.clone().prop_map(Entry::Received),
        (payload, delivery).prop_map(|(payload, delivery)| Entry::Sent(payload, delivery)),
        any_event().prop_map(Entry::Event),
    ]
}

fn any_rows() -> impl Strategy<Value = Vec<(u64, Entry, u8)>> {
    proptest::collection::vec((any::<u64>(), any_entry(), 0_u8..3), 0..20)
}

proptest! {
    #[test]
    fn any_log_goes_both_ways(
        started: u64,
        input in any_rows(),
        cuts in proptest::collection::vec(1_usize..50, 1..20),
    ) {
        let mut log = Log::new(Duration::from_nanos(started), KEEP);
        for (time, entry, drawing) in input {
            let number = log.append(Duration::from_nanos(time), entry);
            let drawings = [Drawing::Undecided, Drawing::Drawn, Drawing::Coalesced];
            log.set_drawing(number..number + 1, drawings[usize::from(drawing)]);
        }
        let file = export(Format::JsonLines, &log);
        // In pieces of any length.
        let mut reader = Reader::new(KEEP);
        let mut rest = &*file;
        for cut in cuts.iter().cycle() {
            let (piece, after) = rest.split_at((*cut).min(rest.len()));
            reader.read(piece).unwrap();
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        let again = reader.finish().unwrap();
        assert_eq!(rows(&again), rows(&log));
        assert!(export(Format::JsonLines, &again) == file);
        // The other formats take any log too, and what is a HAR is one.
        export(Format::PlainText, &log);
        har::read(&export(Format::Har, &log), KEEP).unwrap();
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes: Vec<u8>) {
        let _ = read_lines(&bytes);
        let _ = read_lines(&[header().as_bytes(), &bytes].concat());
        let _ = har::read(&bytes, KEEP);
    }
}

#[test]
fn pieces_are_small_and_can_be_left() {
    let mut log = Log::new(Duration::ZERO, KEEP);
    // Each character is written as six.
    log.append(Duration::ZERO, Entry::Received(Payload::text("\u{1}".repeat(2_000_000))));
    log.append(Duration::ZERO, Entry::Received(Payload::binary(vec![0; 2_000_000])));
    for format in [Format::JsonLines, Format::Har, Format::PlainText] {
        let mut export = Export::new(format, log.snapshot(), None);
        assert!(!export.progress().is_done());
        let sizes: Vec<usize> = export.by_ref().map(|piece| piece.len()).collect();
        assert!(sizes.iter().all(|size| *size <= 512 << 10), "{:?}", sizes.iter().max());
        assert!(export.progress().is_done());
    }
}

#[test]
fn only_chosen_rows_are_written() {
    let mut log = Log::new(Duration::ZERO, KEEP);
    for number in 0..200_000 {
        log.append(Duration::ZERO, Entry::Received(Payload::text(number.to_string())));
    }
    let only: RowSet = [7, 199_999].into_iter().collect();
    let export = Export::new(Format::JsonLines, log.snapshot(), Some(only));
    let pieces: Vec<Vec<u8>> = export.collect();
    assert!(pieces.len() > 2);
    let again = read_lines(&pieces.concat()).unwrap();
    let texts: Vec<Content<'_>> = rows(&again).iter().map(|row| row.content).collect();
    assert_eq!(texts, [Content::Text("7"), Content::Text("199999")]);
}

#[test]
fn broken_lines_are_named() {
    let row = r#"{"time_ns":1,"direction":"received","text":"x"}"#;
    let wrong = |field| ReadErrorKind::WrongField { field };
    for (line, expected) in [
        (r#"{"time_ns":-1,"direction":"received","text":"x"}"#, wrong("time_ns")),
        (r#"{"direction":"received","text":"x"}"#, wrong("time_ns")),
        (r#"{"time_ns":1,"direction":"up","text":"x"}"#, wrong("direction")),
        (r#"{"time_ns":1,"direction":"sent","text":"x"}"#, wrong("delivery")),
        (r#"{"time_ns":1,"direction":"received","text":5}"#, wrong("text")),
        (r#"{"time_ns":1,"direction":"received"}"#, wrong("binary")),
        (r#"{"time_ns":1,"direction":"received","binary":"?"}"#, wrong("binary")),
        (r#"{"time_ns":1,"event":"exploded"}"#, wrong("event")),
        (r#"{"time_ns":1,"event":"closed","code":70000}"#, wrong("code")),
        (r#"{"time_ns":1,"event":"open","headers":[["a"]]}"#, wrong("headers")),
        (r#"{"time_ns":1,"drawing":"maybe","event":"error","message":""}"#, wrong("drawing")),
        ("[1]", ReadErrorKind::OtherFormat),
    ] {
        let file = format!("{}{row}\n\n{line}\n{row}\n", header());
        let error = read_lines(file.as_bytes()).unwrap_err();
        assert_eq!((error.line, &error.kind), (Some(4), &expected), "{line}");
        assert!(error.to_string().contains("line 4"), "{error}");
    }
    for line in ["{", "nonsense", "{\"text\":\"\\ud800\"}", "{\"text\":\"\u{1}\"}"] {
        let error = read_lines(format!("{}{line}", header()).as_bytes()).unwrap_err();
        assert_eq!(error.line, Some(2));
        assert!(matches!(error.kind, ReadErrorKind::NotJson { .. }), "{error}");
    }
    let error = read_lines(&[header().as_bytes(), b"{\"text\":\"\xff\"}"].concat()).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::NotJson { .. }), "{error}");
}

#[test]
fn other_files_are_refused() {
    assert_eq!(read_lines(b"").unwrap_err().kind, ReadErrorKind::Empty);
    assert_eq!(read_lines(b"\n \n").unwrap_err().kind, ReadErrorKind::Empty);
    assert_eq!(read_lines(b"{\"a\":1}\n").unwrap_err().kind, ReadErrorKind::OtherFormat);
    let error = read_lines(br#"{"format":"websocket-log","version":2}"#).unwrap_err();
    assert_eq!(error.kind, ReadErrorKind::UnknownVersion { version: "2".into() });
    assert_eq!(har::read(b" ", KEEP).unwrap_err().kind, ReadErrorKind::Empty);
    for file in ["{}", "[]", "1", r#"{"log":1}"#, r#"{"log":{"entries":{}}}"#] {
        let error = har::read(file.as_bytes(), KEEP).unwrap_err();
        assert_eq!(error.kind, ReadErrorKind::OtherFormat, "{file}");
    }
    let error = har::read(b"{\n\"log\":}", KEEP).unwrap_err();
    assert_eq!(error.line, Some(2));
}

#[test]
fn other_formats_are_noticed_early() {
    let mut reader = Reader::new(KEEP);
    let piece = [b"{\"log\":".as_slice(), &[b' '; 100_000]].concat();
    assert_eq!(reader.read(&piece).unwrap_err().kind, ReadErrorKind::OtherFormat);
    let error = read_lines(b"{\n\"log\":{}}").unwrap_err();
    assert!(matches!(error, ReadError { line: Some(1), kind: ReadErrorKind::NotJson { .. } }));
}

#[test]
fn harmless_differences_are_read() {
    let file = "\u{feff}{\"version\":1,\"more\":[{}],\"format\":\"websocket-log\",\"started_ns\":5}\r\n\r\n \
        {\"text\":\"\\u0041\", \"direction\":\"received\", \"time_ns\":1, \"new\":null}\r\n";
    let log = read_lines(file.as_bytes()).unwrap();
    assert_eq!(rows(&log)[0].content, Content::Text("A"));
}

#[test]
fn what_was_read_before_an_error_stands() {
    let row = "{\"time_ns\":1,\"direction\":\"received\",\"text\":\"x\"}\n";
    let mut reader = Reader::new(KEEP);
    let file = format!("{}{row}{row}broken\n{row}", header());
    assert!(reader.read(file.as_bytes()).is_err());
    assert_eq!(reader.rows_read(), 2);
    assert_eq!(reader.into_log().unwrap().len(), 2);
}

#[test]
fn retention_holds_while_reading() {
    let row = "{\"time_ns\":1,\"direction\":\"received\",\"text\":\"x\"}\n";
    let mut reader = Reader::new(Retention { bytes: 1 << 20, rows: 10 });
    reader.read((header() + &row.repeat(100)).as_bytes()).unwrap();
    let log = reader.finish().unwrap();
    assert_eq!((log.range(), log.dropped()), (90..100, 90));
}

#[test]
fn long_lines_are_read_or_refused() {
    let line = format!(
        "{{\"time_ns\":1,\"direction\":\"received\",\"text\":\"{}\"}}\n",
        "x".repeat(50_000_000)
    );
    let file = header() + &line;
    let log = read_lines(file.as_bytes()).unwrap();
    assert_eq!(log.get(0).unwrap().size(), 50_000_000);
    for piece in [file.len(), 1_000_000] {
        let mut reader = Reader::new(KEEP).max_line_bytes(40_000_000);
        let read = file.as_bytes().chunks(piece).try_for_each(|piece| reader.read(piece));
        let error = read.unwrap_err();
        assert_eq!(error.to_string(), "longer than 40000000 bytes (line 2)");
    }
}

#[test]
fn deep_json_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = open.repeat(1_000_000) + "1" + &close.repeat(1_000_000);
        for line in [deep.clone(), format!("{{\"time_ns\":{deep}}}")] {
            let error = read_lines((header() + &line).as_bytes()).unwrap_err();
            assert!(matches!(error.kind, ReadErrorKind::NotJson { .. }), "{error}");
        }
        assert!(har::read(deep.as_bytes(), KEEP).is_err());
    }
}

#[test]
fn deep_har_is_passed_over() {
    let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    // Where nobody looks it may be as deep as it likes.
    let file = format!("{{\"log\":{{\"entries\":[{{\"x\":{deep}}}],\"y\":{deep}}}}}");
    assert_eq!(har::read(file.as_bytes(), KEEP).unwrap().other_entries, 1);
    let file = format!(
        "{{\"log\":{{\"entries\":[{{\"_webSocketMessages\":[{{\"type\":\"send\",\"time\":{deep}}}],\"request\":{deep}}}]}}}}"
    );
    assert_eq!(har::read(file.as_bytes(), KEEP).unwrap().skipped_messages, 1);
}

/// Exported by the DevTools of Chromium 156: an echo, a server that isn't there, and a broken frame.
const CHROME: &[u8] = include_bytes!("fixtures/chrome.har");

#[test]
fn chromes_har_opens_as_a_log() {
    let opened = har::read(CHROME, KEEP).unwrap();
    assert_eq!((opened.connections, opened.other_entries, opened.skipped_messages), (3, 2, 0));
    let log = opened.log;
    let rows = rows(&log);
    let said: Vec<(Direction, String)> =
        rows.iter().map(|row| (row.direction, message_log::preview(row.content, 100))).collect();
    use Direction::{None, Received, Sent};
    let expected = [
        (None, "connecting to ws://127.0.0.1:9077/protocol?of=chat"),
        (None, "open, protocol chat"),
        (Sent, "Hello, \"WebSockets\"!\\n内容 👋"),
        (Received, "protocol: chat"),
        (Received, "Hello, \"WebSockets\"!\\n内容 👋"),
        (Sent, "de ad be ef 00 (5 B)"),
        (Received, "de ad be ef 00 (5 B)"),
        (Sent, ""),
        (Received, ""),
        (None, "connecting to ws://127.0.0.1:9078/"),
        (None, "error: Error in connection establishment: net::ERR_CONNECTION_REFUSED"),
        (None, "connecting to ws://127.0.0.1:9077/broken?how=utf8"),
        (None, "open"),
        (None, "error: Could not decode a text frame as UTF-8."),
    ];
    let expected = expected.map(|(direction, text)| (direction, text.to_owned()));
    assert_eq!(said, expected);
    let Content::Event(Event::Open { headers, .. }) = rows[1].content else { unreachable!() };
    assert_eq!(headers.len(), 5);
    assert_eq!(rows[2].content, Content::Text("Hello, \"WebSockets\"!\n内容 👋"));
}

/// Of a connection that was never made Chrome tells the time since its own start.
#[test]
fn chromes_strange_times_are_passed_over() {
    let log = har::read(CHROME, KEEP).unwrap().log;
    assert_eq!(log.started(), Duration::new(1_795_642_017, 415_000_000));
    let times: Vec<u128> = rows(&log).iter().map(|row| row.time.as_millis()).collect();
    assert_eq!(times, [0, 0, 2, 2, 3, 1047, 1049, 2047, 2048, 2048, 2048, 4052, 4052, 4054]);
}

#[test]
fn chromes_har_goes_both_ways() {
    let first = har::read(CHROME, KEEP).unwrap().log;
    let file = export(Format::Har, &first);
    let second = har::read(&file, KEEP).unwrap().log;
    assert!(export(Format::Har, &second) == file);
    let contents =
        |log: &Log| rows(log).iter().map(|row| format!("{:?}", row.content)).collect::<Vec<_>>();
    assert_eq!(contents(&second), contents(&first));
    for (first, second) in rows(&first).iter().zip(rows(&second)) {
        assert!(first.time.abs_diff(second.time) <= Duration::from_micros(1));
    }
}

#[test]
fn our_har_has_what_chrome_has() {
    let mut log = Log::new(Duration::from_secs(1_795_639_738), KEEP);
    let ms = Duration::from_millis;
    let connect = |url: &str| Entry::Event(Event::Connecting { url: url.into() });
    log.append(ms(0), connect("wss://example.org/a"));
    let headers = vec![];
    let protocol = Some("chat".to_owned());
    log.append(ms(1), Entry::Event(Event::Open { protocol, headers }));
    log.append(ms(2), Entry::Sent(Payload::text("a\"b"), Delivery::InDoubt));
    log.append(ms(3), Entry::Received(Payload::binary(vec![1, 2])));
    let closed = Event::Closed {
        code: Some(1000),
        name: "normal closure".into(),
        reason: "bye".into(),
        initiator: Some(Initiator::Local),
        was_clean: true,
    };
    log.append(ms(4), Entry::Event(closed.clone()));
    log.append(ms(5), connect("wss://example.org/b"));

    let file: serde_json::Value = serde_json::from_slice(&export(Format::Har, &log)).unwrap();
    assert_eq!(file["log"]["version"], "1.2");
    let entry = &file["log"]["entries"][0];
    assert_eq!(entry["_resourceType"], "websocket");
    assert_eq!(entry["startedDateTime"], "2026-11-25T20:48:58.000000Z");
    assert_eq!(entry["request"]["url"], "wss://example.org/a");
    assert_eq!(entry["response"]["status"], 101);
    assert_eq!(entry["time"], 4.0);
    let expected = serde_json::json!([
        {"type": "send", "time": 1_795_639_738.002, "opcode": 1, "data": "a\"b"},
        {"type": "receive", "time": 1_795_639_738.003, "opcode": 2, "data": "AQI="},
    ]);
    assert_eq!(entry["_webSocketMessages"], expected);
    let entry = &file["log"]["entries"][1];
    assert_eq!(
        (&entry["response"]["status"], &entry["_webSocketMessages"]),
        (&0.into(), &serde_json::json!([]))
    );

    let again = har::read(&export(Format::Har, &log), KEEP).unwrap().log;
    let contents: Vec<Content<'_>> = rows(&again).iter().map(|row| row.content).collect();
    assert_eq!(contents.len(), 6);
    assert_eq!(contents[4], Content::Event(&closed));
    // What a browser doesn't tell as a header is one here.
    let Content::Event(Event::Open { protocol, .. }) = contents[1] else { unreachable!() };
    assert_eq!(protocol.as_deref(), Some("chat"));
}

/// A filter that leaves out the events doesn't put all messages under one address.
#[test]
fn connections_stay_apart_in_a_filtered_har() {
    let mut log = Log::new(Duration::ZERO, KEEP);
    let text = |text: &str| Entry::Received(Payload::text(text));
    log.append(Duration::ZERO, text("from before"));
    for url in ["ws://a", "ws://b"] {
        log.append(Duration::ZERO, Entry::Event(Event::Connecting { url: url.into() }));
        log.append(Duration::ZERO, text(url));
    }
    let only: RowSet = [0, 2, 4].into_iter().collect();
    let file: Vec<u8> = Export::new(Format::Har, log.snapshot(), Some(only)).flatten().collect();
    let file: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let entries = file["log"]["entries"].as_array().unwrap();
    let urls: Vec<_> = entries.iter().map(|entry| &entry["request"]["url"]).collect();
    let data: Vec<_> =
        entries.iter().map(|entry| &entry["_webSocketMessages"][0]["data"]).collect();
    assert_eq!(urls, ["", "ws://a", "ws://b"]);
    assert_eq!(data, ["from before", "ws://a", "ws://b"]);
}

#[test]
fn plain_text_is_a_row_a_line() {
    let file = String::from_utf8(export(Format::PlainText, &everything())).unwrap();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 17);
    assert_eq!(
        lines[0],
        "2026-11-25T20:48:58.124456Z  event     connecting to wss://example.org/?a=\"b\""
    );
    assert_eq!(lines[10], "2026-11-25T20:49:00.123456Z  received  hello");
    assert_eq!(lines[14], "2026-11-25T20:49:01.123456Z  sent      (1 B)  00");
    assert!(lines[15].contains("(in doubt)"));
    assert!(lines.iter().all(|line| line.chars().all(|c| !c.is_control())));
}
