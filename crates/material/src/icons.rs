//! The app's icons as shapes on Material's 24 point grid: sharp at every size, with no icon font.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, emath::GuiRounding as _, pos2};
use std::f32::consts::TAU;

/// A picture of one idea, without words; whoever shows it says its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// A paper plane.
    Send,
    /// A circle of one arrow: again.
    Refresh,
    /// 文 and A: another language.
    Translate,
    /// A sun.
    LightMode,
    /// A crescent moon.
    DarkMode,
    /// A half-filled disc: light or dark, as the system is.
    AutoMode,
    /// A cross.
    Close,
    /// A tick.
    Check,
    /// A triangle with an exclamation mark.
    Warning,
    /// Two links of a chain.
    Link,
    /// The same, broken.
    LinkOff,
    /// Three dots: not yet.
    Pending,
    /// Lines that begin and end at different times.
    Lanes,
    /// An open book.
    Book,
    /// Three dots above each other: more.
    More,
    /// Sliders: what can be set.
    Tune,
    /// An arrow to the left: back.
    Back,
    /// A sheet of paper: something attached.
    Document,
    /// An angle that points down: there is more below.
    ExpandMore,
    /// An angle that points up: close what is below.
    ExpandLess,
    /// A plus: more of it.
    Add,
    /// An arrow upwards: sent.
    ArrowUp,
    /// An arrow downwards: received.
    ArrowDown,
    /// A corner that points to the right: something folded.
    ChevronRight,
    /// Three lines, each shorter: less of something.
    Filter,
    /// An arrow down into a tray: save.
    Download,
    /// A folder: open a file.
    Folder,
    /// A bin: forget.
    Delete,
    /// Two sheets of paper.
    Copy,
    /// Three lines with dots before them.
    List,
    /// A dot and a star: a regular expression.
    Regex,
    /// A large and a small letter: they differ.
    LetterCase,
    /// A square that is half filled: more contrast.
    Contrast,
}

impl Icon {
    /// Every icon, for galleries and tests.
    pub const ALL: [Self; 33] = [
        Self::Send,
        Self::Refresh,
        Self::Translate,
        Self::LightMode,
        Self::DarkMode,
        Self::AutoMode,
        Self::Close,
        Self::Check,
        Self::Warning,
        Self::Link,
        Self::LinkOff,
        Self::Pending,
        Self::Lanes,
        Self::Book,
        Self::More,
        Self::Tune,
        Self::Back,
        Self::Document,
        Self::ExpandMore,
        Self::ExpandLess,
        Self::Add,
        Self::ArrowUp,
        Self::ArrowDown,
        Self::ChevronRight,
        Self::Filter,
        Self::Download,
        Self::Folder,
        Self::Delete,
        Self::Copy,
        Self::List,
        Self::Regex,
        Self::LetterCase,
        Self::Contrast,
    ];

    /// Paints the icon into a square of side `size` around `center`.
    pub fn paint(self, painter: &Painter, center: Pos2, size: f32, color: Color32) {
        let corner = (center - Vec2::splat(size / 2.0)).round_to_pixels(painter.pixels_per_point());
        let pen = Pen { painter, square: Rect::from_min_size(corner, Vec2::splat(size)), color };
        match self {
            Self::Send => {
                // Two wings, and a nose that hides the seam between them.
                pen.fill(&[(2.0, 3.0), (23.0, 12.0), (17.0, 12.0), (2.0, 10.0)]);
                pen.fill(&[(2.0, 14.0), (17.0, 12.0), (23.0, 12.0), (2.0, 21.0)]);
                pen.fill(&[(17.0, 9.6), (22.6, 12.0), (17.0, 14.4)]);
            }
            Self::Refresh => {
                pen.line(&arc((12.0, 12.0), 7.0, 17.0, 317.0));
                pen.fill(&[(13.0, 11.0), (20.0, 4.0), (20.0, 11.0)]);
            }
            Self::Translate => {
                pen.line(&[(1.0, 5.0), (17.0, 5.0)]);
                pen.line(&[(9.0, 2.0), (9.0, 5.0)]);
                pen.line(&[(13.2, 5.0), (12.2, 8.0), (10.2, 11.2), (7.6, 14.2), (3.3, 18.3)]);
                pen.line(&[(5.6, 8.0), (7.2, 10.8), (9.8, 13.8), (12.4, 16.3)]);
                pen.line(&[(13.0, 22.0), (17.5, 10.6), (22.0, 22.0)]);
                pen.line(&[(14.8, 18.0), (20.2, 18.0)]);
            }
            Self::LightMode => {
                pen.ring((12.0, 12.0), 4.0);
                for ray in 0_u8..8 {
                    let angle = f32::from(ray) * 45.0;
                    pen.line(&[
                        on_circle((12.0, 12.0), 7.5, angle),
                        on_circle((12.0, 12.0), 10.5, angle),
                    ]);
                }
            }
            Self::DarkMode => {
                // Around the disc, then back along the bite that is taken out of it. The angles
                // are where the two circles meet.
                let mut crescent = arc((12.0, 12.0), 8.0, 6.4, 263.6);
                let bite = arc((16.5, 7.5), 6.4, 212.6, 57.4);
                crescent.extend(&bite[1..bite.len() - 1]);
                pen.outline(&crescent);
            }
            Self::AutoMode => {
                pen.ring((12.0, 12.0), 9.0);
                pen.fill(&arc((12.0, 12.0), 9.5, -90.0, 90.0));
            }
            Self::Close => {
                pen.line(&[(5.7, 5.7), (18.3, 18.3)]);
                pen.line(&[(18.3, 5.7), (5.7, 18.3)]);
            }
            Self::Check => pen.line(&[(4.1, 12.7), (9.0, 17.6), (20.3, 6.3)]),
            Self::Warning => {
                pen.outline(&[(12.0, 4.0), (21.3, 20.0), (2.7, 20.0)]);
                pen.line(&[(12.0, 10.0), (12.0, 14.0)]);
                pen.line(&[(12.0, 16.0), (12.0, 18.0)]);
            }
            Self::Link => {
                pen.half_links();
                pen.line(&[(8.0, 12.0), (16.0, 12.0)]);
            }
            Self::LinkOff => {
                pen.half_links();
                pen.line(&[(4.0, 3.0), (20.0, 21.0)]);
            }
            Self::Pending => {
                for x in [6.0, 12.0, 18.0] {
                    pen.disc((x, 12.0), 2.0);
                }
            }
            Self::Lanes => {
                pen.line(&[(3.0, 6.0), (13.0, 6.0)]);
                pen.line(&[(7.0, 12.0), (17.0, 12.0)]);
                pen.line(&[(11.0, 18.0), (21.0, 18.0)]);
            }
            Self::Book => {
                pen.outline(&[(12.0, 6.5), (3.0, 4.5), (3.0, 17.5), (12.0, 19.5)]);
                pen.outline(&[(12.0, 6.5), (21.0, 4.5), (21.0, 17.5), (12.0, 19.5)]);
            }
            Self::More => {
                for y in [6.0, 12.0, 18.0] {
                    pen.disc((12.0, y), 2.0);
                }
            }
            Self::Tune => {
                for (y, x) in [(6.0, 15.0), (12.0, 8.0), (18.0, 13.0)] {
                    pen.line(&[(3.0, y), (21.0, y)]);
                    pen.line(&[(x, y - 3.0), (x, y + 3.0)]);
                }
            }
            Self::Back => {
                pen.line(&[(4.5, 12.0), (20.0, 12.0)]);
                pen.line(&[(12.0, 4.5), (4.5, 12.0), (12.0, 19.5)]);
            }
            Self::ArrowUp => {
                pen.line(&[(12.0, 20.0), (12.0, 4.5)]);
                pen.line(&[(5.0, 11.5), (12.0, 4.5), (19.0, 11.5)]);
            }
            Self::ArrowDown => {
                pen.line(&[(12.0, 4.0), (12.0, 19.5)]);
                pen.line(&[(5.0, 12.5), (12.0, 19.5), (19.0, 12.5)]);
            }
            Self::ChevronRight => pen.line(&[(9.0, 6.0), (15.0, 12.0), (9.0, 18.0)]),
            Self::Filter => {
                pen.line(&[(3.0, 7.0), (21.0, 7.0)]);
                pen.line(&[(6.5, 12.0), (17.5, 12.0)]);
                pen.line(&[(10.0, 17.0), (14.0, 17.0)]);
            }
            Self::Download => {
                pen.line(&[(12.0, 3.5), (12.0, 15.0)]);
                pen.line(&[(7.0, 10.0), (12.0, 15.0), (17.0, 10.0)]);
                pen.line(&[(4.5, 15.5), (4.5, 20.0), (19.5, 20.0), (19.5, 15.5)]);
            }
            Self::Folder => pen.outline(&[
                (3.0, 5.0),
                (9.5, 5.0),
                (12.0, 7.5),
                (21.0, 7.5),
                (21.0, 19.0),
                (3.0, 19.0),
            ]),
            Self::Delete => {
                pen.line(&[(4.5, 6.5), (19.5, 6.5)]);
                pen.line(&[(9.0, 6.0), (9.0, 3.5), (15.0, 3.5), (15.0, 6.0)]);
                pen.line(&[(6.5, 6.5), (7.0, 20.5), (17.0, 20.5), (17.5, 6.5)]);
            }
            Self::Copy => {
                pen.outline(&[(8.0, 7.0), (20.0, 7.0), (20.0, 21.0), (8.0, 21.0)]);
                pen.line(&[(4.0, 17.0), (4.0, 3.0), (16.0, 3.0)]);
            }
            Self::List => {
                for y in [6.0, 12.0, 18.0] {
                    pen.disc((4.5, y), 1.6);
                    pen.line(&[(8.5, y), (21.0, y)]);
                }
            }
            Self::Regex => {
                pen.disc((5.5, 17.5), 2.2);
                for angle in [90.0, 210.0, 330.0] {
                    let (start, end) = (
                        on_circle((15.5, 9.5), 5.5, angle),
                        on_circle((15.5, 9.5), 5.5, angle + 180.0),
                    );
                    pen.line(&[start, end]);
                }
            }
            Self::Contrast => {
                // Half of it is light and half is dark, whatever the colour.
                pen.outline(&[(4.0, 4.0), (20.0, 4.0), (20.0, 20.0), (4.0, 20.0)]);
                pen.fill(&[(20.0, 4.0), (20.0, 20.0), (4.0, 20.0)]);
                pen.line(&[(7.0, 9.5), (12.0, 9.5)]);
            }
            Self::LetterCase => {
                pen.line(&[(1.5, 19.0), (7.0, 5.0), (12.5, 19.0)]);
                pen.line(&[(3.5, 14.5), (10.5, 14.5)]);
                pen.ring((18.0, 15.0), 3.8);
                pen.line(&[(22.0, 11.0), (22.0, 19.0)]);
            }
            Self::Document => {
                pen.outline(&[(5.0, 3.0), (14.0, 3.0), (19.0, 8.0), (19.0, 21.0), (5.0, 21.0)]);
                pen.line(&[(14.0, 3.0), (14.0, 8.0), (19.0, 8.0)]);
            }
            Self::ExpandMore => pen.line(&[(6.0, 9.0), (12.0, 15.0), (18.0, 9.0)]),
            Self::ExpandLess => pen.line(&[(6.0, 15.0), (12.0, 9.0), (18.0, 15.0)]),
            Self::Add => {
                pen.line(&[(5.0, 12.0), (19.0, 12.0)]);
                pen.line(&[(12.0, 5.0), (12.0, 19.0)]);
            }
        }
    }
}

/// A place on the 24 point grid.
type Point = (f32, f32);

/// Draws in grid points, two of them wide.
struct Pen<'a> {
    painter: &'a Painter,
    square: Rect,
    color: Color32,
}

impl Pen<'_> {
    fn line(&self, points: &[Point]) {
        self.painter.add(Shape::line(self.places(points), self.stroke()));
    }

    fn outline(&self, points: &[Point]) {
        self.painter.add(Shape::closed_line(self.places(points), self.stroke()));
    }

    /// `points` must go clockwise around a convex shape: egui fills no other.
    fn fill(&self, points: &[Point]) {
        self.painter.add(Shape::convex_polygon(self.places(points), self.color, Stroke::NONE));
    }

    fn disc(&self, center: Point, radius: f32) {
        self.fill(&circle(center, radius));
    }

    fn ring(&self, center: Point, radius: f32) {
        self.outline(&circle(center, radius));
    }

    fn half_links(&self) {
        let mut left = vec![(11.0, 8.0)];
        left.extend(arc((7.0, 12.0), 4.0, 270.0, 90.0));
        left.push((11.0, 16.0));
        let right: Vec<Point> = left.iter().map(|&(x, y)| (24.0 - x, y)).collect();
        self.line(&left);
        self.line(&right);
    }

    fn stroke(&self) -> Stroke {
        Stroke::new(2.0 * self.scale(), self.color)
    }

    fn scale(&self) -> f32 {
        self.square.width() / 24.0
    }

    fn place(&self, (x, y): Point) -> Pos2 {
        self.square.min + self.scale() * pos2(x, y).to_vec2()
    }

    fn places(&self, points: &[Point]) -> Vec<Pos2> {
        points.iter().map(|&point| self.place(point)).collect()
    }
}

/// Degrees run clockwise from three o'clock.
fn on_circle((x, y): Point, radius: f32, degrees: f32) -> Point {
    let (sin, cos) = (degrees / 360.0 * TAU).sin_cos();
    (x + radius * cos, y + radius * sin)
}

/// egui's own circles are cut for their size on an ordinary screen, and show corners on a fine one.
fn circle(center: Point, radius: f32) -> Vec<Point> {
    let mut circle = arc(center, radius, 0.0, 360.0);
    circle.pop();
    circle
}

fn arc(center: Point, radius: f32, from_degrees: f32, to_degrees: f32) -> Vec<Point> {
    // Enough for the corners to vanish at four times the grid's size.
    const STEPS: u8 = 32;
    (0..=STEPS)
        .map(|step| {
            let t = f32::from(step) / f32::from(STEPS);
            on_circle(center, radius, from_degrees + t * (to_degrees - from_degrees))
        })
        .collect()
}
