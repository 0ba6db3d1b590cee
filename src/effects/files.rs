//! Files that are dropped on the window, and pictures that are pasted: read beside the frames, then
//! handed to the model as attachments.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use app_core::Msg;
use app_core::composer::{Attachment, MAX_ATTACHMENT_BYTES, Refused};
use app_core::model::ComposerMsg;
use egui::{ColorImage, Context, DroppedFileHandle, Event};
use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use web_socket_channel::Bytes;

use crate::platform::{self, FileProblem};

/// How the names of files end that are logs, and not messages.
const LOG_ENDINGS: [&str; 2] = [".har", ".jsonl"];

/// What a pasted picture is called.
const PASTED_NAME: &str = "pasted.png";

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
        let pasted = take_pasted(ctx);
        let mut msgs = Vec::new();
        if dropped.is_empty() && pasted.is_empty() {
            return msgs;
        }
        let files = dropped.len();
        for file in dropped.into_iter().take(places) {
            let finish = self.begin(ctx);
            platform::spawn(async move {
                let name = name_of(&file);
                let outcome = match platform::read_file(&file, MAX_ATTACHMENT_BYTES as u64).await {
                    Ok(bytes) => Ok(Attachment::file(name, Bytes::from(bytes))),
                    Err(FileProblem::TooLarge { bytes }) => Err(Refused::TooLarge { bytes }),
                    Err(FileProblem::Unreadable(why)) => Err(Refused::Unreadable { name, why }),
                };
                finish(outcome);
            });
        }
        let left = places.saturating_sub(files);
        let pictures = pasted.len();
        for picture in pasted.into_iter().take(left) {
            let finish = self.begin(ctx);
            platform::spawn(async move { finish(encoded(&picture)) });
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

fn take_pasted(ctx: &Context) -> Vec<Arc<ColorImage>> {
    let mut pictures = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| match event {
            Event::PasteImage(picture) => {
                pictures.push(Arc::clone(picture));
                false
            }
            _ => true,
        });
    });
    pictures
}

fn is_log(file: &DroppedFileHandle) -> bool {
    let name = name_of(file).to_lowercase();
    LOG_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn name_of(file: &DroppedFileHandle) -> String {
    let name = file.path().file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A picture as a PNG.
fn encoded(picture: &ColorImage) -> Outcome {
    let [width, height] = picture.size;
    let pixels: Vec<u8> = picture.pixels.iter().flat_map(|c| c.to_srgba_unmultiplied()).collect();
    let mut bytes = Vec::new();
    let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = (side(width), side(height));
    PngEncoder::new(&mut bytes)
        .write_image(&pixels, width, height, ExtendedColorType::Rgba8)
        .map_err(|why| Refused::Unreadable {
            name: PASTED_NAME.to_owned(),
            why: why.to_string(),
        })?;
    Ok(Attachment::file(PASTED_NAME.to_owned(), bytes.into()))
}
