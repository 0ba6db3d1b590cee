//! Several listeners of one server: ports, sockets in the file system, and one for the metrics.

use echo_server::Listener;

use super::*;

async fn bind() -> (Listener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener.into(), address)
}

/// The answer to a request for a page at an address.
async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    String::from_utf8(read_to_end(&mut stream).await).unwrap()
}

#[tokio::test]
async fn every_listener_is_served_and_ends() {
    let (one, first) = bind().await;
    let (other, second) = bind().await;
    let (shutdown, asked) = oneshot::channel::<()>();
    let task = tokio::spawn(serve(vec![one, other], Config::default(), asked));
    for address in [first, second, first, second] {
        let (mut client, _) = connect_async(format!("ws://{address}/")).await.unwrap();
        assert_echo(&mut client, Message::text("a text")).await;
    }
    shutdown.send(()).unwrap();
    timeout(LONG, task).await.unwrap().unwrap().unwrap();
    for address in [first, second] {
        assert!(TcpStream::connect(address).await.is_err(), "{address}");
    }
}

#[tokio::test]
async fn metrics_with_their_own_listener_are_nowhere_else() {
    let (public, address) = bind().await;
    let (for_metrics, internal) = bind().await;
    let config = Config { max_connections: 1, ..Config::default() };
    let listeners = vec![public, for_metrics.for_metrics()];
    let _task = tokio::spawn(serve(listeners, config, std::future::pending::<()>()));

    assert!(get(address, "/metrics").await.starts_with("HTTP/1.1 404 "));
    assert!(get(internal, "/metrics").await.contains("\necho_connections "));
    assert!(get(internal, "/healthz").await.ends_with("\r\n\r\nok\n"));
    assert!(get(internal, "/endpoints").await.starts_with("HTTP/1.1 404 "));
    let refused = connect_async(format!("ws://{internal}/echo")).await;
    assert!(matches!(refused, Err(Error::Http(answer)) if answer.status() == 404));

    // A server that is full still says so.
    let open = async {
        loop {
            if let Ok((client, _)) = connect_async(format!("ws://{address}/")).await {
                break client;
            }
        }
    };
    let _client = timeout(LONG, open).await.unwrap();
    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 503 "));
    let metrics = get(internal, "/metrics").await;
    assert!(metrics.contains("\necho_refused_total{reason=\"full\"} "), "{metrics}");
}

#[tokio::test]
async fn a_server_without_a_place_for_web_sockets_does_not_begin() {
    let (listener, _) = bind().await;
    for listeners in [vec![], vec![listener.for_metrics()]] {
        let served = serve(listeners, Config::default(), std::future::pending::<()>());
        let error = timeout(LONG, served).await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_in_the_file_system_is_a_proxys() {
    use tokio::net::{UnixListener, UnixStream};

    let path = std::env::temp_dir().join(format!("echo-server-unix-{}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).unwrap();
    let config = Config {
        max_connections_per_address: 1,
        trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()],
        ..Config::default()
    };
    let _task = tokio::spawn(serve(listener, config, std::future::pending::<()>()));
    let mut streams = Vec::new();
    for (line, status) in [
        ("X-Forwarded-For: 192.0.2.7", "101"),
        ("X-Forwarded-For: 192.0.2.7", "503"),
        ("X-Forwarded-For: 192.0.2.8", "101"),
        // Whose pages come through it is not known, so that it has to be the same host.
        ("X-Forwarded-For: 192.0.2.9\r\nOrigin: https://evil.example", "403"),
        ("X-Forwarded-For: 192.0.2.9\r\nOrigin: https://example.com", "101"),
    ] {
        let mut stream = UnixStream::connect(&path).await.unwrap();
        stream.write_all(&request("", line)).await.unwrap();
        let mut answer = vec![0; 12];
        timeout(LONG, stream.read_exact(&mut answer)).await.unwrap().unwrap();
        assert_eq!(String::from_utf8_lossy(&answer), format!("HTTP/1.1 {status}"), "{line}");
        streams.push(stream);
    }
    std::fs::remove_file(&path).unwrap();
}
