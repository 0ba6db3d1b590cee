//! Files of recordings: what of them is written and read, piece by piece.

use std::path::PathBuf;

use app_core::ReplayMsg;
use app_core::recording::file::{self, FileError, MAX_FILE_BYTES};
use app_core::recording::{ChromeTrace, FileWriter, Recording};
use app_core::replay::{ReplayFormat, ReplayNotice};
use egui::{Context, DroppedFileHandle};

use super::file_task::{FileTask, FileWork, News};
use crate::platform::files;

/// How the names of files end that become a recording.
pub const ENDINGS: &[&str] = &["json"];

/// How the name of one ends that is taken for a recording where it is dropped; other JSON is a message.
pub const DROPPED_ENDING: &str = ".recording.json";

/// The file's recording that is shown, and the file that is under way.
#[derive(Default)]
pub struct Recordings {
    opened: Option<Recording>,
    files: FileTask<Work>,
    /// What is to be told in the next frame.
    msgs: Vec<ReplayMsg>,
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
        self.files.answer_dialogs(path);
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
        self.save_pieces(pieces, name, ctx);
    }

    /// Asks where to, and writes this SVG drawing there.
    pub fn save_drawing(&mut self, drawing: String, ctx: &Context) {
        let pieces = Box::new(std::iter::once(drawing.into_bytes()));
        self.save_pieces(pieces, "websocket.comparison.svg", ctx);
    }

    fn save_pieces(&mut self, pieces: Pieces, name: &str, ctx: &Context) {
        self.files.save(name.to_owned(), ctx, move |writer| match writer {
            Ok(writer) => Ok(Work::Save { pieces, writer: Some(writer), written: 0 }),
            Err(why) => Err(Outcome::Notice(ReplayNotice::NotSaved(why))),
        });
        self.msgs.push(ReplayMsg::Busy);
    }

    /// Asks for a file, and reads it.
    pub fn open(&mut self, ctx: &Context) {
        self.files.open(ENDINGS, ctx, Work::open);
        self.msgs.push(ReplayMsg::Busy);
    }

    /// Reads a file that was dropped, unless another one is under way.
    pub fn open_dropped(&mut self, file: DroppedFileHandle, ctx: &Context) {
        if !self.files.is_busy() {
            self.files.open_dropped(file, ctx, Work::open);
            self.msgs.push(ReplayMsg::Busy);
        }
    }

    /// Goes on. Called in every frame.
    pub fn advance(&mut self, ctx: &Context) -> Vec<ReplayMsg> {
        match self.files.advance(ctx) {
            None | Some(News::Working(())) => {}
            Some(News::Nothing) => self.msgs.push(ReplayMsg::Done(None)),
            Some(News::Done(Outcome::Notice(notice))) => {
                self.msgs.push(ReplayMsg::Done(Some(notice)));
            }
            Some(News::Done(Outcome::Opened(recording, name))) => {
                self.opened = Some(*recording);
                self.msgs.extend([ReplayMsg::Done(None), ReplayMsg::Opened(name)]);
            }
        }
        std::mem::take(&mut self.msgs)
    }
}

/// What is read of a file at most: it is in memory as a whole.
fn most_bytes() -> u64 {
    MAX_FILE_BYTES.min(files::MAX_FILE_BYTES)
}

impl Work {
    fn open(reader: Result<files::FileReader, String>) -> Result<Self, Outcome> {
        match reader {
            Ok(reader) if reader.bytes() > most_bytes() => {
                Err(Outcome::Notice(ReplayNotice::NoRecording(FileError::TooLong)))
            }
            Ok(reader) => Ok(Self::Open { reader, bytes: Vec::new() }),
            Err(why) => Err(Outcome::Notice(ReplayNotice::NotRead(why))),
        }
    }
}

impl FileWork for Work {
    type Progress = ();
    type Outcome = Outcome;

    fn progress(&self) {}

    fn step(&mut self) -> Option<Outcome> {
        match self {
            Self::Save { pieces, writer, written } => save_piece(pieces, writer, written),
            Self::Open { reader, bytes } => open_piece(reader, bytes),
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
