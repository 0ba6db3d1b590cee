//! Rows are found by what they are and by what they say, and the matches in them are marked.

#![allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![allow(clippy::single_range_in_vec_init, reason = "there may be one match")]

use std::time::{Duration, Instant};

use proptest::prelude::{Strategy, any, prop_oneof, proptest};

use message_log::{
    Content, Delivery, Entry, Event, Filter, Initiator, Log, Matcher, Payload, Query, Retention,
    RowSet, Scan,
};

fn log() -> Log {
    Log::new(Duration::ZERO, Retention::NATIVE)
}

fn text(log: &mut Log, text: &str) -> u64 {
    log.append(Duration::ZERO, Entry::Received(Payload::text(text)))
}

fn binary(log: &mut Log, bytes: &[u8]) -> u64 {
    log.append(Duration::ZERO, Entry::Received(Payload::binary(bytes.to_vec())))
}

fn matcher(text: &str, is_regex: bool, match_case: bool) -> Matcher {
    Matcher::new(&Query { text: text.to_owned(), is_regex, match_case }).unwrap()
}

fn found(log: &Log, filter: Filter, matcher: Matcher) -> Vec<u64> {
    let mut scan = Scan::new(filter, matcher);
    assert!(scan.advance(log, u64::MAX).is_done());
    let whole: Vec<u64> = all(scan.hits());
    // In small steps it finds the same.
    let mut scan = Scan::new(filter, scan.matcher().clone());
    while !scan.advance(log, 1).is_done() {}
    assert_eq!(all(scan.hits()), whole);
    whole
}

fn all(set: &RowSet) -> Vec<u64> {
    (0..set.len()).map(|index| set.nth(index).unwrap()).collect()
}

fn closed(code: u16, name: &str, reason: &str) -> Entry {
    Entry::Event(Event::Closed {
        code: Some(code),
        name: name.into(),
        reason: reason.into(),
        initiator: Some(Initiator::Remote),
        was_clean: true,
    })
}

#[test]
fn text_is_found_with_case() {
    let mut log = log();
    text(&mut log, "Hello");
    text(&mut log, "say hello twice, hello");
    text(&mut log, "");
    text(&mut log, "HELLO");
    text(&mut log, &format!("{}hello", "x".repeat(100_000)));
    assert_eq!(found(&log, Filter::default(), matcher("hello", false, true)), [1, 4]);
    assert_eq!(found(&log, Filter::default(), matcher("hello", false, false)), [0, 1, 3, 4]);
    assert_eq!(found(&log, Filter::default(), matcher("h.llo", true, true)), [1, 4]);
    assert_eq!(found(&log, Filter::default(), matcher("^h.llo$", true, false)), [0, 3]);
    assert_eq!(found(&log, Filter::default(), matcher("", false, false)), [0, 1, 2, 3, 4]);
}

/// Short rows lie one behind the other, and are searched as one.
#[test]
fn matches_across_rows_count_not() {
    let mut log = log();
    text(&mut log, "aab");
    text(&mut log, "ba");
    text(&mut log, "b");
    text(&mut log, "bb");
    text(&mut log, "");
    text(&mut log, "b");
    for match_case in [false, true] {
        assert_eq!(found(&log, Filter::default(), matcher("bb", false, match_case)), [3]);
        assert_eq!(found(&log, Filter::default(), matcher("ab", false, match_case)), [0]);
        assert_eq!(found(&log, Filter::default(), matcher("abb", false, match_case)), [0_u64; 0]);
        assert_eq!(
            found(&log, Filter::default(), matcher("b", false, match_case)),
            [0, 1, 2, 3, 5]
        );
    }
}

#[test]
fn letters_beyond_ascii_have_case() {
    let mut log = log();
    text(&mut log, "ÜBER");
    text(&mut log, "über");
    text(&mut log, "内容回显");
    text(&mut log, "ΣΟΦΊΑ");
    text(&mut log, "Ⱥ");
    assert_eq!(found(&log, Filter::default(), matcher("über", false, false)), [0, 1]);
    assert_eq!(found(&log, Filter::default(), matcher("Über", false, true)), [0_u64; 0]);
    assert_eq!(found(&log, Filter::default(), matcher("容回", false, false)), [2]);
    assert_eq!(found(&log, Filter::default(), matcher("οφί", false, false)), [3]);
    // Two bytes in one case and three in the other.
    assert_eq!(found(&log, Filter::default(), matcher("ⱥ", false, false)), [4]);
}

#[test]
fn bytes_are_found_by_hex() {
    let mut log = log();
    binary(&mut log, &[0xde, 0xad, 0xbe, 0xef]);
    binary(&mut log, b"dead letters");
    text(&mut log, "dead");
    binary(&mut log, &[0xde]);
    binary(&mut log, &[0xad]);
    binary(&mut log, &vec![0xde; 100_000]);
    let find = |query| found(&log, Filter::default(), matcher(query, false, false));
    assert_eq!(find("de ad"), [0]);
    assert_eq!(find("DEAD"), [0, 1, 2]);
    assert_eq!(find("adb"), [0]);
    assert_eq!(find("adf"), [0_u64; 0]);
    assert_eq!(find("de de"), [5]);
    let find = |query| found(&log, Filter::default(), matcher(query, true, false));
    assert_eq!(find("^de ad"), [0]);
    assert_eq!(find("^de$"), [3]);
}

fn any_payload() -> impl Strategy<Value = Payload> {
    prop_oneof![
        "[aAbBéÉ1]{0,6}".prop_map(Payload::text),
        proptest::collection::vec(prop_oneof![0x10_u8..0x13, 0x60_u8..0x63, 0xa0_u8..0xbc], 0..6)
            .prop_map(Payload::binary),
        // One that doesn't lie beside the others.
        "[aAbB]{2}".prop_map(|end| Payload::text("a".repeat(20_000) + &end)),
    ]
}

proptest! {
    /// Rows are searched many at once; that is to find what is found in each by itself.
    #[test]
    fn any_rows_are_found_as_one_by_one(
        payloads in proptest::collection::vec(any_payload(), 0..30),
        text in "[aAbBéÉ1]{1,3}",
        match_case in any::<bool>(),
        is_sent in any::<bool>(),
    ) {
        let matcher = matcher(&text, false, match_case);
        let mut log = log();
        for payload in payloads {
            log.append(Duration::ZERO, match is_sent {
                true => Entry::Sent(payload, Delivery::Sent),
                false => Entry::Received(payload),
            });
        }
        let lower = |text: &str| if match_case { text.to_owned() } else { text.to_lowercase() };
        let mut expected = Vec::new();
        for row in log.iter(log.range()) {
            let is_match = matcher.is_match(row.content);
            if let Content::Text(row) = row.content {
                assert_eq!(is_match, lower(row).contains(&lower(&text)));
            }
            if is_match {
                expected.push(row.number);
            }
        }
        assert_eq!(found(&log, Filter::default(), matcher), expected);
    }

    #[test]
    fn any_bytes_are_found_by_their_hex(
        bytes in proptest::collection::vec(0xaa_u8..0xad, 0..20),
        needle in "[abc]{2,5}",
    ) {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let expected = (0..bytes.len()).any(|byte| digits[byte * 2..].starts_with(&needle));
        let content = Content::Binary(&bytes);
        assert_eq!(matcher(&needle, false, false).is_match(content), expected);
    }
}

#[test]
fn events_are_found_by_what_they_say() {
    let mut log = log();
    log.append(Duration::ZERO, closed(1001, "going away", "Server restarts"));
    log.append(
        Duration::ZERO,
        Entry::Event(Event::Connecting { url: "wss://example.org/".into() }),
    );
    let headers = vec![("Server".to_owned(), "nginx".to_owned())];
    log.append(
        Duration::ZERO,
        Entry::Event(Event::Open { protocol: Some("chat".into()), headers }),
    );
    log.append(Duration::ZERO, Entry::Event(Event::Error { text: "refused".into() }));
    log.append(
        Duration::ZERO,
        Entry::Event(Event::Reconnecting { attempt: 1, wait: Duration::ZERO }),
    );
    let find = |query| found(&log, Filter::default(), matcher(query, false, false));
    assert_eq!(find("restart"), [0]);
    assert_eq!(find("going away"), [0]);
    assert_eq!(find("1001"), [0]);
    assert_eq!(find("example"), [1]);
    assert_eq!(find("server: nginx"), [2]);
    assert_eq!(find("chat"), [2]);
    assert_eq!(find("refused"), [3]);
    assert_eq!(find("nothing"), [0_u64; 0]);
    assert_eq!(found(&log, Filter::default(), matcher("", true, false)), [0, 1, 2, 3, 4]);
}

#[test]
fn filter_goes_by_direction_kind_and_size() {
    let mut log = log();
    text(&mut log, "12345");
    binary(&mut log, &[1, 2, 3]);
    log.append(Duration::ZERO, Entry::Sent(Payload::text("123"), Delivery::Sent));
    log.append(Duration::ZERO, closed(1000, "", ""));
    let all = Filter::default();
    let find = |filter| found(&log, filter, matcher("", false, false));
    assert_eq!(find(all), [0, 1, 2, 3]);
    assert_eq!(find(Filter { sent: false, ..all }), [0, 1, 3]);
    assert_eq!(find(Filter { received: false, events: false, ..all }), [2]);
    assert_eq!(find(Filter { text: false, ..all }), [1, 3]);
    assert_eq!(find(Filter { binary: false, ..all }), [0, 2, 3]);
    assert_eq!(find(Filter { min_size: 4, ..all }), [0, 3]);
    assert_eq!(find(Filter { max_size: 3, ..all }), [1, 2, 3]);
    assert_eq!(found(&log, Filter { sent: false, ..all }, matcher("123", false, true)), [0]);
}

#[test]
fn new_rows_join_and_old_ones_go() {
    let mut log = Log::new(Duration::ZERO, Retention { bytes: 1 << 20, rows: 100 });
    let mut scan = Scan::new(Filter::default(), matcher("7", false, true));
    for number in 0..80 {
        text(&mut log, &number.to_string());
    }
    let progress = scan.advance(&log, u64::MAX);
    assert_eq!((progress.done, progress.rows, progress.is_done()), (80, 80, true));
    assert_eq!(scan.hits().len(), 7 + 10);
    for number in 80..130 {
        text(&mut log, &number.to_string());
    }
    assert!(!scan.progress(&log).is_done());
    assert!(scan.advance(&log, u64::MAX).is_done());
    // 37, 47, 57, 67, 70 to 79, 87, 97, 107, 117, 127.
    assert_eq!(scan.hits().len(), 4 + 10 + 5);
    assert_eq!(scan.hits().nth(0), Some(37));
    log.clear();
    assert!(scan.advance(&log, u64::MAX).is_done());
    assert!(scan.hits().is_empty());
    text(&mut log, "7");
    scan.advance(&log, u64::MAX);
    assert_eq!(all(scan.hits()), [130]);
}

#[test]
fn scan_stops_when_told() {
    let mut log = log();
    for _ in 0..100 {
        text(&mut log, &"x".repeat(10_000));
    }
    let mut scan = Scan::new(Filter::default(), matcher("y", false, true));
    let progress = scan.advance_while(&log, || false);
    assert!(progress.done > 0 && !progress.is_done(), "{progress:?}");
    assert!(scan.advance_while(&log, || true).is_done());
}

#[test]
fn scan_goes_on_in_a_thread() {
    let mut log = log();
    for number in 0..1_000 {
        text(&mut log, &number.to_string());
    }
    let snapshot = log.snapshot();
    let mut scan = Scan::new(Filter::default(), matcher("99", false, true));
    let thread = std::thread::spawn(move || {
        scan.advance(&snapshot, u64::MAX);
        scan
    });
    text(&mut log, "99");
    let mut scan = thread.join().unwrap();
    assert_eq!(scan.progress(&log).done, 1_000);
    scan.advance(&log, u64::MAX);
    assert_eq!(scan.hits().last_before(u64::MAX), Some(1_000));
}

#[test]
fn wrong_regex_says_where() {
    for (pattern, at) in [("a(b", 1), ("ä[z-a]", 2), ("*a", 0), ("a{2,1}", 1), ("\\p{Nonsense}", 0)]
    {
        let query = Query { text: pattern.to_owned(), is_regex: true, match_case: true };
        let error = Matcher::new(&query).unwrap_err();
        assert_eq!(error.at, Some(at), "{pattern}: {error}");
        assert!(!error.message.contains('\n') && !error.message.is_empty(), "{error}");
    }
}

#[test]
fn monstrous_regexes_are_refused() {
    for pattern in ["(?:\\w{1000}){1000}", &"(".repeat(500), &"a".repeat(5_000)] {
        let query = Query { text: pattern.to_owned(), is_regex: true, match_case: true };
        assert!(Matcher::new(&query).is_err());
    }
}

#[test]
fn regex_takes_linear_time() {
    let mut log = log();
    text(&mut log, &"a".repeat(1_000_000));
    let start = Instant::now();
    assert_eq!(found(&log, Filter::default(), matcher("(a+)+$b", true, true)), [0_u64; 0]);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn matches_are_marked_in_text() {
    let marks = |query, is_regex, text| matcher(query, is_regex, false).ranges_in_text(text, 3);
    assert_eq!(marks("ab", false, "abABxabab"), [0..2, 2..4, 5..7]);
    assert_eq!(marks("É", false, "éÉ"), [0..2, 2..4]);
    assert_eq!(marks("a*", true, "baab"), [1..3]);
    assert_eq!(marks("b?", true, "äbä"), [2..3]);
    assert!(marks("$", true, "ä").is_empty());
    assert!(marks("", false, "ab").is_empty());
}

#[test]
fn matches_are_marked_in_bytes() {
    let marks = |query, is_regex, bytes| matcher(query, is_regex, false).ranges_in_bytes(bytes, 9);
    assert_eq!(marks("de ad", false, &[0, 0xde, 0xad, 0xde]), [1..3]);
    assert_eq!(marks("61", false, b"a61"), [0..1, 1..3]);
    assert_eq!(marks("ad", true, &[0xde, 0xad]), [1..2]);
    assert_eq!(marks("e a", true, &[0xde, 0xad]), [0..2]);
    assert!(marks(" ", true, &[0xde, 0xad]).is_empty());
}

#[test]
fn set_counts_what_it_has() {
    let mut set: RowSet = (1_000..200_000).filter(|number| number % 7 == 0).collect();
    let count = (1_000..200_000).filter(|number| number % 7 == 0).count() as u64;
    assert_eq!(set.len(), count);
    assert_eq!((set.nth(0), set.nth(count)), (Some(1_001), None));
    assert_eq!((set.rank(0), set.rank(1_002), set.rank(u64::MAX)), (0, 1, count));
    assert_eq!((set.next_after(1_001), set.last_before(1_008)), (Some(1_008), Some(1_001)));
    assert_eq!((set.next_after(u64::MAX), set.last_before(0)), (None, None));
    for cut in [0, 1_001, 1_002, 4_096, 100_000, 150_001, 199_999, 300_000] {
        set.drop_before(cut);
        let left: Vec<u64> = (1_000.max(cut)..200_000).filter(|number| number % 7 == 0).collect();
        assert_eq!(set.len(), left.len() as u64, "{cut}");
        for (index, number) in left.iter().enumerate().step_by(1_001) {
            assert_eq!(set.nth(index as u64), Some(*number));
            assert_eq!(set.rank(*number), index as u64);
            assert!(set.contains(*number) && !set.contains(number + 1));
        }
        assert!(!set.contains(cut.saturating_sub(7) / 7 * 7));
    }
    set.push(400_000);
    assert_eq!((set.len(), set.nth(0), set.rank(400_001)), (1, Some(400_000), 1));
}

#[test]
fn any_row_says_whether_it_matches() {
    let matcher = matcher("b", false, true);
    assert!(matcher.is_match(Content::Text("abc")));
    assert!(!matcher.is_match(Content::Binary(b"ac")));
}
