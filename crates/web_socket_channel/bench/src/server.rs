//! The other end of every client: echoes as fast as one processor can, or floods. It is written
//! for nothing else: it takes frames as they come, fragments of them too, and writes what it has
//! with one system call.

use std::io::{self, Write as _};

use bytes::{Buf as _, BufMut as _, BytesMut};
use channel_bench::Result;
use channel_bench::scenario::{Scenario, flood_messages, payload};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Interest};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

/// How much is read at once.
const READ_BYTES: usize = 256 * 1024;

/// Reading waits while more than this is to be written. No scenario has so much on its way.
const MAX_WAITING_BYTES: usize = 64 << 20;

/// Longer than the handshake of any peer.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// Serves until it is killed, after it has printed its address.
pub(crate) fn serve() -> Result {
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        io::stdout().flush()?;
        loop {
            let (socket, _) = listener.accept().await?;
            // One client at a time: the next one is started when this one has gone.
            if let Err(error) = attend(socket).await {
                // A client that has measured enough does not say goodbye.
                let is_cut = error.downcast_ref::<io::Error>().is_some();
                if !is_cut {
                    eprintln!("server: {error}");
                }
            }
        }
    })
}

async fn attend(mut socket: TcpStream) -> Result {
    socket.set_nodelay(true)?;
    let mut input = BytesMut::with_capacity(READ_BYTES);
    let path = shake_hands(&mut socket, &mut input).await?;
    match path.strip_prefix("/flood/") {
        Some(scenario) => flood(&mut socket, Scenario::named(scenario)?.payload_bytes).await,
        None => echo(&mut socket, input).await,
    }
}

/// Returns the path that was asked for; what came behind the request stays in `input`.
async fn shake_hands(socket: &mut TcpStream, input: &mut BytesMut) -> Result<String> {
    let end = loop {
        if let Some(at) = input.windows(4).position(|end| end == b"\r\n\r\n") {
            break at + 4;
        }
        if input.len() > MAX_HEAD_BYTES || socket.read_buf(input).await? == 0 {
            return Err("that was no handshake".into());
        }
    };
    let head = input.split_to(end);
    let head = std::str::from_utf8(&head)?;
    let path = head.split(' ').nth(1).ok_or("a request without a path")?;
    let key = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("Sec-WebSocket-Key").then(|| value.trim())
    });
    let accept = web_socket_channel::sign_key(key.ok_or("a handshake without a key")?);
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    socket.write_all(answer.as_bytes()).await?;
    Ok(path.to_owned())
}

async fn echo(socket: &mut TcpStream, mut input: BytesMut) -> Result {
    let mut output = BytesMut::with_capacity(READ_BYTES);
    let mut frame = None;
    loop {
        let interest = match (output.is_empty(), output.len() < MAX_WAITING_BYTES) {
            (true, _) => Interest::READABLE,
            (false, true) => Interest::READABLE | Interest::WRITABLE,
            (false, false) => Interest::WRITABLE,
        };
        let ready = socket.ready(interest).await?;
        if ready.is_readable() {
            input.reserve(READ_BYTES);
            match socket.try_read_buf(&mut input) {
                Ok(0) => return Ok(()),
                Ok(_) => answer(&mut input, &mut frame, &mut output)?,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
        if !output.is_empty() {
            match socket.try_write(&output) {
                Ok(written) => output.advance(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// A frame of which the head has been read, and not all of the payload.
struct Frame {
    remaining: usize,
    /// Turned so that its first byte is for the next byte of the payload.
    mask: [u8; 4],
}

/// Takes what is there of frames out of `input`, and puts the same into `output` as a server
/// writes it.
fn answer(input: &mut BytesMut, frame: &mut Option<Frame>, output: &mut BytesMut) -> Result {
    loop {
        if let Some(Frame { remaining, mask }) = frame {
            let len = (*remaining).min(input.len());
            let start = output.len();
            output.extend_from_slice(&input[..len]);
            unmask(&mut output[start..], *mask);
            input.advance(len);
            *remaining -= len;
            mask.rotate_left(len % 4);
            if *remaining > 0 {
                return Ok(());
            }
            *frame = None;
        }
        let Some((&[first, second], rest)) = input.split_first_chunk() else { return Ok(()) };
        if second & 0x80 == 0 {
            return Err("a client must mask what it sends".into());
        }
        let (length_bytes, len) = match (second & 0x7f, rest) {
            (126, [a, b, ..]) => (2, usize::from(u16::from_be_bytes([*a, *b]))),
            (127, rest) if rest.len() >= 8 => (8, usize::try_from((&rest[..8]).get_u64())?),
            (126 | 127, _) => return Ok(()),
            (len, _) => (0, usize::from(len)),
        };
        let Some(mask) = rest[length_bytes..].first_chunk::<4>() else { return Ok(()) };
        if first & 0x0f == 0x8 {
            return Err(io::Error::from(io::ErrorKind::ConnectionAborted).into());
        }
        *frame = Some(Frame { remaining: len, mask: *mask });
        put_head(output, first, len);
        input.advance(2 + length_bytes + 4);
    }
}

fn put_head(output: &mut BytesMut, first: u8, payload_bytes: usize) {
    output.put_u8(first);
    match payload_bytes {
        len @ 0..126 => output.put_u8(len as u8),
        len @ 126..65536 => {
            output.put_u8(126);
            output.put_u16(len as u16);
        }
        len => {
            output.put_u8(127);
            output.put_u64(len as u64);
        }
    }
}

fn unmask(bytes: &mut [u8], mask: [u8; 4]) {
    let wide = u64::from_ne_bytes([mask, mask].concat().try_into().unwrap_or_default());
    let (chunks, rest) = bytes.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= mask;
    }
}

/// Sends without looking what comes, once anything has come.
async fn flood(socket: &mut TcpStream, payload_bytes: usize) -> Result {
    const BINARY: u8 = 0x82;
    socket.readable().await?;
    let mut output = BytesMut::new();
    for number in 0..flood_messages(payload_bytes) {
        put_head(&mut output, BINARY, payload_bytes);
        output.extend_from_slice(&payload(number, payload_bytes));
        if output.len() >= READ_BYTES {
            socket.write_all(&output).await?;
            output.clear();
        }
    }
    socket.write_all(&output).await?;
    // The client goes first.
    let mut waste = Vec::with_capacity(READ_BYTES);
    while socket.read_buf(&mut waste).await? > 0 {
        waste.clear();
    }
    Ok(())
}
