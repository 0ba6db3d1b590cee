//! The log's files: one at a time is written or read, piece by piece, beside the frames.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use app_core::LogMsg;
use app_core::log::{FileJob, LogFile, LogNotice};
use egui::{Context, DroppedFileHandle};
use message_log::{Export, Log, Payload, ReadErrorKind, Retention, har, json_lines};

use crate::platform;
use crate::platform::files::{FileReader, FileWriter, MAX_FILE_BYTES};

/// The endings of the names of files that become a log.
pub const ENDINGS: &[&str] = &["jsonl", "har"];

/// The longest HAR file that is read: it is in memory as a whole.
const MAX_HAR_BYTES: u64 = 256 << 20;

/// How much of a message is written at once.
const PIECE: usize = 256 << 10;

/// One file at a time.
#[derive(Default)]
pub(super) struct Files {
    /// What dialogs answer, where nobody is asked.
    answer: Option<PathBuf>,
    current: Option<Current>,
}

enum Current {
    /// The person is asked where to.
    AskedToSave(Source, Receiver<Option<Result<FileWriter, String>>>),
    /// The person is asked for a file.
    AskedToOpen(Retention, Receiver<Option<Result<FileReader, String>>>),
    /// On a thread, or in the next frame.
    Working(FileJob, Receiver<(Work, Option<Outcome>)>),
}

/// What is written.
pub(super) enum Source {
    /// Rows.
    Rows(Export),
    /// One message.
    Payload(Payload),
}

enum Work {
    Save { source: Source, writer: Option<FileWriter>, written: u64 },
    Open { reader: FileReader, into: Into, read: u64 },
}

enum Into {
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

/// What has become of a file in this frame.
pub(super) enum News {
    /// It is under way.
    Working(FileJob),
    /// The person thought better of it.
    Nothing,
    /// It is done.
    Done(Outcome),
}

impl Files {
    /// From now on nobody is asked for a file, and it is this one.
    pub(super) fn answer_dialogs(&mut self, path: Option<PathBuf>) {
        self.answer = path;
    }

    /// Asks where to, and writes there.
    pub(super) fn save(&mut self, source: Source, name: String, ctx: &Context) -> LogMsg {
        let (give, asked) = channel();
        let (ctx, answer) = (ctx.clone(), self.answer.clone());
        platform::spawn(async move {
            let writer = platform::files::ask_where_to_save(name, answer).await;
            if give.send(writer).is_ok() {
                ctx.request_repaint();
            }
        });
        self.current = Some(Current::AskedToSave(source, asked));
        LogMsg::Working(FileJob { saves: true, done: 0, of: 0 })
    }

    /// Asks for a file, and reads it.
    pub(super) fn open(&mut self, retention: Retention, ctx: &Context) -> LogMsg {
        let (give, asked) = channel();
        let (ctx, answer) = (ctx.clone(), self.answer.clone());
        platform::spawn(async move {
            let reader = platform::files::ask_what_to_open(ENDINGS, answer).await;
            if give.send(reader).is_ok() {
                ctx.request_repaint();
            }
        });
        self.current = Some(Current::AskedToOpen(retention, asked));
        LogMsg::Working(FileJob { saves: false, done: 0, of: 0 })
    }

    /// Reads a file that was dropped.
    pub(super) fn open_dropped(
        &mut self,
        file: DroppedFileHandle,
        retention: Retention,
        ctx: &Context,
    ) -> LogMsg {
        let (give, opened) = channel();
        let ctx = ctx.clone();
        platform::spawn(async move {
            let reader = platform::files::open_dropped(file).await;
            if give.send(Some(reader)).is_ok() {
                ctx.request_repaint();
            }
        });
        self.current = Some(Current::AskedToOpen(retention, opened));
        LogMsg::Working(FileJob { saves: false, done: 0, of: 0 })
    }

    /// Whether one is under way.
    pub(super) fn is_busy(&self) -> bool {
        self.current.is_some()
    }

    /// Stops what is under way. What was written of a file goes.
    pub(super) fn stop(&mut self) {
        self.current = None;
    }

    /// Goes on. Called in every frame.
    pub(super) fn advance(&mut self, ctx: &Context) -> Option<News> {
        let not_saved = |why| News::Done(Outcome::Notice(LogNotice::NotSaved(why)));
        let not_read = |why| News::Done(Outcome::Notice(LogNotice::NotRead(why)));
        match self.current.take()? {
            Current::AskedToSave(source, asked) => match asked.try_recv() {
                Ok(Some(Ok(writer))) => {
                    let work = Work::Save { source, writer: Some(writer), written: 0 };
                    Some(self.go_on(work, ctx))
                }
                Ok(Some(Err(why))) => Some(not_saved(why)),
                Err(TryRecvError::Empty) => {
                    self.current = Some(Current::AskedToSave(source, asked));
                    None
                }
                Ok(None) | Err(TryRecvError::Disconnected) => Some(News::Nothing),
            },
            Current::AskedToOpen(retention, asked) => match asked.try_recv() {
                Ok(Some(Ok(reader))) if reader.bytes() > MAX_FILE_BYTES => {
                    let limit = MAX_FILE_BYTES;
                    Some(News::Done(Outcome::Notice(LogNotice::TooLarge { limit })))
                }
                Ok(Some(Ok(reader))) => {
                    let work = Work::Open { reader, into: Into::Unknown(retention), read: 0 };
                    Some(self.go_on(work, ctx))
                }
                Ok(Some(Err(why))) => Some(not_read(why)),
                Err(TryRecvError::Empty) => {
                    self.current = Some(Current::AskedToOpen(retention, asked));
                    None
                }
                Ok(None) | Err(TryRecvError::Disconnected) => Some(News::Nothing),
            },
            Current::Working(job, result) => match result.try_recv() {
                Ok((_, Some(outcome))) => Some(News::Done(outcome)),
                Ok((work, None)) => Some(self.go_on(work, ctx)),
                Err(TryRecvError::Empty) => {
                    self.current = Some(Current::Working(job, result));
                    None
                }
                Err(TryRecvError::Disconnected) => Some(News::Nothing),
            },
        }
    }

    fn go_on(&mut self, mut work: Work, ctx: &Context) -> News {
        let job = work.job();
        let (give_back, result) = channel();
        let ctx = ctx.clone();
        platform::beside_frames(move |go_on| {
            let outcome = work.go_on(go_on);
            if give_back.send((work, outcome)).is_ok() {
                ctx.request_repaint();
            }
        });
        self.current = Some(Current::Working(job, result));
        News::Working(job)
    }
}

impl Work {
    fn job(&self) -> FileJob {
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

    /// Works while it may, and gives how it ended, if it has.
    fn go_on(&mut self, go_on: &mut dyn FnMut() -> bool) -> Option<Outcome> {
        loop {
            let outcome = match self {
                Self::Save { source, writer, written } => save_piece(source, writer, written),
                Self::Open { reader, into, read } => open_piece(reader, into, read),
            };
            if outcome.is_some() || !go_on() {
                return outcome;
            }
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
