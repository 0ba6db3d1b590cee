//! Files that are dropped on the window, and pictures that are pasted: read beside the frames, then
//! handed to the model as attachments.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};

use app_core::Msg;
use app_core::composer::{Attachment, MAX_ATTACHMENT_BYTES, Refused};
use app_core::model::ComposerMsg;
use egui::{Context, DroppedFileHandle};
use web_socket_channel::Bytes;

use crate::platform::{self, FileProblem};

/// How the names of files end that are logs, and not messages.
const LOG_ENDINGS: [&str; 2] = [".har", ".jsonl"];

/// What is being read.
pub struct Files {
    sender: Sender<(u64, Outcome)>,
    receiver: Receiver<(u64, Outcome)>,
    /// What is being read or was, in the order in which it came: a short file that is read before a long
    /// one waits for that.
    under_way: VecDeque<Option<Outcome>>,
    /// The number of the first of them.
    first: u64,
}

type Outcome = Result<Attachment, Refused>;

impl Default for Files {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver, under_way: VecDeque::new(), first: 0 }
    }
}

impl Files {
    /// Begins to read what was dropped or pasted in this frame, at most so many of it. What is a log is
    /// left where it is.
    pub fn take_in(&mut self, ctx: &Context, places: usize) -> Vec<Msg> {
        let dropped = take_dropped(ctx);
        let pasted = platform::pictures::take_pasted(ctx);
        let mut msgs = Vec::new();
        if dropped.is_empty() && pasted.is_empty() {
            return msgs;
        }
        let files = dropped.len();
        for file in dropped.into_iter().take(places) {
            let finish = self.begin(ctx);
            platform::spawn(async move {
                let name = name_of(&file);
                let read = platform::read_file(&file, MAX_ATTACHMENT_BYTES as u64).await;
                finish(outcome(name, read));
            });
        }
        let left = places.saturating_sub(files);
        let pictures = pasted.len();
        for picture in pasted.into_iter().take(left) {
            let finish = self.begin(ctx);
            platform::spawn(async move {
                let name = picture.name();
                let read = picture.read(MAX_ATTACHMENT_BYTES as u64).await;
                finish(outcome(name, read));
            });
        }
        msgs.push(self.count());
        if files + pictures > places {
            msgs.push(Msg::Compose(ComposerMsg::Refuse(Refused::TooMany)));
        }
        msgs
    }

    /// What has been read since the last time.
    pub fn take_read(&mut self) -> Vec<Msg> {
        let mut msgs = Vec::new();
        while let Ok((number, outcome)) = self.receiver.try_recv() {
            let at = usize::try_from(number - self.first).unwrap_or(usize::MAX);
            if let Some(place) = self.under_way.get_mut(at) {
                *place = Some(outcome);
            }
        }
        while let Some(outcome) = self.under_way.pop_front_if(|outcome| outcome.is_some()) {
            self.first += 1;
            msgs.extend(outcome.map(|outcome| match outcome {
                Ok(attachment) => Msg::Attach(attachment),
                Err(refused) => Msg::Compose(ComposerMsg::Refuse(refused)),
            }));
        }
        if !msgs.is_empty() {
            msgs.push(self.count());
        }
        msgs
    }

    fn count(&self) -> Msg {
        Msg::Compose(ComposerMsg::Reading(self.under_way.len()))
    }

    /// Something more is under way. Gives how to say what became of it.
    fn begin(&mut self, ctx: &Context) -> impl FnOnce(Outcome) + Send + 'static {
        let number = self.first + self.under_way.len() as u64;
        self.under_way.push_back(None);
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        move |outcome| {
            // A page that is gone takes nothing any more.
            let _ = sender.send((number, outcome));
            ctx.request_repaint();
        }
    }
}

fn take_dropped(ctx: &Context) -> Vec<DroppedFileHandle> {
    ctx.input_mut(|input| {
        let all = std::mem::take(&mut input.raw.dropped_files);
        let (logs, others) = all.into_iter().partition(is_log);
        input.raw.dropped_files = logs;
        others
    })
}

fn is_log(file: &DroppedFileHandle) -> bool {
    let name = name_of(file).to_lowercase();
    LOG_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn name_of(file: &DroppedFileHandle) -> String {
    let name = file.path().file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn outcome(name: String, read: Result<Vec<u8>, FileProblem>) -> Outcome {
    match read {
        Ok(bytes) => Ok(Attachment::file(name, Bytes::from(bytes))),
        Err(FileProblem::TooLarge { bytes }) => Err(Refused::TooLarge { bytes }),
        Err(FileProblem::Unreadable(why)) => Err(Refused::Unreadable { name, why }),
    }
}
