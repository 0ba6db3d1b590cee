//! Everything about a connection that a person can set: what was typed, what is wrong with it, what a
//! platform or a transport can't do, and the options and the policy that follow.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, pem::PemObject as _};
use serde::{Deserialize, Serialize};
use web_socket_channel::{Bound, InvalidArgument, Options, Proxy, check_request};

/// What carries the messages: the one abstraction, by several backends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// The channel's own: tokio-tungstenite on a desktop, the browser's `WebSocket` in a page.
    #[default]
    Standard,
    /// The crate `ewebsock`.
    Ewebsock,
    /// No network: the page plays the other end in its own memory.
    InPage,
}

impl Transport {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Ewebsock, Self::InPage];

    /// As the command line names it, and the page's own URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Ewebsock => "ewebsock",
            Self::InPage => "in-page",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|transport| transport.name() == name)
    }
}

/// Where the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// In a window of its own.
    Desktop,
    /// In a page of a browser.
    Browser,
}

/// One thing that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The subprotocols, the preferred one first, between commas.
    Protocols,
    /// More headers of the request, `Name: value`, one a line.
    Headers,
    /// Whom to trust besides the system's authorities, as PEM.
    Authorities,
    /// Whether to go through a proxy, and through which.
    Proxy,
    /// How long connecting may take, in seconds.
    ConnectTimeout,
    /// How long closing may take, in seconds.
    CloseTimeout,
    /// How long the peer may be silent before it is sent a ping, in seconds; empty for no pings.
    PingInterval,
    /// How long the answer to a ping may take, in seconds.
    PongTimeout,
    /// The largest message that is taken, in KiB.
    MaxMessage,
    /// The largest frame that is taken, in KiB.
    MaxFrame,
    /// How many messages may wait to be read.
    Inbox,
    /// How many messages may wait to be sent.
    Outbox,
    /// The most that the first wait before connecting again may be, in seconds.
    FirstWait,
    /// Where the waits stop to grow, in seconds.
    LongestWait,
    /// After how many failed attempts it gives up; empty for never.
    MaxAttempts,
}

/// Why something can't be set here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// Browsers let no page do it.
    InBrowser,
    /// `ewebsock` has no way to do it.
    ByEwebsock,
    /// There is no network between the page and itself.
    InPage,
    /// This build of the program does not contain it.
    NotBuiltIn,
}

/// Which proxy a connection goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyChoice {
    /// The one that the environment names.
    #[default]
    Environment,
    /// None.
    Direct,
    /// The one whose URL is typed.
    Typed,
}

/// What of a setting is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingProblem {
    /// Not a number, or one that is out of range.
    Number {
        /// The smallest that may be.
        least: f64,
        /// The largest that may be.
        most: f64,
    },
    /// A line of the headers has no colon.
    HeaderWithoutColon {
        /// Counted from 1.
        line: usize,
    },
    /// The authorities are no certificates in PEM form.
    NotPem,
    /// Growing waits end below where they begin.
    WaitsShrink,
    /// What the channel has to say about it.
    Argument(InvalidArgument),
}

/// What a person has set for the next connection, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConnectionSettings {
    /// What carries the messages.
    pub transport: Transport,
    /// See [`Field::Protocols`].
    pub protocols: String,
    /// See [`Field::Headers`]. Never stored, as a token or a cookie may be among them.
    #[serde(skip)]
    pub headers: String,
    /// See [`Field::Authorities`].
    pub authorities: String,
    /// See [`Field::Proxy`].
    pub proxy: ProxyChoice,
    /// The URL of the proxy. Never stored, as it may hold a password.
    #[serde(skip)]
    pub proxy_url: String,
    /// See [`Field::ConnectTimeout`].
    pub connect_timeout: String,
    /// See [`Field::CloseTimeout`].
    pub close_timeout: String,
    /// See [`Field::PingInterval`].
    pub ping_interval: String,
    /// See [`Field::PongTimeout`].
    pub pong_timeout: String,
    /// See [`Field::MaxMessage`].
    pub max_message: String,
    /// See [`Field::MaxFrame`].
    pub max_frame: String,
    /// See [`Field::Inbox`].
    pub inbox: String,
    /// See [`Field::Outbox`].
    pub outbox: String,
    /// Whether to connect again when the connection is lost.
    pub reconnects: bool,
    /// See [`Field::FirstWait`].
    pub first_wait: String,
    /// See [`Field::LongestWait`].
    pub longest_wait: String,
    /// See [`Field::MaxAttempts`].
    pub max_attempts: String,
    /// Whether what is in doubt is sent again by itself.
    pub resends_in_doubt: bool,
}

/// How a connection that is lost is made again. Times and counts as of the channel's policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReconnectPlan {
    /// The most that the first wait may be.
    pub first_wait: Duration,
    /// Where the waits stop to grow.
    pub longest_wait: Duration,
    /// After how many failed attempts it gives up; `None` for never.
    pub max_attempts: Option<u32>,
    /// Whether what is in doubt is sent again by itself.
    pub resends_in_doubt: bool,
}

/// The settings, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understood {
    /// For the channel.
    pub options: Options,
    /// `None` where a lost connection stays lost.
    pub reconnect: Option<ReconnectPlan>,
}

impl Default for ConnectionSettings {
    /// As of the channel, but with pings: a page whose server has fallen silent says so within a
    /// minute.
    fn default() -> Self {
        Self {
            transport: Transport::default(),
            protocols: String::new(),
            headers: String::new(),
            authorities: String::new(),
            proxy: ProxyChoice::default(),
            proxy_url: String::new(),
            connect_timeout: "10".to_owned(),
            close_timeout: "5".to_owned(),
            ping_interval: "20".to_owned(),
            pong_timeout: "20".to_owned(),
            max_message: "65536".to_owned(),
            max_frame: "65536".to_owned(),
            inbox: "65536".to_owned(),
            outbox: "65536".to_owned(),
            reconnects: true,
            first_wait: "0.25".to_owned(),
            longest_wait: "30".to_owned(),
            max_attempts: String::new(),
            resends_in_doubt: false,
        }
    }
}

impl Field {
    /// All of them, in the order of the sheet.
    pub const ALL: [Self; 15] = [
        Self::Protocols,
        Self::Headers,
        Self::Authorities,
        Self::Proxy,
        Self::ConnectTimeout,
        Self::CloseTimeout,
        Self::PingInterval,
        Self::PongTimeout,
        Self::MaxMessage,
        Self::MaxFrame,
        Self::Inbox,
        Self::Outbox,
        Self::FirstWait,
        Self::LongestWait,
        Self::MaxAttempts,
    ];

    /// Why it can't be set for this transport on this platform, if it can't.
    #[must_use]
    pub fn unavailable(self, transport: Transport, platform: Platform) -> Option<Unavailable> {
        match (self, transport, platform) {
            (Self::Inbox, _, _) => None,
            (Self::MaxMessage | Self::Outbox, Transport::InPage, _) => None,
            (_, Transport::InPage, _) => Some(Unavailable::InPage),
            (
                Self::Headers
                | Self::Authorities
                | Self::Proxy
                | Self::PingInterval
                | Self::PongTimeout
                | Self::MaxFrame,
                _,
                Platform::Browser,
            ) => Some(Unavailable::InBrowser),
            (
                Self::Protocols
                | Self::Authorities
                | Self::Proxy
                | Self::PingInterval
                | Self::PongTimeout,
                Transport::Ewebsock,
                _,
            ) => Some(Unavailable::ByEwebsock),
            _ => None,
        }
    }
}

/// Options are checked with a URL, and it doesn't matter with which.
const ANY_URL: &str = "ws://localhost";

/// The longest time that can be set, in seconds: a day.
const MOST_SECS: f64 = 86_400.0;
/// The shortest.
const LEAST_SECS: f64 = 0.001;
/// The largest message that can be set, in KiB: 1 GiB.
const MOST_KIB: f64 = 1_048_576.0;
/// The longest text of a field, in bytes.
const MOST_TEXT: usize = 4 * 1024;
/// The same of the certificates.
const MOST_AUTHORITIES: usize = 256 * 1024;
/// The most messages that can be set to wait.
const MOST_MESSAGES: f64 = 10_000_000.0;

impl ConnectionSettings {
    /// What is typed in a field. [`Field::Proxy`] has its URL here, and beside it a choice.
    #[must_use]
    pub fn text(&self, field: Field) -> &str {
        match field {
            Field::Protocols => &self.protocols,
            Field::Headers => &self.headers,
            Field::Authorities => &self.authorities,
            Field::Proxy => &self.proxy_url,
            Field::ConnectTimeout => &self.connect_timeout,
            Field::CloseTimeout => &self.close_timeout,
            Field::PingInterval => &self.ping_interval,
            Field::PongTimeout => &self.pong_timeout,
            Field::MaxMessage => &self.max_message,
            Field::MaxFrame => &self.max_frame,
            Field::Inbox => &self.inbox,
            Field::Outbox => &self.outbox,
            Field::FirstWait => &self.first_wait,
            Field::LongestWait => &self.longest_wait,
            Field::MaxAttempts => &self.max_attempts,
        }
    }

    /// Sets what is typed in a field: at most 256 KiB of certificates, and 4 KiB of anything else. What is
    /// over that is cut off at its end.
    pub fn set_text(&mut self, field: Field, mut text: String) {
        let most = if field == Field::Authorities { MOST_AUTHORITIES } else { MOST_TEXT };
        text.truncate(text.floor_char_boundary(most));
        *match field {
            Field::Protocols => &mut self.protocols,
            Field::Headers => &mut self.headers,
            Field::Authorities => &mut self.authorities,
            Field::Proxy => &mut self.proxy_url,
            Field::ConnectTimeout => &mut self.connect_timeout,
            Field::CloseTimeout => &mut self.close_timeout,
            Field::PingInterval => &mut self.ping_interval,
            Field::PongTimeout => &mut self.pong_timeout,
            Field::MaxMessage => &mut self.max_message,
            Field::MaxFrame => &mut self.max_frame,
            Field::Inbox => &mut self.inbox,
            Field::Outbox => &mut self.outbox,
            Field::FirstWait => &mut self.first_wait,
            Field::LongestWait => &mut self.longest_wait,
            Field::MaxAttempts => &mut self.max_attempts,
        } = text;
    }

    /// What is wrong with a field, if anything is. What can't be set here is never wrong.
    #[must_use]
    pub fn problem(&self, field: Field, platform: Platform) -> Option<SettingProblem> {
        if field.unavailable(self.transport, platform).is_some() {
            return None;
        }
        match field {
            Field::FirstWait | Field::LongestWait | Field::MaxAttempts if !self.reconnects => None,
            Field::Protocols => Self::checked(Options::new().protocols(self.protocols())),
            Field::Headers => match self.headers() {
                Ok(headers) => Self::checked(Options::new().headers(headers)),
                Err(problem) => Some(problem),
            },
            Field::Authorities => self.roots().err(),
            Field::Proxy => Self::checked(Options::new().proxy(self.proxy())),
            Field::ConnectTimeout => secs(&self.connect_timeout).err(),
            Field::CloseTimeout => secs(&self.close_timeout).err(),
            Field::PingInterval if self.ping_interval.trim().is_empty() => None,
            Field::PingInterval => secs(&self.ping_interval).err(),
            Field::PongTimeout => secs(&self.pong_timeout).err(),
            Field::MaxMessage => kib(&self.max_message).err(),
            Field::MaxFrame => kib(&self.max_frame).err(),
            Field::Inbox => count(&self.inbox).err(),
            Field::Outbox => count(&self.outbox).err(),
            Field::FirstWait => secs(&self.first_wait).err(),
            Field::LongestWait => match (secs(&self.first_wait), secs(&self.longest_wait)) {
                (Ok(first), Ok(longest)) if longest < first => Some(SettingProblem::WaitsShrink),
                (_, longest) => longest.err(),
            },
            Field::MaxAttempts if self.max_attempts.trim().is_empty() => None,
            Field::MaxAttempts => count(&self.max_attempts).err(),
        }
    }

    /// The first field that has a problem, and the problem.
    #[must_use]
    pub fn first_problem(&self, platform: Platform) -> Option<(Field, SettingProblem)> {
        Field::ALL.into_iter().find_map(|field| Some((field, self.problem(field, platform)?)))
    }

    /// The options and the policy that follow. What can't be set here is left at its default.
    ///
    /// # Errors
    /// The first field that has a problem, and the problem.
    pub fn understood(&self, platform: Platform) -> Result<Understood, (Field, SettingProblem)> {
        if let Some(found) = self.first_problem(platform) {
            return Err(found);
        }
        let may = |field: Field| field.unavailable(self.transport, platform).is_none();
        let mut options = Options::new();
        // Nothing below is left out by a problem: there is none.
        if may(Field::Protocols) {
            options.protocols = self.protocols();
        }
        if may(Field::Headers) {
            options = options.headers(self.headers().unwrap_or_default());
        }
        if may(Field::Authorities) {
            options = options.tls_roots(self.roots().unwrap_or_default());
        }
        if may(Field::Proxy) {
            options.proxy = self.proxy();
        }
        let set = |field: Field, value: &mut Duration, text: &str| {
            if let (true, Ok(time)) = (may(field), secs(text)) {
                *value = time;
            }
        };
        set(Field::ConnectTimeout, &mut options.connect_timeout, &self.connect_timeout);
        set(Field::CloseTimeout, &mut options.close_timeout, &self.close_timeout);
        set(Field::PongTimeout, &mut options.pong_timeout, &self.pong_timeout);
        if may(Field::PingInterval) {
            options.ping_interval = secs(&self.ping_interval).ok();
        }
        if let (true, Ok(bytes)) = (may(Field::MaxMessage), kib(&self.max_message)) {
            options.max_message_bytes = bytes;
        }
        if let (true, Ok(bytes)) = (may(Field::MaxFrame), kib(&self.max_frame)) {
            options.max_frame_bytes = bytes;
        }
        let bound = |field: Field, bound: &mut Bound, text: &str| {
            if let (true, Ok(messages)) = (may(field), count(text)) {
                bound.messages = messages as usize;
            }
        };
        bound(Field::Inbox, &mut options.inbox, &self.inbox);
        bound(Field::Outbox, &mut options.outbox, &self.outbox);
        Ok(Understood { options, reconnect: self.reconnect() })
    }

    /// Why a lost connection can't be made again, if it can't.
    #[must_use]
    pub fn reconnecting_unavailable(&self) -> Option<Unavailable> {
        (self.transport == Transport::InPage).then_some(Unavailable::InPage)
    }

    fn reconnect(&self) -> Option<ReconnectPlan> {
        if !self.reconnects || self.reconnecting_unavailable().is_some() {
            return None;
        }
        Some(ReconnectPlan {
            first_wait: secs(&self.first_wait).ok()?,
            longest_wait: secs(&self.longest_wait).ok()?,
            max_attempts: count(&self.max_attempts).ok(),
            resends_in_doubt: self.resends_in_doubt,
        })
    }

    /// The subprotocols that are asked for.
    #[must_use]
    pub fn protocols(&self) -> Vec<String> {
        let names = self.protocols.split(',').map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    fn headers(&self) -> Result<Vec<(String, String)>, SettingProblem> {
        let lines = self.headers.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let header = |(at, line): (usize, &str)| match line.split_once(':') {
            Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
            None => Err(SettingProblem::HeaderWithoutColon { line: at + 1 }),
        };
        lines.map(header).collect()
    }

    fn proxy(&self) -> Proxy {
        match self.proxy {
            ProxyChoice::Environment => Proxy::Environment,
            ProxyChoice::Direct => Proxy::Direct,
            ProxyChoice::Typed => Proxy::Url(self.proxy_url.trim().to_owned()),
        }
    }

    /// How many headers are typed, right or wrong.
    #[must_use]
    pub fn header_count(&self) -> usize {
        self.headers.lines().filter(|line| !line.trim().is_empty()).count()
    }

    /// The certificates, each in DER form.
    fn roots(&self) -> Result<Vec<Vec<u8>>, SettingProblem> {
        if self.authorities.trim().is_empty() {
            return Ok(Vec::new());
        }
        let roots = pem_certificates(&self.authorities).ok_or(SettingProblem::NotPem)?;
        if roots.is_empty() { Err(SettingProblem::NotPem) } else { Ok(roots) }
    }

    /// What the channel has to say about one of the options.
    fn checked(options: Options) -> Option<SettingProblem> {
        check_request(ANY_URL, &options).err().map(SettingProblem::Argument)
    }
}

fn number(text: &str, least: f64, most: f64) -> Result<f64, SettingProblem> {
    match text.trim().parse::<f64>() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(SettingProblem::Number { least, most }),
    }
}

fn secs(text: &str) -> Result<Duration, SettingProblem> {
    number(text, LEAST_SECS, MOST_SECS).map(Duration::from_secs_f64)
}

fn whole(text: &str, most: f64) -> Result<u32, SettingProblem> {
    let number = number(text, 1.0, most)?;
    let problem = SettingProblem::Number { least: 1.0, most };
    if number.fract() == 0.0 { text.trim().parse().map_err(|_| problem) } else { Err(problem) }
}

fn kib(text: &str) -> Result<usize, SettingProblem> {
    Ok(whole(text, MOST_KIB)? as usize * 1024)
}

fn count(text: &str) -> Result<u32, SettingProblem> {
    whole(text, MOST_MESSAGES)
}

/// The certificates of a PEM text in DER form; `None` where one is broken.
fn pem_certificates(text: &str) -> Option<Vec<Vec<u8>>> {
    let certificates = CertificateDer::pem_slice_iter(text.as_bytes());
    certificates.map(|certificate| Some(certificate.ok()?.as_ref().to_vec())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut ConnectionSettings)) -> ConnectionSettings {
        let mut settings = ConnectionSettings::default();
        change(&mut settings);
        settings
    }

    #[test]
    fn defaults_have_no_problem() {
        for platform in [Platform::Desktop, Platform::Browser] {
            for transport in Transport::ALL {
                let settings = ConnectionSettings { transport, ..Default::default() };
                assert_eq!(settings.first_problem(platform), None, "{transport:?}");
                assert!(settings.understood(platform).is_ok(), "{transport:?}");
            }
        }
    }

    #[test]
    fn every_field_reaches_the_options() {
        let settings = with(|settings| {
            settings.protocols = "chat, mqtt ".to_owned();
            settings.headers = "X-Token: 1:2\n\nCookie: a=b".to_owned();
            settings.proxy = ProxyChoice::Direct;
            settings.connect_timeout = "1.5".to_owned();
            settings.close_timeout = "2".to_owned();
            settings.ping_interval = " ".to_owned();
            settings.pong_timeout = "3".to_owned();
            settings.max_message = "4".to_owned();
            settings.max_frame = "5".to_owned();
            settings.inbox = "6".to_owned();
            settings.outbox = "7".to_owned();
            settings.first_wait = "8".to_owned();
            settings.longest_wait = "9".to_owned();
            settings.max_attempts = "10".to_owned();
            settings.resends_in_doubt = true;
        });
        let Ok(Understood { options, reconnect }) = settings.understood(Platform::Desktop) else {
            unreachable!("{:?}", settings.first_problem(Platform::Desktop));
        };
        let mut expected = Options::new()
            .protocols(["chat", "mqtt"])
            .headers([("X-Token", "1:2"), ("Cookie", "a=b")])
            .proxy(Proxy::Direct)
            .connect_timeout(Duration::from_millis(1500))
            .close_timeout(Duration::from_secs(2))
            .pong_timeout(Duration::from_secs(3))
            .max_message_bytes(4096)
            .max_frame_bytes(5120);
        expected.inbox.messages = 6;
        expected.outbox.messages = 7;
        assert_eq!(options, expected);
        let plan = ReconnectPlan {
            first_wait: Duration::from_secs(8),
            longest_wait: Duration::from_secs(9),
            max_attempts: Some(10),
            resends_in_doubt: true,
        };
        assert_eq!(reconnect, Some(plan));
    }

    #[test]
    fn what_can_not_be_done_is_left_out() {
        let settings = with(|settings| {
            settings.headers = "no colon".to_owned();
            settings.proxy = ProxyChoice::Typed;
            settings.proxy_url = "gopher://a".to_owned();
            settings.ping_interval = "soon".to_owned();
        });
        let understood = settings.understood(Platform::Browser);
        let options = understood.map(|understood| understood.options).unwrap_or_default();
        assert_eq!((options.headers, options.ping_interval), (Vec::new(), None));
        assert!(settings.understood(Platform::Desktop).is_err());
    }

    #[test]
    fn wrong_numbers_are_told() {
        for wrong in ["", "x", "-1", "0", "NaN", "inf", "1e99", "86401"] {
            let settings = with(|settings| settings.connect_timeout = wrong.to_owned());
            let problem = settings.problem(Field::ConnectTimeout, Platform::Desktop);
            assert!(matches!(problem, Some(SettingProblem::Number { .. })), "{wrong}");
        }
        for wrong in ["1.5", "0", "1048577"] {
            let settings = with(|settings| settings.max_message = wrong.to_owned());
            assert!(settings.problem(Field::MaxMessage, Platform::Desktop).is_some(), "{wrong}");
        }
        let shrinking = with(|settings| settings.longest_wait = "0.1".to_owned());
        let problem = shrinking.problem(Field::LongestWait, Platform::Desktop);
        assert_eq!(problem, Some(SettingProblem::WaitsShrink));
    }

    #[test]
    fn wrong_texts_are_told() {
        let problem_of = |field, change: fn(&mut ConnectionSettings)| {
            with(change).problem(field, Platform::Desktop)
        };
        let protocols = problem_of(Field::Protocols, |settings| settings.protocols = "a b".into());
        assert!(matches!(protocols, Some(SettingProblem::Argument(_))));
        let headers = problem_of(Field::Headers, |settings| settings.headers = "a: b\nc".into());
        assert_eq!(headers, Some(SettingProblem::HeaderWithoutColon { line: 2 }));
        let authorities =
            problem_of(Field::Authorities, |settings| settings.authorities = "secret".into());
        assert_eq!(authorities, Some(SettingProblem::NotPem));
    }

    #[test]
    fn authorities_are_pem() {
        let pem = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";
        let settings = with(|settings| settings.authorities = pem.repeat(2));
        let understood = settings.understood(Platform::Desktop);
        let roots = understood.map(|understood| understood.options.tls_roots).unwrap_or_default();
        assert_eq!(roots, [[1, 2, 3], [1, 2, 3]]);
    }

    #[test]
    fn secrets_are_not_stored() {
        let settings = with(|settings| {
            settings.headers = "Authorization: Bearer raisin".to_owned();
            settings.proxy_url = "http://user:raisin@proxy".to_owned();
        });
        let stored = serde_json::to_string(&settings).unwrap_or_default();
        assert!(stored.contains("connect_timeout") && !stored.contains("raisin"), "{stored}");
    }
}
