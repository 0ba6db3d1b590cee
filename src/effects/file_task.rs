//! One file at a time: the person is asked for it, or has dropped it, and then it is written or read piece by
//! piece, beside the frames.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use egui::{Context, DroppedFileHandle};

use crate::platform::files::{self, FileReader, FileWriter};
use crate::platform::{self, MaybeSend};

/// What is done with a file.
pub(super) trait FileWork: MaybeSend + Sized + 'static {
    /// How far it has come.
    type Progress;
    /// How it ended.
    type Outcome: MaybeSend + 'static;

    /// How far it has come.
    fn progress(&self) -> Self::Progress;

    /// Writes or reads a piece, and gives how it ended, if it has.
    fn step(&mut self) -> Option<Self::Outcome>;
}

/// The file that is under way.
pub(super) struct FileTask<W: FileWork> {
    /// What dialogs answer, where nobody is asked.
    answer: Option<PathBuf>,
    current: Option<Current<W>>,
}

/// The work with the file, or how it ended before it began; nothing, where the person thought better of it.
type Begun<W> = Option<Result<W, <W as FileWork>::Outcome>>;

enum Current<W: FileWork> {
    /// The person is asked for a file.
    Asked(Receiver<Begun<W>>),
    /// On a thread, or in the next frame.
    Working(Receiver<(W, Option<W::Outcome>)>),
}

/// What has become of a file in this frame.
pub(super) enum News<W: FileWork> {
    /// It is under way.
    Working(W::Progress),
    /// The person thought better of it.
    Nothing,
    /// It is done.
    Done(W::Outcome),
}

impl<W: FileWork> Default for FileTask<W> {
    fn default() -> Self {
        Self { answer: None, current: None }
    }
}

impl<W: FileWork> FileTask<W> {
    /// From now on nobody is asked for a file, and it is this one.
    pub(super) fn answer_dialogs(&mut self, path: Option<PathBuf>) {
        self.answer = path;
    }

    /// Asks where to, with this name to begin with, and does what is to be done there.
    pub(super) fn save(
        &mut self,
        name: String,
        ctx: &Context,
        begin: impl FnOnce(Result<FileWriter, String>) -> Result<W, W::Outcome> + MaybeSend + 'static,
    ) {
        let answer = self.answer.clone();
        self.ask(ctx, async move { files::ask_where_to_save(name, answer).await.map(begin) });
    }

    /// Asks for a file with one of these endings, and does what is to be done with it.
    pub(super) fn open(
        &mut self,
        endings: &'static [&'static str],
        ctx: &Context,
        begin: impl FnOnce(Result<FileReader, String>) -> Result<W, W::Outcome> + MaybeSend + 'static,
    ) {
        let answer = self.answer.clone();
        self.ask(ctx, async move { files::ask_what_to_open(endings, answer).await.map(begin) });
    }

    /// Does what is to be done with a file that was dropped.
    pub(super) fn open_dropped(
        &mut self,
        file: DroppedFileHandle,
        ctx: &Context,
        begin: impl FnOnce(Result<FileReader, String>) -> Result<W, W::Outcome> + MaybeSend + 'static,
    ) {
        self.ask(ctx, async move { Some(begin(files::open_dropped(file).await)) });
    }

    fn ask(&mut self, ctx: &Context, ask: impl Future<Output = Begun<W>> + MaybeSend + 'static) {
        let (give, asked) = channel();
        let ctx = ctx.clone();
        platform::spawn(async move {
            if give.send(ask.await).is_ok() {
                ctx.request_repaint();
            }
        });
        self.current = Some(Current::Asked(asked));
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
    pub(super) fn advance(&mut self, ctx: &Context) -> Option<News<W>> {
        let (work, outcome) = match self.current.take()? {
            Current::Asked(asked) => match asked.try_recv() {
                Ok(Some(Ok(work))) => (work, None),
                Ok(Some(Err(outcome))) => return Some(News::Done(outcome)),
                Ok(None) | Err(TryRecvError::Disconnected) => return Some(News::Nothing),
                Err(TryRecvError::Empty) => {
                    self.current = Some(Current::Asked(asked));
                    return None;
                }
            },
            Current::Working(result) => match result.try_recv() {
                Ok(worked) => worked,
                Err(TryRecvError::Disconnected) => return Some(News::Nothing),
                Err(TryRecvError::Empty) => {
                    self.current = Some(Current::Working(result));
                    return None;
                }
            },
        };
        Some(match outcome {
            Some(outcome) => News::Done(outcome),
            None => News::Working(self.go_on(work, ctx)),
        })
    }

    fn go_on(&mut self, mut work: W, ctx: &Context) -> W::Progress {
        let progress = work.progress();
        let (give_back, result) = channel();
        let ctx = ctx.clone();
        platform::beside_frames(move |go_on| {
            let outcome = loop {
                let outcome = work.step();
                if outcome.is_some() || !go_on() {
                    break outcome;
                }
            };
            if give_back.send((work, outcome)).is_ok() {
                ctx.request_repaint();
            }
        });
        self.current = Some(Current::Working(result));
        progress
    }
}
