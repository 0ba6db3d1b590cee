//! The log's files: what of them is written and read, piece by piece.

use app_core::LogMsg;
use app_core::log::{FileJob, LogFile, LogNotice};
use egui::{Context, DroppedFileHandle};
use message_log::{Export, Log, Payload, ReadErrorKind, Retention, har, json_lines};

use super::file_task::{FileTask, FileWork};
use crate::platform::files::{FileReader, FileWriter, MAX_FILE_BYTES};

/// The endings of the names of files that become a log.
pub const ENDINGS: &[&str] = &["jsonl", "har"];

/// The longest HAR file that is read: it is in memory as a whole.
const MAX_HAR_BYTES: u64 = 256 << 20;

/// How much of a message is written at once.
const PIECE: usize = 256 << 10;

/// One file at a time.
pub(super) type Files = FileTask<Work>;

/// What is written.
pub(super) enum Source {
    /// Rows.
    Rows(Export),
    /// One message.
    Payload(Payload),
}

/// What is done with a file of the log.
pub(super) enum Work {
    Save { source: Source, writer: Option<FileWriter>, written: u64 },
    Open { reader: FileReader, into: Into, read: u64 },
}

/// What a file is read into.
pub(super) enum Into {
    /// Nothing has been read yet.
    Unknown(Retention),
    Lines(Option<json_lines::Reader>),
    Har(Vec<u8>, Retention),
}

/// How it ended.
pub(super) enum Outcome {
    /// This is to be told.
    Notice(LogNotice),
    /// This is to be shown, and this told.
    Opened(Box<Log>, LogFile, Option<LogNotice>),
}

/// Asks where to, and writes there.
pub(super) fn save(files: &mut Files, source: Source, name: String, ctx: &Context) -> LogMsg {
    files.save(name, ctx, move |writer| match writer {
        Ok(writer) => Ok(Work::Save { source, writer: Some(writer), written: 0 }),
        Err(why) => Err(Outcome::Notice(LogNotice::NotSaved(why))),
    });
    LogMsg::Working(FileJob { saves: true, done: 0, of: 0 })
}

/// Asks for a file, and reads it.
pub(super) fn open(files: &mut Files, retention: Retention, ctx: &Context) -> LogMsg {
    files.open(ENDINGS, ctx, move |reader| Work::open(reader, retention));
    OPENING
}

/// Reads a file that was dropped.
pub(super) fn open_dropped(
    files: &mut Files,
    file: DroppedFileHandle,
    retention: Retention,
    ctx: &Context,
) -> LogMsg {
    files.open_dropped(file, ctx, move |reader| Work::open(reader, retention));
    OPENING
}

const OPENING: LogMsg = LogMsg::Working(FileJob { saves: false, done: 0, of: 0 });

impl Work {
    fn open(reader: Result<FileReader, String>, retention: Retention) -> Result<Self, Outcome> {
        match reader {
            Ok(reader) if reader.bytes() > MAX_FILE_BYTES => {
                Err(Outcome::Notice(LogNotice::TooLarge { limit: MAX_FILE_BYTES }))
            }
            Ok(reader) => Ok(Self::Open { reader, into: Into::Unknown(retention), read: 0 }),
            Err(why) => Err(Outcome::Notice(LogNotice::NotRead(why))),
        }
    }
}

impl FileWork for Work {
    type Progress = FileJob;
    type Outcome = Outcome;

    fn progress(&self) -> FileJob {
        match self {
            Self::Save { source: Source::Rows(export), .. } => {
                let progress = export.progress();
                FileJob { saves: true, done: progress.done, of: progress.rows }
            }
            Self::Save { source: Source::Payload(payload), written, .. } => {
                FileJob { saves: true, done: *written, of: payload.as_bytes().len() as u64 }
            }
            Self::Open { reader, read, .. } => {
                FileJob { saves: false, done: *read, of: reader.bytes() }
            }
        }
    }

    fn step(&mut self) -> Option<Outcome> {
        match self {
            Self::Save { source, writer, written } => save_piece(source, writer, written),
            Self::Open { reader, into, read } => open_piece(reader, into, read),
        }
    }
}

fn save_piece(
    source: &mut Source,
    writer: &mut Option<FileWriter>,
    written: &mut u64,
) -> Option<Outcome> {
    let file = writer.as_mut()?;
    let wrote = match source {
        Source::Rows(export) => export.next().map(|piece| (piece.len(), file.write(&piece))),
        Source::Payload(payload) => {
            let start = usize::try_from(*written).unwrap_or(usize::MAX);
            let rest = payload.as_bytes().get(start..).unwrap_or_default();
            let piece = rest.get(..PIECE).unwrap_or(rest);
            (!piece.is_empty()).then(|| (piece.len(), file.write(piece)))
        }
    };
    let not_saved = |why| Some(Outcome::Notice(LogNotice::NotSaved(why)));
    match wrote {
        Some((bytes, Ok(()))) => {
            *written += bytes as u64;
            None
        }
        Some((_, Err(why))) => not_saved(why),
        None => match writer.take()?.finish() {
            Ok(name) => Some(Outcome::Notice(LogNotice::Saved { name, bytes: *written })),
            Err(why) => not_saved(why),
        },
    }
}

fn open_piece(reader: &mut FileReader, into: &mut Into, read: &mut u64) -> Option<Outcome> {
    let notice = |notice| Some(Outcome::Notice(notice));
    let piece = match reader.next_piece() {
        Ok(piece) => piece,
        Err(why) => return notice(LogNotice::NotRead(why)),
    };
    if let Into::Unknown(retention) = into {
        let start = piece.as_deref().unwrap_or_default();
        *into = if is_har(reader.name(), start) {
            Into::Har(Vec::new(), *retention)
        } else {
            Into::Lines(Some(json_lines::Reader::new(*retention)))
        };
    }
    *read += piece.as_ref().map_or(0, Vec::len) as u64;
    let file = |skipped| LogFile { name: reader.name().to_owned(), skipped };
    match (into, piece) {
        (Into::Lines(lines), Some(piece)) => match lines.as_mut()?.read(&piece) {
            Ok(()) => None,
            // What was read before stands.
            Err(error) => match lines.take()?.into_log().filter(|log| !log.is_empty()) {
                Some(log) => {
                    let why = LogNotice::ReadInPart(error);
                    Some(Outcome::Opened(Box::new(log), file(0), Some(why)))
                }
                None => notice(LogNotice::NoLog(error)),
            },
        },
        (Into::Lines(lines), None) => match lines.take()?.finish() {
            Ok(log) => Some(Outcome::Opened(Box::new(log), file(0), None)),
            Err(error) => notice(LogNotice::NoLog(error)),
        },
        (Into::Har(bytes, _), Some(piece)) => {
            bytes.extend_from_slice(&piece);
            let limit = MAX_HAR_BYTES;
            if bytes.len() as u64 > limit { notice(LogNotice::TooLarge { limit }) } else { None }
        }
        (Into::Har(bytes, retention), None) => match har::read(bytes, *retention) {
            Ok(opened) => Some(Outcome::Opened(
                Box::new(opened.log),
                file(opened.other_entries.saturating_add(opened.skipped_messages)),
                None,
            )),
            Err(error) => notice(LogNotice::NoLog(error)),
        },
        (Into::Unknown(_), _) => notice(LogNotice::NoLog(message_log::ReadError {
            line: None,
            kind: ReadErrorKind::Empty,
        })),
    }
}

/// By its name, or else by how it begins.
fn is_har(name: &str, start: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    if name.ends_with(".har") || name.ends_with(".jsonl") {
        return name.ends_with(".har");
    }
    let start = start.get(..64).unwrap_or(start).trim_ascii_start();
    start.starts_with(b"{") && String::from_utf8_lossy(start).contains("\"log\"")
}
