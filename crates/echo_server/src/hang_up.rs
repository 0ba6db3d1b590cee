//! How a connection ends so that the client reads all that it was told.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// How much is read at a time of what nobody wants.
const DROPPED_BYTES: usize = 4 * 1024;

/// Sends the end of the stream and waits for the client's.
///
/// A socket that is closed while something lies unread in it resets the connection, and the reset
/// may destroy the close frame or the refusal before the client has read it. So what still comes
/// is read and dropped. Whoever calls it bounds the time.
pub(crate) async fn linger(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    stream.shutdown().await?;
    drain(&mut stream).await
}

/// Reads what comes, and drops it, until the client hangs up.
pub(crate) async fn drain(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    let mut dropped = vec![0; DROPPED_BYTES];
    while stream.read(&mut dropped).await? > 0 {}
    Ok(())
}
