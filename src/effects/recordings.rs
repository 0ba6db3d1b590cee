//! Files of recordings: one at a time is written or read, beside the frames.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use app_core::ReplayMsg;
use app_core::recording::file::{self, FileError, MAX_FILE_BYTES};
use app_core::recording::{ChromeTrace, FileWriter, Recording};
use app_core::replay::{ReplayFormat, ReplayNotice};
use egui::{Context, DroppedFileHandle};

use crate::platform;
use crate::platform::files;

/// How the names of files end that become a recording.
pub const ENDINGS: &[&str] = &["json"];

/// How the name of one ends that is taken for a recording where it is dropped; other JSON is a message.
pub const DROPPED_ENDING: &str = ".recording.json";

/// The file's recording that is shown, and the file that is under way.
#[derive(Default)]
pub struct Recordings {
    opened: Option<Recording>,
    current: Option<Current>,
    /// What dialogs answer, where nobody is asked.
    answer: Option<PathBuf>,
    /// What is to be told in the next frame.
    msgs: Vec<ReplayMsg>,
}

type Asked<T> = Receiver<Option<Result<T, String>>>;

enum Current {
    AskedToSave(Pieces, Asked<files::FileWriter>),
    AskedToOpen(Asked<files::FileReader>),
    Working(Receiver<(Work, Option<Outcome>)>),
}

/// What is written, piece by piece.
type Pieces = Box<dyn Iterator<Item = Vec<u8>> + Send>;

enum Work {
    Save { pieces: Pieces, writer: Option<files::FileWriter>, written: u64 },
    Open { reader: files::FileReader, bytes: Vec<u8> },
}

enum Outcome {
    Notice(ReplayNotice),
    Opened(Box<Recording>, String),
}

impl Recordings {
    /// The file's recording, where one is shown.
    pub fn opened(&self) -> Option<&Recording> {
        self.opened.as_ref()
    }

    /// Shows the live one again.
    pub fn show_live(&mut self) {
        self.opened = None;
    }

    /// From now on nobody is asked for a file, and it is this one.
    pub fn answer_dialogs(&mut self, path: Option<PathBuf>) {
        self.answer = path;
    }

    /// Asks where to, and writes this recording there.
    pub fn save(&mut self, recording: &Recording, format: ReplayFormat, ctx: &Context) {
        let (pieces, name): (Pieces, _) = match format {
            ReplayFormat::Recording => {
                (Box::new(FileWriter::new(recording)), "websocket.recording.json")
            }
            ReplayFormat::ChromeTrace => (
                Box::new(ChromeTrace::new(recording).map(String::into_bytes)),
                "websocket.trace.json",
            ),
        };
        let (give, asked) = channel();
        let (ctx, answer) = (ctx.clone(), self.answer.clone());
        platform::spawn(async move {
            let writer = files::ask_where_to_save(name.to_owned(), answer).await;
            if give.send(writer).is_ok() {
                ctx.request_repaint();
            }
        });
        self.begin(Current::AskedToSave(pieces, asked));
    }

    /// Asks for a file, and reads it.
    pub fn open(&mut self, ctx: &Context) {
        let (give, asked) = channel();
        let (ctx, answer) = (ctx.clone(), self.answer.clone());
        platform::spawn(async move {
            let reader = files::ask_what_to_open(ENDINGS, answer).await;
            if give.send(reader).is_ok() {
                ctx.request_repaint();
            }
        });
        self.begin(Current::AskedToOpen(asked));
    }

    /// Reads a file that was dropped, unless another one is under way.
    pub fn open_dropped(&mut self, file: DroppedFileHandle, ctx: &Context) {
        if self.current.is_some() {
            return;
        }
        let (give, opened) = channel();
        let ctx = ctx.clone();
        platform::spawn(async move {
            let reader = files::open_dropped(file).await;
            if give.send(Some(reader)).is_ok() {
                ctx.request_repaint();
            }
        });
        self.begin(Current::AskedToOpen(opened));
    }

    fn begin(&mut self, current: Current) {
        self.current = Some(current);
        self.msgs.push(ReplayMsg::Busy);
    }

    /// Goes on. Called in every frame.
    pub fn advance(&mut self, ctx: &Context) -> Vec<ReplayMsg> {
        match self.current.take() {
            None => {}
            Some(Current::AskedToSave(pieces, asked)) => match asked.try_recv() {
                Ok(Some(Ok(writer))) => {
                    self.go_on(Work::Save { pieces, writer: Some(writer), written: 0 }, ctx);
                }
                Ok(Some(Err(why))) => self.done(Some(ReplayNotice::NotSaved(why))),
                Err(TryRecvError::Empty) => {
                    self.current = Some(Current::AskedToSave(pieces, asked));
                }
                Ok(None) | Err(TryRecvError::Disconnected) => self.done(None),
            },
            Some(Current::AskedToOpen(asked)) => match asked.try_recv() {
                Ok(Some(Ok(reader))) if reader.bytes() > most_bytes() => {
                    self.done(Some(ReplayNotice::NoRecording(FileError::TooLong)));
                }
                Ok(Some(Ok(reader))) => self.go_on(Work::Open { reader, bytes: Vec::new() }, ctx),
                Ok(Some(Err(why))) => self.done(Some(ReplayNotice::NotRead(why))),
                Err(TryRecvError::Empty) => self.current = Some(Current::AskedToOpen(asked)),
                Ok(None) | Err(TryRecvError::Disconnected) => self.done(None),
            },
            Some(Current::Working(result)) => match result.try_recv() {
                Ok((_, Some(Outcome::Notice(notice)))) => self.done(Some(notice)),
                Ok((_, Some(Outcome::Opened(recording, name)))) => {
                    self.opened = Some(*recording);
                    self.done(None);
                    self.msgs.push(ReplayMsg::Opened(name));
                }
                Ok((work, None)) => self.go_on(work, ctx),
                Err(TryRecvError::Empty) => self.current = Some(Current::Working(result)),
                Err(TryRecvError::Disconnected) => self.done(None),
            },
        }
        std::mem::take(&mut self.msgs)
    }

    fn done(&mut self, notice: Option<ReplayNotice>) {
        self.msgs.push(ReplayMsg::Done(notice));
    }

    fn go_on(&mut self, mut work: Work, ctx: &Context) {
        let (give_back, result) = channel();
        let ctx = ctx.clone();
        platform::beside_frames(move |go_on| {
            let outcome = work.go_on(go_on);
            if give_back.send((work, outcome)).is_ok() {
                ctx.request_repaint();
            }
        });
        self.current = Some(Current::Working(result));
    }
}

/// What is read of a file at most: it is in memory as a whole.
fn most_bytes() -> u64 {
    MAX_FILE_BYTES.min(files::MAX_FILE_BYTES)
}

impl Work {
    /// Works while it may, and gives how it ended, if it has.
    fn go_on(&mut self, go_on: &mut dyn FnMut() -> bool) -> Option<Outcome> {
        loop {
            let outcome = match self {
                Self::Save { pieces, writer, written } => save_piece(pieces, writer, written),
                Self::Open { reader, bytes } => open_piece(reader, bytes),
            };
            if outcome.is_some() || !go_on() {
                return outcome;
            }
        }
    }
}

fn save_piece(
    pieces: &mut Pieces,
    writer: &mut Option<files::FileWriter>,
    written: &mut u64,
) -> Option<Outcome> {
    let not_saved = |why| Some(Outcome::Notice(ReplayNotice::NotSaved(why)));
    match pieces.next() {
        Some(piece) => match writer.as_mut()?.write(&piece) {
            Ok(()) => {
                *written += piece.len() as u64;
                None
            }
            Err(why) => not_saved(why),
        },
        None => match writer.take()?.finish() {
            Ok(name) => Some(Outcome::Notice(ReplayNotice::Saved { name, bytes: *written })),
            Err(why) => not_saved(why),
        },
    }
}

fn open_piece(reader: &mut files::FileReader, bytes: &mut Vec<u8>) -> Option<Outcome> {
    match reader.next_piece() {
        Ok(Some(piece)) => {
            bytes.extend_from_slice(&piece);
            // It may have grown since it was asked for its length.
            let is_too_long = bytes.len() as u64 > most_bytes();
            is_too_long.then_some(Outcome::Notice(ReplayNotice::NoRecording(FileError::TooLong)))
        }
        Ok(None) => Some(match file::read(bytes) {
            Ok(recording) => Outcome::Opened(Box::new(recording), reader.name().to_owned()),
            Err(error) => Outcome::Notice(ReplayNotice::NoRecording(error)),
        }),
        Err(why) => Some(Outcome::Notice(ReplayNotice::NotRead(why))),
    }
}
