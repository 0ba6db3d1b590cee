//! A film of what is to be seen, as an animated GIF: each picture for as long as it stood there.

use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Duration;

use gif::{DisposalMethod, Encoder, Frame, Repeat};
use image::{Rgb, RgbImage};

/// How many colours a GIF may have, but for the number that stands for "as before".
const COLORS: usize = 255;
const AS_BEFORE: u8 = 255;

/// Out of so many of the most frequent colours the best are chosen. An interface has few, and all
/// mixtures of two of them at the edges of its letters.
const MAX_CANDIDATES: usize = 8_192;

/// What is shorter in a file browsers show for a tenth of a second.
const SHORTEST: Duration = Duration::from_millis(20);

/// How long the last picture stands before all begins anew.
const LAST: Duration = Duration::from_secs(4);

/// Pictures, and when each of them was there first.
#[derive(Default)]
pub(crate) struct Film {
    /// As PNG: unpacking them takes its time, and while one looks on there is none.
    pictures: Vec<(Duration, Vec<u8>)>,
}

/// What is new in a picture: a part of it, row by row, without the pixels that stay.
struct Change {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
    pixels: Vec<Option<Rgb<u8>>>,
}

impl Film {
    /// This PNG is to be seen at this time. All of them have one size.
    pub(crate) fn add(&mut self, at: Duration, picture: Vec<u8>) {
        if self.pictures.last().is_none_or(|(_, before)| *before != picture) {
            self.pictures.push((at, picture));
        }
    }

    /// Writes it down, and gives how long it is.
    pub(crate) fn save(&self, path: &Path) -> Result<Duration, Box<dyn Error>> {
        let changes = self.changes()?;
        let (Some((start, all)), Some((end, _))) = (changes.first(), changes.last()) else {
            return Err("there is no picture in the film".into());
        };
        let mut palette = Palette::of(changes.iter().map(|(_, change)| change));
        let file = BufWriter::new(File::create(path)?);
        let (width, height) = (u16::try_from(all.width)?, u16::try_from(all.height)?);
        let mut encoder = Encoder::new(file, width, height, &palette.bytes())?;
        encoder.set_repeat(Repeat::Infinite)?;

        let end = *end + LAST;
        let ends = changes.iter().skip(1).map(|(at, _)| *at).chain([end]);
        let mut shown = 0;
        for ((_, change), end) in changes.iter().zip(ends) {
            // Counted from the beginning, so that what is rounded off does not add up.
            let until = end.saturating_sub(*start).as_millis() / 10;
            let delay = u16::try_from(until.saturating_sub(shown))?;
            shown = until;
            encoder.write_frame(&change.frame(&mut palette, delay)?)?;
        }
        Ok(end - *start)
    }

    /// All of the first picture, and what is new in each of the others. What is there for too short a
    /// time is left out.
    fn changes(&self) -> Result<Vec<(Duration, Change)>, Box<dyn Error>> {
        let mut changes = Vec::new();
        let mut before = None;
        let nexts = self.pictures.iter().skip(1).map(|(at, _)| Some(*at)).chain([None]);
        for ((at, picture), next) in self.pictures.iter().zip(nexts) {
            if next.is_some_and(|next| next.saturating_sub(*at) < SHORTEST) {
                continue;
            }
            let picture = image::load_from_memory(picture)?.into_rgb8();
            changes.extend(Change::of(before.as_ref(), &picture).map(|change| (*at, change)));
            before = Some(picture);
        }
        Ok(changes)
    }
}

impl Change {
    /// All of a picture where there is none before it; `None` where nothing is new.
    fn of(before: Option<&RgbImage>, now: &RgbImage) -> Option<Self> {
        let (width, height) = now.dimensions();
        let is_new =
            |x, y| before.is_none_or(|before| before.get_pixel(x, y) != now.get_pixel(x, y));
        let is_new_row = |y: &u32| before.is_none_or(|before| row(before, *y) != row(now, *y));
        let (top, bottom) = ((0..height).find(is_new_row)?, (0..height).rfind(is_new_row)?);
        let is_new_column = |x: &u32| (top..=bottom).any(|y| is_new(*x, y));
        let (left, right) = ((0..width).find(is_new_column)?, (0..width).rfind(is_new_column)?);
        let places = (top..=bottom).flat_map(|y| (left..=right).map(move |x| (x, y)));
        let pixels = places.map(|(x, y)| is_new(x, y).then(|| *now.get_pixel(x, y)));
        Some(Self {
            left,
            top,
            width: right - left + 1,
            height: bottom - top + 1,
            pixels: pixels.collect(),
        })
    }

    /// To be drawn over what is there, for this many hundredths of a second.
    fn frame(&self, palette: &mut Palette, delay: u16) -> Result<Frame<'static>, Box<dyn Error>> {
        let number =
            |pixel: &Option<Rgb<u8>>| pixel.map_or(AS_BEFORE, |color| palette.number(color));
        let numbers: Vec<u8> = self.pixels.iter().map(number).collect();
        Ok(Frame {
            delay,
            left: u16::try_from(self.left)?,
            top: u16::try_from(self.top)?,
            width: u16::try_from(self.width)?,
            height: u16::try_from(self.height)?,
            buffer: numbers.into(),
            transparent: Some(AS_BEFORE),
            dispose: DisposalMethod::Keep,
            ..Frame::default()
        })
    }
}

fn row(picture: &RgbImage, y: u32) -> &[u8] {
    let length = 3 * picture.width() as usize;
    let start = length * y as usize;
    &picture.as_raw()[start..start + length]
}

/// The colours of a whole film: with one palette for all of it nothing flickers.
struct Palette {
    colors: Vec<Rgb<u8>>,
    /// The numbers of the nearest, of the colours that were asked for.
    numbers: HashMap<Rgb<u8>, u8>,
}

impl Palette {
    /// What is large has exactly the colour that it has, and what is rare something near it: the next
    /// colour is always the one that would be missed most, by how often it is there and by how far it
    /// is from those before it.
    fn of<'a>(changes: impl Iterator<Item = &'a Change>) -> Self {
        let mut counts: HashMap<Rgb<u8>, u32> = HashMap::new();
        for color in changes.flat_map(|change| change.pixels.iter().flatten()) {
            *counts.entry(*color).or_default() += 1;
        }
        let mut candidates: Vec<(Rgb<u8>, u32)> = counts.into_iter().collect();
        // By the colour where the count is the same: the same film is the same file.
        candidates.sort_by_key(|(color, count)| (u32::MAX - count, color.0));
        candidates.truncate(MAX_CANDIDATES);

        let mut colors = Vec::new();
        let mut misses = vec![f64::from(u32::MAX); candidates.len()];
        while colors.len() < COLORS {
            let losses = misses.iter().zip(&candidates);
            let losses = losses.map(|(miss, (_, count))| miss * f64::from(*count).sqrt());
            let worst = losses.enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other));
            let Some((worst, _)) = worst.filter(|(_, loss)| *loss > 0.0) else { break };
            let chosen = candidates[worst].0;
            colors.push(chosen);
            for (miss, (color, _)) in misses.iter_mut().zip(&candidates) {
                *miss = miss.min(f64::from(distance(chosen, *color)));
            }
        }
        Self { colors, numbers: HashMap::new() }
    }

    /// The number of the nearest colour.
    fn number(&mut self, color: Rgb<u8>) -> u8 {
        *self.numbers.entry(color).or_insert_with(|| {
            let numbered = (0..).zip(&self.colors);
            let nearest = numbered.min_by_key(|(_, there)| distance(**there, color));
            nearest.map_or(0, |(number, _)| number)
        })
    }

    /// As they stand in the file, with one for the number that is none's.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.colors.iter().flat_map(|color| color.0).collect();
        bytes.resize(3 * (COLORS + 1), 0);
        bytes
    }
}

/// How different two colours look, about: the eye is best at green and worst at blue.
fn distance(one: Rgb<u8>, other: Rgb<u8>) -> u32 {
    let [red, green, blue] = [0, 1, 2].map(|at| u32::from(one.0[at].abs_diff(other.0[at])).pow(2));
    3 * red + 6 * green + blue
}
