//! What the server does at which path: read from a URL, and described for people.

use std::time::Duration;

use web_socket_channel::handshake::Rejection;
use web_socket_channel::handshake::http::{StatusCode, Uri};

use crate::broken::{BREAKAGES, Breakage};
use crate::parameters::{
    CODE_RULE, PROTOCOLS_RULE, Parameter, Query, REASON_RULE, Size, Span, breakage, close_code,
    close_reason, protocols,
};

/// What a WebSocket is opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// Sends back what comes.
    Echo,
    /// Sends the picture, and then back what comes.
    Picture,
    /// Sends without being asked, steadily or, with a seed other than 0, at random times.
    Ticker { every: Duration, count: u32, seed: u32 },
    /// Sends messages as fast as they are taken.
    /// Numbered ones are texts, and their size is that of their number's.
    Burst { count: u32, size: usize, numbered: bool },
    /// Echoes, and then closes.
    Close { code: Option<u16>, reason: String, after: Duration },
    /// Echoes, and then cuts the connection without a close frame.
    Drop { after: Duration },
    /// Never answers, not even pings and closes.
    Silent { cut_after: Duration },
    /// Sends each message back a while after it came.
    Delay { by: Duration },
    /// Sends each message back in frames of this many bytes.
    Chunked { size: usize },
    /// Says which of these subprotocols was agreed on, and then echoes.
    Protocol { known: Vec<String> },
    /// Says what the request was, and then echoes.
    Headers,
    /// Does something that a server must not do.
    Broken(&'static Breakage),
    /// Refuses the handshake.
    Status(StatusCode),
}

/// The paths that a server can do without ([`Config::without`](crate::Config::without)).
pub const OPTIONAL_PATHS: [&str; 15] = [
    "/picture",
    "/ticker",
    "/burst",
    "/close",
    "/drop",
    "/silent",
    "/delay",
    "/chunked",
    "/protocol",
    "/headers",
    "/broken",
    "/status",
    "/endpoints",
    "/healthz",
    "/metrics",
];

/// The names of the endpoints at which a WebSocket can be open, for counting by them.
pub(crate) const NAMES: [&str; GUIDE.len()] = {
    let mut names = [""; GUIDE.len()];
    let mut at = 0;
    while at < names.len() {
        // The last of its paths: what is at `/` is `/echo`.
        let paths = GUIDE[at].paths;
        names[at] = paths[paths.len() - 1];
        at += 1;
    }
    names
};

impl Endpoint {
    /// What a URL asks for, of a server that does `without` these paths.
    ///
    /// # Errors
    /// 404 with the list of paths for an unknown one, 400 with the rule that a parameter breaks.
    /// Nothing that the client wrote stands in the answer.
    pub(crate) fn of(uri: &Uri, without: &[String]) -> Result<Self, Rejection> {
        let path = uri.path();
        if let Some(code) = path.strip_prefix("/status/")
            && !without.iter().any(|path| path == "/status")
        {
            return status(code).map(Self::Status);
        }
        let description = offered(without)
            .find(|description| description.paths.contains(&path))
            .ok_or_else(|| unknown_path(without))?;
        // A client brings what it likes to an endpoint without parameters, such as a token.
        let query = if description.parameters.is_empty() { "" } else { uri.query().unwrap_or("") };
        (description.read)(query).map_err(|rule| Rejection::new(StatusCode::BAD_REQUEST, rule))
    }

    /// The path by which it is known, for logs: nothing that the client wrote.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Echo => "/echo",
            Self::Picture => "/picture",
            Self::Ticker { .. } => "/ticker",
            Self::Burst { .. } => "/burst",
            Self::Close { .. } => "/close",
            Self::Drop { .. } => "/drop",
            Self::Silent { .. } => "/silent",
            Self::Delay { .. } => "/delay",
            Self::Chunked { .. } => "/chunked",
            Self::Protocol { .. } => "/protocol",
            Self::Headers => "/headers",
            Self::Broken(_) => "/broken",
            Self::Status(_) => "/status",
        }
    }
}

/// The endpoints of a server that does `without` these paths.
pub(crate) fn offered(without: &[String]) -> impl Iterator<Item = &'static Description> {
    GUIDE
        .iter()
        .filter(|description| !without.iter().any(|path| description.paths.contains(&&**path)))
}

const EVERY: Parameter<Span> = Parameter {
    name: "every",
    default: Span::millis(1_000),
    least: Span::millis(1),
    most: Span::millis(3_600_000),
};
const TICKS: Parameter<u32> =
    Parameter { name: "count", default: 1_000_000, least: 1, most: 1_000_000 };
const TICK_SEED: Parameter<u32> =
    Parameter { name: "random", default: 0, least: 0, most: u32::MAX };
const BURST_COUNT: Parameter<u32> =
    Parameter { name: "count", default: 1_000, least: 1, most: 100_000 };
/// The longest message of a burst.
pub(crate) const MAX_BURST_SIZE: usize = 1 << 20;
const BURST_SIZE: Parameter<Size> =
    Parameter { name: "size", default: Size(32), least: Size(0), most: Size(MAX_BURST_SIZE) };
const BURST_NUMBERED: Parameter<u32> =
    Parameter { name: "numbered", default: 0, least: 0, most: 1 };
const AFTER: Parameter<Span> = Parameter {
    name: "after",
    default: Span::millis(0),
    least: Span::millis(0),
    most: Span::millis(3_600_000),
};
const CUT_AFTER: Parameter<Span> = Parameter {
    name: "after",
    default: Span::millis(600_000),
    least: Span::millis(1),
    most: Span::millis(600_000),
};
const BY: Parameter<Span> = Parameter {
    name: "by",
    default: Span::millis(1_000),
    least: Span::millis(1),
    most: Span::millis(60_000),
};
const CHUNK: Parameter<Size> =
    Parameter { name: "size", default: Size(4), least: Size(1), most: Size(1 << 20) };

/// The most bytes that a burst may come to. It is there so that one request, which costs the client
/// nothing, doesn't keep the network busy for minutes.
const MAX_BURST_BYTES: u64 = 256 << 20;

/// Says what a parameter may be.
type Rule = fn() -> String;

/// An endpoint as a person wants to know it.
pub(crate) struct Description {
    pub(crate) paths: &'static [&'static str],
    pub(crate) about: &'static str,
    /// The names of its parameters, and what each may be.
    pub(crate) parameters: &'static [(&'static str, Rule)],
    /// A path with a query that works.
    pub(crate) example: &'static str,
    /// Reads the query, or says what would be right.
    read: fn(&str) -> Result<Endpoint, String>,
}

impl Description {
    fn names(&self) -> Vec<&'static str> {
        self.parameters.iter().map(|(name, _)| *name).collect()
    }
}

/// Reads a query in which only these parameters may be.
fn query(text: &str, path: &str) -> Result<Query, String> {
    let names = GUIDE
        .iter()
        .find(|description| description.paths.contains(&path))
        .map(Description::names)
        .unwrap_or_default();
    Query::parse(text, &names)
}

/// All the endpoints but `/status`, whose parameter is a part of its path.
pub(crate) static GUIDE: [Description; 12] = [
    Description {
        paths: &["/", "/echo"],
        about: "What you send comes back: text as text, binary as binary, in the same order.",
        parameters: &[],
        example: "/echo",
        read: |_| Ok(Endpoint::Echo),
    },
    Description {
        paths: &["/picture"],
        about: "First comes a picture, a PNG in one binary message; then it echoes.",
        parameters: &[],
        example: "/picture",
        read: |_| Ok(Endpoint::Picture),
    },
    Description {
        paths: &["/ticker"],
        about: "Sends \"tick 1\", \"tick 2\" and so on without being asked, and closes after the \
                last one. With random=7, or another seed than 0, the times between them are \
                random around every, and the same for the same seed.",
        parameters: &[
            ("every", || EVERY.rule()),
            ("count", || TICKS.rule()),
            ("random", || TICK_SEED.rule()),
        ],
        example: "/ticker?every=100ms&count=5",
        read: |text| {
            let query = query(text, "/ticker")?;
            let (every, count) = (EVERY.of(&query)?.0, TICKS.of(&query)?);
            Ok(Endpoint::Ticker { every, count, seed: TICK_SEED.of(&query)? })
        },
    },
    Description {
        paths: &["/burst"],
        about: "Sends binary messages as fast as you take them, at most 256 MiB of them, and then \
                closes. The bytes of each are 0, 1, 2 and so on. With numbered=1 they are the \
                texts \"message 1\", \"message 2\" and so on.",
        parameters: &[
            ("count", || BURST_COUNT.rule()),
            ("size", || BURST_SIZE.rule()),
            ("numbered", || BURST_NUMBERED.rule()),
        ],
        example: "/burst?count=1000&size=1KiB",
        read: |text| {
            let query = query(text, "/burst")?;
            let (count, Size(size)) = (BURST_COUNT.of(&query)?, BURST_SIZE.of(&query)?);
            if u64::from(count) * size as u64 > MAX_BURST_BYTES {
                return Err("count times size is at most 256MiB.".to_owned());
            }
            let numbered = BURST_NUMBERED.of(&query)? == 1;
            Ok(Endpoint::Burst { count, size, numbered })
        },
    },
    Description {
        paths: &["/close"],
        about: "Echoes, and after a while closes with the code and the reason that you choose.",
        parameters: &[
            ("code", || CODE_RULE.to_owned()),
            ("reason", || REASON_RULE.to_owned()),
            ("after", || AFTER.rule()),
        ],
        example: "/close?code=4123&reason=enough&after=1s",
        read: |text| {
            let query = query(text, "/close")?;
            let code = close_code(&query)?;
            let reason = close_reason(&query, code)?;
            Ok(Endpoint::Close { code, reason, after: AFTER.of(&query)?.0 })
        },
    },
    Description {
        paths: &["/drop"],
        about: "Echoes, and after a while cuts the connection without a close frame: your client \
                should say 1006.",
        parameters: &[("after", || AFTER.rule())],
        example: "/drop?after=1s",
        read: |text| Ok(Endpoint::Drop { after: AFTER.of(&query(text, "/drop")?)?.0 }),
    },
    Description {
        paths: &["/silent"],
        about: "Reads and never answers, no message, no ping and no close, and is cut in the end.",
        parameters: &[("after", || CUT_AFTER.rule())],
        example: "/silent",
        read: |text| Ok(Endpoint::Silent { cut_after: CUT_AFTER.of(&query(text, "/silent")?)?.0 }),
    },
    Description {
        paths: &["/delay"],
        about: "Echoes each message a while after it came, as a slow network does.",
        parameters: &[("by", || BY.rule())],
        example: "/delay?by=250ms",
        read: |text| Ok(Endpoint::Delay { by: BY.of(&query(text, "/delay")?)?.0 }),
    },
    Description {
        paths: &["/chunked"],
        about: "Echoes each message in fragments, frames of the size that you choose.",
        parameters: &[("size", || CHUNK.rule())],
        example: "/chunked?size=5",
        read: |text| Ok(Endpoint::Chunked { size: CHUNK.of(&query(text, "/chunked")?)?.0 }),
    },
    Description {
        paths: &["/protocol"],
        about: "Agrees on the first of your client's subprotocols that is in the list, says which, \
                and then echoes.",
        parameters: &[("of", || PROTOCOLS_RULE.to_owned())],
        example: "/protocol?of=chat,superchat",
        read: |text| Ok(Endpoint::Protocol { known: protocols(&query(text, "/protocol")?)? }),
    },
    Description {
        paths: &["/headers"],
        about: "Says first what the server saw of your request: its line, its headers, your address \
                and the subprotocol; then it echoes. By plain GET it says the same.",
        parameters: &[],
        example: "/headers",
        read: |_| Ok(Endpoint::Headers),
    },
    Description {
        paths: &["/broken"],
        about: "Does what a server must not do, and shows what your client makes of it.",
        parameters: &[("how", breakage_rule)],
        example: "/broken?how=utf8",
        read: |text| {
            breakage(&query(text, "/broken")?).map(Endpoint::Broken).ok_or_else(breakage_rule)
        },
    },
];

/// What `how` may be, with what a right client makes of each.
fn breakage_rule() -> String {
    let each: Vec<String> = BREAKAGES
        .iter()
        .map(|Breakage { name, about, right, .. }| {
            format!("{name}: {about}; a right client {right}")
        })
        .collect();
    format!("how is one of these, and has to be given. {}.", each.join(". "))
}

/// What `/status/…` takes.
pub(crate) const STATUS_RULE: &str = "/status/ is followed by the status that the handshake is to \
     be refused with: a whole number from 200 to 599.";

fn status(code: &str) -> Result<StatusCode, Rejection> {
    let bad = || Rejection::new(StatusCode::BAD_REQUEST, STATUS_RULE);
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad());
    }
    code.parse().ok().filter(|code| (200..600).contains(&StatusCode::as_u16(code))).ok_or_else(bad)
}

fn unknown_path(without: &[String]) -> Rejection {
    Rejection::new(
        StatusCode::NOT_FOUND,
        format!("There is nothing at this path. There are: {}.", paths(without)),
    )
}

/// The paths of a server that does without some, for people.
pub(crate) fn paths(without: &[String]) -> String {
    let mut paths: Vec<&str> =
        offered(without).flat_map(|endpoint| endpoint.paths).copied().collect();
    for (path, example) in [("/status", "/status/401"), ("/endpoints", "/endpoints")] {
        if !without.iter().any(|other| other == path) {
            paths.push(example);
        }
    }
    paths.join(", ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use super::*;

    fn of(uri: &str) -> Result<Endpoint, (u16, String)> {
        Endpoint::of(&uri.parse().unwrap(), &[])
            .map_err(|rejection| (rejection.status.as_u16(), rejection.reason))
    }

    #[test]
    fn every_example_is_one() {
        for description in &GUIDE {
            let read = of(description.example).unwrap();
            assert!(description.paths.contains(&read.name()), "{read:?}");
            assert!(NAMES.contains(&read.name()), "{read:?}");
            // All but the echo can be left out.
            let is_optional = OPTIONAL_PATHS.contains(&read.name());
            assert_eq!(is_optional, read != Endpoint::Echo, "{read:?}");
            // Each of its rules begins with the name of the parameter, as the guide has it.
            for (name, rule) in description.parameters {
                assert!(rule().starts_with(name), "{}", rule());
            }
        }
    }

    #[test]
    fn parameters_say_what_the_endpoint_does() {
        let millis = Duration::from_millis;
        for (uri, expected) in [
            ("/", Endpoint::Echo),
            ("/echo?token=secret", Endpoint::Echo),
            ("/picture?again", Endpoint::Picture),
            (
                "/ticker?every=36ms&count=78",
                Endpoint::Ticker { every: millis(36), count: 78, seed: 0 },
            ),
            (
                "/ticker?every=16667us&count=3&random=7",
                Endpoint::Ticker { every: Duration::from_micros(16_667), count: 3, seed: 7 },
            ),
            ("/burst?size=3KiB", Endpoint::Burst { count: 1_000, size: 3_072, numbered: false }),
            ("/burst?count=36&numbered=1", Endpoint::Burst { count: 36, size: 32, numbered: true }),
            (
                "/close?code=3678&reason=enough&after=2s",
                Endpoint::Close { code: Some(3678), reason: "enough".into(), after: millis(2_000) },
            ),
            (
                "/close?code=none",
                Endpoint::Close { code: None, reason: String::new(), after: millis(0) },
            ),
            ("/drop?after=1m", Endpoint::Drop { after: millis(60_000) }),
            ("/silent", Endpoint::Silent { cut_after: millis(600_000) }),
            ("/delay?by=36ms", Endpoint::Delay { by: millis(36) }),
            ("/chunked?size=1", Endpoint::Chunked { size: 1 }),
            ("/protocol?of=mqtt", Endpoint::Protocol { known: vec!["mqtt".into()] }),
            ("/headers?token=secret", Endpoint::Headers),
            ("/broken?how=utf8", Endpoint::Broken(Breakage::named("utf8").unwrap())),
            ("/status/418", Endpoint::Status(StatusCode::IM_A_TEAPOT)),
        ] {
            assert_eq!(of(uri), Ok(expected), "{uri}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_what_is_right() {
        for (uri, part) in [
            ("/ticker?every=0ms", "every is a time, such as 100ms, 2s or 5m, from 1ms to 1h"),
            ("/ticker?evry=1s", "Known are: every, count, random."),
            ("/ticker?random=-1", "random is a whole number, from 0 to 4294967295"),
            ("/burst?count=100001", "from 1 to 100000"),
            ("/burst?count=257&size=1MiB", "at most 256MiB"),
            ("/burst?numbered=2", "from 0 to 1"),
            ("/close?code=1005", "1007 to 1014"),
            ("/drop?after=61m", "from 0s to 1h"),
            ("/silent?after=11m", "to 10m"),
            ("/delay?by=2", "100ms"),
            ("/chunked?size=0", "from 1 to 1MiB"),
            ("/protocol?of=,", "of is a list"),
            ("/broken", "utf8: a text that is not UTF-8; a right client delivers nothing"),
            ("/broken?how=custom", "fragmented-ping"),
            ("/status/101", "from 200 to 599"),
            ("/status/600", "from 200 to 599"),
            ("/status/", "from 200 to 599"),
            ("/status/4%30", "from 200 to 599"),
        ] {
            let (status, reason) = of(uri).unwrap_err();
            assert!(status == 400 && reason.contains(part), "{uri}: {status} {reason}");
        }
        for uri in ["/custom", "/picture/", "/Picture", "/echo/..", "//echo", "/status"] {
            let (status, reason) = of(uri).unwrap_err();
            assert!(status == 404 && reason.contains("/ticker"), "{uri}: {status} {reason}");
        }
    }
}
