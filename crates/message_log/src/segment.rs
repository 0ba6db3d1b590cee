//! A run of rows that lie together in memory: short payloads one behind the other, so that they are
//! searched as one text.

use std::ops::Range;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use crate::event::Event;
use crate::row::{Content, Delivery, Direction, Drawing, Entry, Payload, Row};
use crate::search::Matcher;

/// The longest payload that is copied, in bytes: a short one may be a piece of a large buffer, which
/// it would keep from being freed. A longer one is kept as it is, as copying it would cost more.
pub(crate) const MAX_COPIED_BYTES: usize = 16 * 1024;

/// The most rows in a segment, which also bounds what is dropped at once.
const MAX_ROWS: usize = 1 << 16;

#[derive(Debug)]
pub(crate) struct Segment {
    /// The number of the first row.
    first: u64,
    heads: Vec<Head>,
    /// Short text payloads, one behind the other.
    text: String,
    /// Short binary payloads, one behind the other.
    binary: Vec<u8>,
    large: Vec<Payload>,
    events: Vec<Event>,
    /// What `large` and `events` have elsewhere.
    bytes_elsewhere: usize,
}

/// What there is of each row besides its payload: 24 bytes.
#[derive(Debug)]
struct Head {
    /// Nanoseconds since the log's start.
    time: u64,
    /// An offset in `text` or `binary`, or an index in `large` or `events`.
    start: u32,
    /// In `text` or `binary`, in bytes.
    size: u32,
    place: Place,
    direction: Direction,
    /// Set later, also while a snapshot has the segment.
    marks: AtomicU8,
}

/// Where a row's content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Text,
    Binary,
    Large,
    Event,
}

impl Segment {
    pub(crate) fn new(first: u64) -> Self {
        Self {
            first,
            heads: Vec::new(),
            text: String::new(),
            binary: Vec::new(),
            large: Vec::new(),
            events: Vec::new(),
            bytes_elsewhere: 0,
        }
    }

    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// The number behind the last row's.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.heads.len() as u64
    }

    /// Whether there is room for one more row, in a segment of about this many bytes.
    pub(crate) fn has_room(&self, entry: &Entry, bytes: usize) -> bool {
        self.heads.is_empty()
            || (self.heads.len() < MAX_ROWS && self.used_bytes() + entry.bytes() <= bytes)
    }

    pub(crate) fn push(&mut self, time: Duration, entry: Entry) {
        let (direction, delivery, payload) = match entry {
            Entry::Received(payload) => (Direction::Received, None, Ok(payload)),
            Entry::Sent(payload, delivery) => (Direction::Sent, Some(delivery), Ok(payload)),
            Entry::Event(event) => (Direction::None, None, Err(event)),
        };
        let (place, start, size) = match payload {
            Ok(Payload::Text(text)) if text.len() <= MAX_COPIED_BYTES => {
                let start = self.text.len();
                self.text.push_str(&text);
                (Place::Text, start, text.len())
            }
            Ok(Payload::Binary(bytes)) if bytes.len() <= MAX_COPIED_BYTES => {
                let start = self.binary.len();
                self.binary.extend_from_slice(&bytes);
                (Place::Binary, start, bytes.len())
            }
            Ok(payload) => {
                self.bytes_elsewhere += payload.as_bytes().len();
                self.large.push(payload);
                (Place::Large, self.large.len() - 1, 0)
            }
            Err(event) => {
                self.bytes_elsewhere += event.heap_bytes();
                self.events.push(event);
                (Place::Event, self.events.len() - 1, 0)
            }
        };
        self.heads.push(Head {
            time: u64::try_from(time.as_nanos()).unwrap_or(u64::MAX),
            // Within what `has_room` allows.
            start: u32::try_from(start).unwrap_or(u32::MAX),
            size: u32::try_from(size).unwrap_or(u32::MAX),
            place,
            direction,
            marks: AtomicU8::new(delivery.map_or(0, delivery_mark)),
        });
    }

    pub(crate) fn get(&self, number: u64) -> Option<Row<'_>> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let head = self.heads.get(index)?;
        let marks = head.marks.load(Ordering::Relaxed);
        Some(Row {
            number,
            time: Duration::from_nanos(head.time),
            direction: head.direction,
            content: self.content(head)?,
            delivery: delivery(marks),
            drawing: drawing(marks),
        })
    }

    /// The payload for keeping: a long one shares its memory, a short one is copied.
    pub(crate) fn payload(&self, number: u64) -> Option<Payload> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let head = self.heads.get(index)?;
        match self.content(head)? {
            _ if head.place == Place::Large => self.large.get(head.start as usize).cloned(),
            Content::Text(text) => Some(Payload::text(text)),
            Content::Binary(bytes) => Some(Payload::binary(bytes.to_vec())),
            Content::Event(_) => None,
        }
    }

    /// The number behind the rows from this one on that have together about this many bytes, and
    /// how many these are. It is one row at least, if there is one.
    pub(crate) fn rows_within(&self, from: u64, bytes: u64) -> (u64, u64) {
        /// To look at a row costs something even if it is empty.
        const BYTES_A_ROW: u64 = 16;
        let mut sum = 0;
        let mut end = from;
        for head in self.heads(from..u64::MAX) {
            if sum >= bytes {
                break;
            }
            let size = match head.place {
                Place::Text | Place::Binary => u64::from(head.size),
                Place::Large | Place::Event => {
                    self.content(head).map_or(0, |content| content.bytes().len() as u64)
                }
            };
            sum += BYTES_A_ROW + size;
            end += 1;
        }
        (end, sum)
    }

    /// Adds the numbers of those rows in which it is found, in no order and some of them twice.
    pub(crate) fn search(&self, numbers: Range<u64>, matcher: &Matcher, found: &mut Vec<u64>) {
        let first = numbers.start.max(self.first);
        let heads = self.heads(numbers);
        let literals = matcher.literals();
        if let Some((literal, hex)) = literals {
            let text = self.text.as_bytes();
            find_in_run(heads, first, Place::Text, text, |b, at| literal.find_at(b, at), found);
            let binary = &self.binary;
            find_in_run(heads, first, Place::Binary, binary, |b, at| literal.find_at(b, at), found);
            if let Some(hex) = hex {
                find_in_run(heads, first, Place::Binary, binary, |b, at| hex.find_at(b, at), found);
            }
        }
        for (number, head) in (first..).zip(heads) {
            let is_done = matches!(head.place, Place::Text | Place::Binary) && literals.is_some();
            if !is_done && self.content(head).is_some_and(|content| matcher.is_match(content)) {
                found.push(number);
            }
        }
    }

    /// Gives whether it was another one.
    pub(crate) fn set_drawing(&self, number: u64, drawing: Drawing) -> bool {
        self.change_marks(number, |marks| (marks & !DRAWING_BITS) | drawing as u8)
    }

    /// The same; only messages of ours have one.
    pub(crate) fn set_delivery(&self, number: u64, delivery: Delivery) -> bool {
        self.change_marks(number, |marks| match self::delivery(marks) {
            Some(_) => (marks & !DELIVERY_BITS) | delivery_mark(delivery),
            None => marks,
        })
    }

    /// All of the memory that it takes, in bytes.
    pub(crate) fn memory(&self) -> usize {
        size_of::<Self>()
            + self.heads.capacity() * size_of::<Head>()
            + self.text.capacity()
            + self.binary.capacity()
            + self.large.capacity() * size_of::<Payload>()
            + self.events.capacity() * size_of::<Event>()
            + self.bytes_elsewhere
    }

    /// Gives back what was reserved for more rows.
    pub(crate) fn shrink(&mut self) {
        self.heads.shrink_to_fit();
        self.text.shrink_to_fit();
        self.binary.shrink_to_fit();
        self.large.shrink_to_fit();
        self.events.shrink_to_fit();
    }

    /// Of those of these rows that are here.
    fn heads(&self, numbers: Range<u64>) -> &[Head] {
        let index = |number: u64| usize::try_from(number.saturating_sub(self.first));
        let start = index(numbers.start).unwrap_or(usize::MAX).min(self.heads.len());
        let end = index(numbers.end).unwrap_or(usize::MAX).min(self.heads.len());
        self.heads.get(start..end).unwrap_or_default()
    }

    fn used_bytes(&self) -> usize {
        self.heads.len() * size_of::<Head>()
            + self.text.len()
            + self.binary.len()
            + self.bytes_elsewhere
    }

    fn content(&self, head: &Head) -> Option<Content<'_>> {
        let index = head.start as usize;
        Some(match head.place {
            Place::Text => Content::Text(self.text.get(head.range())?),
            Place::Binary => Content::Binary(self.binary.get(head.range())?),
            Place::Large => self.large.get(index)?.as_content(),
            Place::Event => Content::Event(self.events.get(index)?),
        })
    }

    fn change_marks(&self, number: u64, change: impl Fn(u8) -> u8) -> bool {
        let index = number.checked_sub(self.first).and_then(|index| usize::try_from(index).ok());
        let Some(head) = index.and_then(|index| self.heads.get(index)) else { return false };
        // Only the log writes, and it is not shared; a snapshot reads.
        let old = head.marks.load(Ordering::Relaxed);
        let new = change(old);
        head.marks.store(new, Ordering::Relaxed);
        new != old
    }
}

/// Searches short payloads that lie one behind the other as if they were one, and adds the numbers of
/// the rows in which something is found. All matches of `find_at` have the same size.
fn find_in_run(
    heads: &[Head],
    first: u64,
    place: Place,
    buffer: &[u8],
    find_at: impl Fn(&[u8], usize) -> Option<Range<usize>>,
    found: &mut Vec<u64>,
) {
    let rows = (first..).zip(heads).filter(|(_, head)| head.place == place);
    let mut rows = rows.map(|(number, head)| (number, head.range()));
    let Some((_, Range { start: mut from, .. })) = rows.clone().next() else { return };
    let last = heads.iter().rfind(|head| head.place == place);
    let end = last.map_or(0, |head| head.range().end);
    let Some(buffer) = buffer.get(..end) else { return };
    while let Some(at) = find_at(buffer, from) {
        let Some((number, row)) = rows.find(|(_, row)| at.start < row.end) else { return };
        // Where it goes on in the next row, no other match in this one would end here either.
        if at.end <= row.end {
            found.push(number);
        }
        from = row.end;
    }
}

impl Clone for Segment {
    fn clone(&self) -> Self {
        Self {
            first: self.first,
            heads: self.heads.iter().map(Head::copy).collect(),
            text: self.text.clone(),
            binary: self.binary.clone(),
            large: self.large.clone(),
            events: self.events.clone(),
            bytes_elsewhere: self.bytes_elsewhere,
        }
    }
}

impl Head {
    /// Where its payload is in `text` or `binary`.
    fn range(&self) -> Range<usize> {
        let start = self.start as usize;
        start..start + self.size as usize
    }

    fn copy(&self) -> Self {
        Self { marks: AtomicU8::new(self.marks.load(Ordering::Relaxed)), ..*self }
    }
}

impl Entry {
    fn bytes(&self) -> usize {
        match self {
            Self::Received(payload) | Self::Sent(payload, _) => payload.as_bytes().len(),
            Self::Event(event) => event.heap_bytes(),
        }
    }
}

const DRAWING_BITS: u8 = 0b11;
const DELIVERY_BITS: u8 = 0b111 << 2;

fn drawing(marks: u8) -> Drawing {
    match marks & DRAWING_BITS {
        mark if mark == Drawing::Drawn as u8 => Drawing::Drawn,
        mark if mark == Drawing::Coalesced as u8 => Drawing::Coalesced,
        _ => Drawing::Undecided,
    }
}

/// Nothing is 0.
fn delivery_mark(delivery: Delivery) -> u8 {
    (delivery as u8 + 1) << 2
}

fn delivery(marks: u8) -> Option<Delivery> {
    use Delivery::{InDoubt, Sent, TakenBack, Waiting};
    let all = [Waiting, Sent, InDoubt, TakenBack];
    all.into_iter().find(|delivery| delivery_mark(*delivery) == marks & DELIVERY_BITS)
}
