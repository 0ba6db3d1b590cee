//! What the binary can be told, and how its help says it. Belongs to the binary.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::PossibleValuesParser;
use clap::{Command, CommandFactory as _, Parser, ValueEnum};
use echo_server::{Config, IpNet, OPTIONAL_PATHS, Origins, Tls};

use crate::listen::Place;

/// What stands in front of an option's name in the environment.
const VARIABLE_PREFIX: &str = "ECHO_SERVER_";

/// Where services that run others' programs say on which port one has to listen.
const PORT_VARIABLE: &str = "PORT";

/// A WebSocket echo server: what a client sends comes back as it was.
///
/// At other paths than / and /echo it does what is hard to get from a server otherwise: it closes with
/// a code of your choice, sends without being asked, falls silent, cuts the line. A browser finds them
/// listed, with an example each, at http://127.0.0.1:9001/endpoints.
#[derive(Debug, Parser)]
#[command(
    name = "echo-server",
    version,
    max_term_width = 100,
    after_help = "A TIME is such as 500ms, 10s or 5m, and BYTES are such as 65536, 64KiB or 16MiB.\n\n\
                  Examples:\n  \
                  echo-server                   at ws://127.0.0.1:9001, for this machine\n  \
                  echo-server --app dist        and the web app in dist from the same port\n  \
                  echo-server --self-signed     at wss://127.0.0.1:9001, for development\n  \
                  echo-server --listen 0.0.0.0:9001 --tls-certificate cert.pem --tls-key key.pem\n\n\
                  Paths for WebSockets: / and /echo, /picture, /ticker, /burst, /close, /drop, \
                  /silent, /delay, /chunked, /protocol, /headers, /broken, /status/401.\n\
                  Paths for machines: /healthz, /metrics (Prometheus).\n\n\
                  Each option may come from the environment instead: --max-message as \
                  ECHO_SERVER_MAX_MESSAGE, --log-headers as ECHO_SERVER_LOG_HEADERS=true; what may \
                  be given more than once has commas between. Without --listen, PORT is a port to \
                  listen on, of every address.\n\n\
                  Ctrl-C or SIGTERM ends it: nobody is accepted any more, every client is told 1001 \
                  (going away) and has --close-timeout to answer. A second one ends it at once. \
                  SIGHUP reads the certificate and its key again.\n\
                  Exit codes: 0 when it was told to stop, 1 if it can't listen or serve, 2 for \
                  wrong arguments, 130 after a second signal."
)]
pub(crate) struct Arguments {
    /// The address and port to listen on; may be given more than once [default: 127.0.0.1:9001].
    ///
    /// With 127.0.0.1 or [::1] only programs on this machine reach the server, with 0.0.0.0 or [::]
    /// everybody who can reach the machine. A port alone, as in 9001, is one of 127.0.0.1, and :9001
    /// is one of every address. Port 0 takes any that is free; the line that is printed names it.
    /// unix:PATH is a socket in the file system, for a proxy on this machine: it speaks no TLS, who
    /// comes by it counts as 127.0.0.1, and who may is decided by the umask. Sockets that systemd hands
    /// over go before all of these.
    #[arg(long, value_name = "ADDR", value_delimiter = ',')]
    listen: Vec<Place>,

    /// An address for /metrics and /healthz alone, as in --listen; /metrics is then nowhere else.
    ///
    /// It speaks no TLS, and answers when --max-connections are reached.
    #[arg(long, value_name = "ADDR")]
    pub(crate) metrics_listen: Option<Place>,

    /// A path that the server does without; may be given more than once.
    #[arg(
        long,
        value_name = "PATH",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(OPTIONAL_PATHS),
    )]
    without: Vec<String>,

    /// Opens a WebSocket at any path, which is an echo where nothing else is there.
    #[arg(long)]
    any_path: bool,

    /// The folder of a built web app, which is then served at / beside the endpoints.
    ///
    /// A file with a compressed twin beside it, such as a.js.br or a.js.gz, is sent as that to who can
    /// read it. Symbolic links that lead out of the folder are not followed. The list of endpoints is
    /// then at /endpoints alone.
    #[arg(long, value_name = "DIR")]
    app: Option<PathBuf>,

    /// A subprotocol that the server claims to know; may be given more than once.
    ///
    /// A client gets the first of its own list that the server knows. What the server does is the same
    /// with each.
    #[arg(long = "protocol", value_name = "NAME", value_delimiter = ',')]
    protocols: Vec<String>,

    /// The certificate for wss, with those that vouch for it, in PEM.
    ///
    /// It and its key are read again when they change, and at a SIGHUP.
    #[arg(long, value_name = "FILE", requires = "tls_key", help_heading = "TLS")]
    tls_certificate: Option<PathBuf>,

    /// The key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate", help_heading = "TLS")]
    tls_key: Option<PathBuf>,

    /// Speaks wss with a certificate that is made at the start, and prints its fingerprint: for
    /// development.
    ///
    /// Nobody vouches for it, so that a client has to be told to trust it. It is for the names and
    /// addresses that the server listens on, and valid for 396 days.
    #[arg(long, conflicts_with_all = ["tls_certificate", "tls_key"], help_heading = "TLS")]
    pub(crate) self_signed: bool,

    /// Whose pages may connect [default: any where only this machine reaches the server, otherwise
    /// same-host]
    ///
    /// An origin such as https://example.com, or null for pages without one, which may be given more
    /// than once; or "same-host", or "any". Programs that are no browsers always may. A trusted proxy,
    /// and a socket in the file system, let others than this machine reach the server.
    #[arg(
        long = "origin",
        value_name = "ORIGIN",
        value_delimiter = ',',
        help_heading = "Who may come in"
    )]
    origins: Vec<String>,

    /// A proxy, or a network of them such as 10.0.0.0/8, whose X-Forwarded-For is believed; may be
    /// given more than once [default: none]
    #[arg(long = "trusted-proxy", value_name = "NETWORK", value_delimiter = ',', value_parser = network, help_heading = "Who may come in")]
    trusted_proxies: Vec<IpNet>,

    /// The most connections at a time; one more gets 503.
    #[arg(long, value_name = "NUMBER", default_value_t = Config::default().max_connections, help_heading = "Limits")]
    max_connections: usize,

    /// The most connections at a time from one address (with IPv6 from one network of 64 bits); one
    /// more gets 503.
    #[arg(long, value_name = "NUMBER", default_value_t = Config::default().max_connections_per_address, help_heading = "Limits")]
    max_connections_per_address: usize,

    /// The longest head of a request, from 8KiB to 1MiB; a longer one gets 431.
    #[arg(long = "max-head", value_name = "BYTES", default_value = "16KiB", value_parser = head_size, help_heading = "Limits")]
    max_head_bytes: usize,

    /// The longest message; a longer one ends the connection with 1009.
    #[arg(long = "max-message", value_name = "BYTES", default_value = "1MiB", value_parser = size, help_heading = "Limits")]
    max_message_bytes: usize,

    /// How many bytes of messages are held for all clients together; an address may hold as much as is
    /// free. More of them end the connection with 1013.
    #[arg(long = "max-buffered", value_name = "BYTES", default_value = "256MiB", value_parser = size, help_heading = "Limits")]
    max_buffered_bytes: usize,

    /// The most frames that a client may send in a second, pings, pongs and fragments included; more of
    /// them end the connection with 1008 [default: as many as it likes]
    #[arg(long = "max-rate", value_name = "NUMBER", help_heading = "Limits")]
    max_frames_per_sec: Option<NonZeroU32>,

    /// How long a client may take for its TLS, and for the head of a request; after it, 408.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time, help_heading = "Limits")]
    handshake_timeout: Duration,

    /// How long a client may take for a message, from its first byte to its last; after it, 1008.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = time, help_heading = "Limits")]
    message_timeout: Duration,

    /// How long a client may say nothing before it is sent a ping.
    #[arg(long, value_name = "TIME", default_value = "25s", value_parser = time, help_heading = "Limits")]
    ping_interval: Duration,

    /// How long a client may say nothing after a ping before it is cut off.
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = time, help_heading = "Limits")]
    pong_timeout: Duration,

    /// How long a client may take nothing of what waits for it before it is cut off.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time, help_heading = "Limits")]
    stall_timeout: Duration,

    /// How long a WebSocket may be open before it is closed with 1001 [default: as long as it likes]
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Limits")]
    max_lifetime: Option<Duration>,

    /// How long a client may take to answer a close, and so how long the end of the server takes at
    /// most.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = time, help_heading = "Limits")]
    close_timeout: Duration,

    /// How much is logged, to the standard error: "info" has a line for each WebSocket that has
    /// ended, and "debug" for each that opens, too.
    #[arg(long, value_name = "LEVEL", default_value = "info", help_heading = "Logs")]
    pub(crate) log: Level,

    /// How it is logged.
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Logs")]
    pub(crate) log_format: Format,

    /// Logs the heads of requests, at "info": the path without its query, the names of the headers,
    /// and the values of those that let nobody in.
    #[arg(long, help_heading = "Logs")]
    log_headers: bool,

    /// Logs the beginning of each message, at "info".
    #[arg(long, help_heading = "Logs")]
    log_payloads: bool,

    /// Prints a script by which a shell completes these options, and ends.
    #[arg(long, value_name = "SHELL", help_heading = "Help")]
    pub(crate) completions: Option<clap_complete::Shell>,

    /// Prints these options as a page for man, and ends.
    #[arg(long, help_heading = "Help")]
    pub(crate) man_page: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Off,
    Warn,
    Info,
    Debug,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// The declaration of all options, which the help, the completions and the page for man are made of.
pub(crate) fn command() -> Command {
    Arguments::command().mut_args(|argument| match argument.get_long() {
        None | Some("completions" | "man-page") => argument,
        Some(name) => {
            let variable =
                format!("{VARIABLE_PREFIX}{}", name.to_ascii_uppercase().replace('-', "_"));
            argument.env(variable).hide_env(true)
        }
    })
}

impl Arguments {
    /// What to listen on, where nothing was handed over.
    ///
    /// # Errors
    /// A port in the environment that is none.
    pub(crate) fn places(&self) -> Result<Vec<Place>, String> {
        if !self.listen.is_empty() {
            return Ok(self.listen.clone());
        }
        let Some(port) = std::env::var_os(PORT_VARIABLE) else { return Ok(vec![Place::default()]) };
        let port = port.to_str().and_then(|port| port.parse().ok());
        port.map(|port| vec![Place::EveryAddress(port)]).ok_or_else(|| {
            format!("{PORT_VARIABLE} in the environment is no port, such as 9001; or use --listen.")
        })
    }

    /// The server's configuration, but for a certificate that is still to be made.
    ///
    /// # Errors
    /// What is wrong with arguments that don't go together.
    pub(crate) fn config(&self) -> Result<Config, String> {
        Ok(Config {
            protocols: self.protocols.clone(),
            app: self.app()?,
            without: self.without.clone(),
            echoes_at_any_path: self.any_path,
            tls: self.tls()?,
            origins: origins(&self.origins)?,
            trusted_proxies: self.trusted_proxies.clone(),
            max_connections: self.max_connections,
            max_connections_per_address: self.max_connections_per_address,
            max_head_bytes: self.max_head_bytes,
            max_message_bytes: self.max_message_bytes,
            max_buffered_bytes: self.max_buffered_bytes,
            max_frames_per_sec: self.max_frames_per_sec,
            handshake_timeout: self.handshake_timeout,
            message_timeout: self.message_timeout,
            ping_interval: self.ping_interval,
            pong_timeout: self.pong_timeout,
            stall_timeout: self.stall_timeout,
            max_lifetime: self.max_lifetime,
            close_timeout: self.close_timeout,
            log_headers: self.log_headers,
            log_payloads: self.log_payloads,
            // What nobody has needed to set.
            ..Config::default()
        })
    }

    /// The app's folder. `serve` would find the same fault, but after the server has said that it
    /// listens.
    fn app(&self) -> Result<Option<PathBuf>, String> {
        match &self.app {
            Some(folder) if !has_page(folder) => Err(format!(
                "{} is no folder with a web app: there is no index.html in it.",
                folder.display()
            )),
            app => Ok(app.clone()),
        }
    }

    fn tls(&self) -> Result<Option<Tls>, String> {
        let (Some(certificate), Some(key)) = (&self.tls_certificate, &self.tls_key) else {
            return Ok(None);
        };
        Tls::from_files(certificate, key).map(Some).map_err(|error| error.to_string())
    }
}

/// Whether there is an `index.html` in a folder, and not elsewhere behind a symbolic link.
fn has_page(folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    real(&folder.join("index.html"))
        .zip(real(folder))
        .is_some_and(|(page, folder)| page.is_file() && page.starts_with(folder))
}

fn origins(given: &[String]) -> Result<Origins, String> {
    match given {
        [] => Ok(Origins::ByAddress),
        [one] if one == "any" => Ok(Origins::Any),
        [one] if one == "same-host" => Ok(Origins::SameHost),
        listed => match listed.iter().find(|origin| !is_origin(origin)) {
            None => Ok(Origins::Listed(listed.to_vec())),
            Some(wrong) => Err(format!(
                "{wrong:?} is not an origin, such as https://example.com or http://localhost:8080. \
                 (\"any\" and \"same-host\" stand alone.)"
            )),
        },
    }
}

/// Whether a text is a scheme and a host, perhaps with a port, and nothing behind; or `null`.
fn is_origin(text: &str) -> bool {
    text == "null"
        || text.split_once("://").is_some_and(|(scheme, host)| {
            !scheme.is_empty() && !host.is_empty() && !host.contains(['/', '?', '#', '@', '*'])
        })
}

fn network(text: &str) -> Result<IpNet, String> {
    text.parse()
        .or_else(|_| text.parse().map(|address: std::net::IpAddr| address.into()))
        .map_err(|_| "an address or a network is wanted, such as 127.0.0.1 or 10.0.0.0/8".into())
}

fn time(text: &str) -> Result<Duration, String> {
    humantime::parse_duration(text)
        .ok()
        .filter(|time| !time.is_zero() && *time <= MAX_TIME)
        .ok_or_else(|| "a time from 1ms to 1day is wanted, such as 500ms, 10s or 5m".into())
}

/// What no bound has to be longer than.
const MAX_TIME: Duration = Duration::from_secs(24 * 60 * 60);

fn size(text: &str) -> Result<usize, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "" | "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        _ => None,
    };
    number
        .parse::<usize>()
        .ok()
        .zip(unit)
        .and_then(|(number, unit)| number.checked_mul(unit))
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "a number of bytes is wanted, such as 65536, 64KiB or 16MiB".into())
}

fn head_size(text: &str) -> Result<usize, String> {
    size(text).and_then(|bytes| match bytes {
        8_192..=1_048_576 => Ok(bytes),
        _ => Err("from 8KiB to 1MiB are possible".into()),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, String> {
        let arguments = ["echo-server"].iter().chain(arguments);
        let matches = command().try_get_matches_from(arguments);
        matches
            .and_then(|matches| Arguments::from_arg_matches(&matches))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn without_arguments_it_is_the_default() {
        let arguments = parse(&[]).unwrap();
        assert_eq!(arguments.places().unwrap(), ["127.0.0.1:9001".parse().unwrap()]);
        // So that the help, which has some of them as text, says the truth.
        let expected = Config { max_message_bytes: 1 << 20, ..Config::default() };
        assert_eq!(arguments.config().unwrap(), expected);
    }

    #[test]
    fn every_argument_arrives() {
        let config = parse(&[
            "--protocol=superchat",
            "--app=../..",
            "--without=/burst,/metrics",
            "--without=/status",
            "--any-path",
            "--origin=https://example.com",
            "--origin=http://localhost:3678",
            "--trusted-proxy=10.0.0.0/8",
            "--trusted-proxy=::1",
            "--max-connections=3678",
            "--max-connections-per-address=36",
            "--max-head=32KiB",
            "--max-message=3MiB",
            "--max-buffered=36MiB",
            "--max-rate=78",
            "--handshake-timeout=36ms",
            "--message-timeout=5s",
            "--ping-interval=1m",
            "--pong-timeout=2s",
            "--stall-timeout=3s",
            "--max-lifetime=1h",
            "--close-timeout=4s",
            "--log-headers",
            "--log-payloads",
        ])
        .unwrap()
        .config()
        .unwrap();
        let expected = Config {
            protocols: vec!["superchat".into()],
            // The top of this workspace has the page that an app is built from.
            app: Some("../..".into()),
            without: ["/burst", "/metrics", "/status"].map(str::to_owned).into(),
            echoes_at_any_path: true,
            origins: Origins::Listed(vec![
                "https://example.com".into(),
                "http://localhost:3678".into(),
            ]),
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
            max_connections: 3_678,
            max_connections_per_address: 36,
            max_head_bytes: 32 << 10,
            max_message_bytes: 3 << 20,
            max_buffered_bytes: 36 << 20,
            max_frames_per_sec: NonZeroU32::new(78),
            handshake_timeout: Duration::from_millis(36),
            message_timeout: Duration::from_secs(5),
            ping_interval: Duration::from_secs(60),
            pong_timeout: Duration::from_secs(2),
            stall_timeout: Duration::from_secs(3),
            max_lifetime: Some(Duration::from_secs(3_600)),
            close_timeout: Duration::from_secs(4),
            tls: None,
            log_headers: true,
            log_payloads: true,
            ..Config::default()
        };
        assert_eq!(config, expected);
    }

    #[test]
    fn says_what_is_wrong_with_an_argument() {
        let error = parse(&["--listen=custom"]).unwrap_err();
        assert!(error.contains("such as 127.0.0.1:9001"), "{error}");
        for (argument, part) in [
            ("--max-message=0", "16MiB"),
            ("--max-message=1KB", "16MiB"),
            ("--max-head=1KiB", "from 8KiB to 1MiB"),
            ("--ping-interval=0s", "such as 500ms"),
            ("--ping-interval=10", "such as 500ms"),
            ("--trusted-proxy=custom", "10.0.0.0/8"),
            ("--max-rate=0", "--max-rate"),
            ("--tls-key=custom", "--tls-certificate"),
            ("--without=/custom", "/burst"),
            ("--custom", "--custom"),
        ] {
            let error = parse(&[argument]).unwrap_err();
            assert!(error.contains(part) && error.contains("--help"), "{argument}: {error}");
        }
        let error = parse(&["--self-signed", "--tls-key=custom"]).unwrap_err();
        assert!(error.contains("'--self-signed' cannot be used with '--tls-key"), "{error}");
        assert!(parse(&["--origin=null"]).unwrap().config().is_ok());
        for origins in [
            &["--origin=custom"][..],
            &["--origin=https://a/b"],
            &["--origin=any", "--origin=same-host"],
        ] {
            let error = parse(origins).unwrap().config().unwrap_err();
            assert!(error.contains("https://example.com"), "{error}");
        }
    }
}
