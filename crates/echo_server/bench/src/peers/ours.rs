//! The server that this is about, as a program has it that uses the library.

use std::future::pending;

use echo_server::Config;
use tokio::net::TcpListener;

use crate::Result;
use crate::scenario::MAX_CONNECTIONS;

pub(super) async fn serve(listener: TcpListener) -> Result {
    let config = Config {
        max_connections: MAX_CONNECTIONS,
        max_connections_per_address: MAX_CONNECTIONS,
        ..Config::default()
    };
    Ok(echo_server::serve(listener, config, pending::<()>()).await?)
}
