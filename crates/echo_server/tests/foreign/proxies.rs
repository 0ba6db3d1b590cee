//! nginx and HAProxy in front, configured by the samples in `deploy/`.

use std::time::{Duration, Instant};

use super::*;

const LONG: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug)]
enum Proxy {
    Nginx,
    Haproxy,
}

const PROXIES: [Proxy; 2] = [Proxy::Nginx, Proxy::Haproxy];

/// A proxy that runs.
struct Front {
    /// Taken when it ends, which is before its folder goes.
    running: Option<Running>,
    folder: PathBuf,
    address: String,
}

impl Front {
    /// Starts a proxy in front of servers at these addresses, with its time for what is quiet
    /// replaced.
    fn start(proxy: Proxy, servers: [&str; 2], quiet: &str) -> Self {
        let address = free_address();
        let folder = std::env::temp_dir().join(format!(
            "echo-server-{proxy:?}-{}-{}",
            std::process::id(),
            address.replace(':', "-")
        ));
        std::fs::create_dir_all(&folder).unwrap();
        let sample = match proxy {
            Proxy::Nginx => "nginx.conf",
            Proxy::Haproxy => "haproxy.cfg",
        };
        let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
        let mut text = std::fs::read_to_string(deploy.join(sample)).unwrap();
        for (from, to) in [
            ("127.0.0.1:9001", servers[0]),
            ("127.0.0.1:9002", servers[1]),
            ("127.0.0.1:8080", &address),
            ("60s", quiet),
        ] {
            assert!(text.contains(from), "the sample has no {from} any more");
            text = text.replace(from, to);
        }
        let file = folder.join(sample);
        std::fs::write(&file, text).unwrap();
        let mut command = match proxy {
            Proxy::Nginx => {
                let mut command = Command::new("nginx");
                let globals = format!(
                    "daemon off; pid {}; error_log stderr warn;",
                    folder.join("pid").display()
                );
                command.arg("-p").arg(&folder).args(["-e", "stderr", "-g", &globals, "-c"]);
                command
            }
            Proxy::Haproxy => {
                let mut command = Command::new("haproxy");
                command.arg("-f");
                command
            }
        };
        command.arg(&file);
        let front = Self { running: Some(Running::start(&mut command)), folder, address };
        front.wait();
        front
    }

    /// Waits until what is behind can be reached.
    fn wait(&self) {
        let start = Instant::now();
        while curl(&[&format!("http://{}/healthz", self.address)]) != "ok\n" {
            assert!(start.elapsed() < LONG, "nobody answers behind the proxy");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn url(&self) -> String {
        format!("ws://{}/echo", self.address)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        drop(self.running.take());
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

const BEHIND: [&str; 2] = ["--trusted-proxy=127.0.0.1", "--max-message=16MiB"];

#[test]
fn upgrades_and_big_messages_go_through() {
    let servers = [Server::start(&BEHIND), Server::start(&BEHIND)];
    for proxy in PROXIES {
        let front = Front::start(proxy, [&servers[0].address, &servers[1].address], "60s");
        let url = front.url();
        for lines in [
            told(node(&[&url, "a text", "#65536", "#16777216"])),
            told(python(&["tell", &url, "a text", "#65536", "#16777216"])),
        ] {
            assert_eq!(lines, ["open", "echo", "echo", "echo", "close 3678 enough"], "{proxy:?}");
        }
        let page = curl(&[&format!("http://{}/", front.address)]);
        assert!(page.contains(&format!("ws://{}/echo", front.address)), "{proxy:?}: {page}");
        let hidden = curl(&["--include", &format!("http://{}/metrics", front.address)]);
        assert!(hidden.starts_with("HTTP/1.1 404"), "{proxy:?}: {hidden}");
        // A page of the host by which the proxy is reached may connect where that is asked for.
        let close = told(node(&[&format!("ws://{}/close?code=4123", front.address)]));
        assert_eq!(close, ["open", "close 4123"], "{proxy:?}");
    }
}

#[test]
fn pings_keep_a_quiet_connection_through_the_proxys_patience() {
    for (ping_interval, is_kept) in [("400ms", true), ("1h", false)] {
        let arguments = [&BEHIND[..], &["--ping-interval", ping_interval]].concat();
        let servers = [Server::start(&arguments), Server::start(&arguments)];
        for proxy in PROXIES {
            let front = Front::start(proxy, [&servers[0].address, &servers[1].address], "1s");
            // Quiet for three times the proxy's patience, and then there is an end by the server.
            let url = format!("ws://{}/close?code=4123&after=3s", front.address);
            let lines = told(python(&["tell", &url]));
            let expected = if is_kept { "close 4123" } else { "close 1006" };
            assert_eq!(lines, ["open", expected], "{proxy:?} with pings every {ping_interval}");
        }
    }
}

#[test]
fn the_origin_is_compared_with_the_host_by_which_the_proxy_is_reached() {
    let arguments = [&BEHIND[..], &["--origin=same-host"]].concat();
    let servers = [Server::start(&arguments), Server::start(&arguments)];
    for proxy in PROXIES {
        let front = Front::start(proxy, [&servers[0].address, &servers[1].address], "60s");
        let same = ["--header", "Origin: http://127.0.0.1:3678", "custom"];
        let other = ["--header", "Origin: http://server.example", "custom"];
        let url = front.url();
        assert_eq!(told(node(&[&[&*url], &same[..]].concat()))[0], "open", "{proxy:?}");
        assert_eq!(told(node(&[&[&*url], &other[..]].concat()))[0], "refused 403", "{proxy:?}");
    }
}

#[test]
fn one_client_behind_a_proxy_does_not_take_the_places_of_another() {
    let arguments = [&BEHIND[..], &["--max-connections-per-address=1"]].concat();
    let servers = [Server::start(&arguments), Server::start(&arguments)];
    for proxy in PROXIES {
        let front = Front::start(proxy, [&servers[0].address, &servers[1].address], "60s");
        // All come from this machine, which is a trusted proxy: who is who stands in the header.
        let client = |address: &str| {
            let header = format!("X-Forwarded-For: {address}");
            let mut client = Running::start(&mut node(&[&front.url(), "--header", &header]));
            (client.line(), client)
        };
        let (first, _one) = client("192.0.2.7");
        let (second, _two) = client("192.0.2.7");
        let (third, _three) = client("192.0.2.7");
        // One place on each of the two servers.
        assert_eq!([&*first, &second, &third], ["open", "open", "refused 503"], "{proxy:?}");
        assert_eq!(client("192.0.2.8").0, "open", "{proxy:?}");
    }
}

/// What a client of `stay` tells of itself at its end.
struct Stayed {
    sent: u64,
    echoed: u64,
    attempts: u64,
    /// The codes with which its connections were closed, and whether a message was on its way then.
    ends: Vec<(u16, bool)>,
}

impl Stayed {
    fn parse(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let mut number = |name: &str| {
            assert_eq!(words.next(), Some(name), "{line}");
            words.next().unwrap().parse().unwrap()
        };
        let [sent, echoed, attempts] = ["sent", "echoed", "attempts"].map(&mut number);
        assert_eq!(words.next(), Some("ends"), "{line}");
        let end = |word: &str| (word.trim_end_matches('*').parse().unwrap(), word.ends_with('*'));
        Self { sent, echoed, attempts, ends: words.map(end).collect() }
    }
}

/// What holds when one of two servers behind a proxy is restarted while all its clients are busy:
///
/// - each of its clients is told once, with 1001 or 1012, and finds the other server at its first
///   attempt;
/// - each message of theirs was echoed exactly once, but for one that was on its way when the client
///   was told: the client knows of that one that it has to send it again;
/// - the clients of the other server notice nothing: none is closed, and all of theirs is echoed;
/// - the server takes connections again when it is back.
#[test]
fn a_restart_of_one_server_loses_nothing_that_its_clients_are_not_told_of() {
    const CLIENTS: usize = 20;

    for proxy in PROXIES {
        let staying = Server::start(&BEHIND);
        let leaving = Server::start(&BEHIND);
        let address = leaving.address.clone();
        let front = Front::start(proxy, [&staying.address, &address], "60s");
        let mut clients =
            Running::start(&mut python(&["stay", &front.url(), &CLIENTS.to_string()]));
        for _ in 0..CLIENTS {
            assert_eq!(clients.line(), "busy");
        }
        let moved = leaving.metric("echo_websockets");
        assert!(moved > 0, "{proxy:?} has not shared the clients out");
        assert_eq!(moved + staying.metric("echo_websockets"), CLIENTS as u64, "{proxy:?}");

        leaving.stop();
        let start = Instant::now();
        while staying.metric("echo_websockets") < CLIENTS as u64 {
            assert!(start.elapsed() < LONG, "the clients have not moved");
        }
        let back = Server::at(&address, &BEHIND);
        // Everybody still echoes.
        let echoed = staying.metric("echo_messages_total{direction=\"sent\"}");
        while staying.metric("echo_messages_total{direction=\"sent\"}")
            < echoed + 10 * CLIENTS as u64
        {
            assert!(start.elapsed() < LONG, "the clients have fallen silent");
        }
        while back.metric("echo_websockets_total") == 0 {
            assert_eq!(told(node(&[&front.url(), "custom"]))[..2], ["open", "echo"], "{proxy:?}");
            assert!(start.elapsed() < LONG, "{proxy:?} sends nobody to the server that is back");
        }

        let lines = clients.finish();
        assert_eq!(lines.len(), CLIENTS);
        let (mut told, mut on_their_way) = (0, 0);
        for line in &lines {
            let client = Stayed::parse(line);
            assert!(client.ends.len() <= 1, "{proxy:?}: {line}");
            let lost = client.ends.iter().filter(|(_, is_on_its_way)| *is_on_its_way).count();
            assert_eq!(client.sent, client.echoed + lost as u64, "{proxy:?}: {line}");
            assert_eq!(client.attempts, 0, "{proxy:?}: {line}");
            for (code, _) in client.ends {
                assert!(matches!(code, 1001 | 1012), "{proxy:?}: {line}");
                told += 1;
            }
            on_their_way += lost;
        }
        assert_eq!(told, moved, "{proxy:?}: {lines:?}");
        println!(
            "{proxy:?}: {told} of {CLIENTS} clients were told and moved; {on_their_way} of their \
             messages were on their way"
        );
    }
}
