//! Runs that are compared: made one by one beside the frames, when they are asked for.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use app_core::comparison::{
    Compared, ComparedRun, Comparison, ComparisonEffect, Events, Figures, Sweep, Swept, Task, Value,
};
use app_core::recording::Recording;
use app_core::{ComparisonMsg, Msg};
use egui::Context;
use frame_loops::{Lane, run, svg};

use crate::i18n::{Words, axis_time};
use crate::platform;

/// The runs, and those that are under way.
#[derive(Default)]
pub struct Comparisons {
    compared: Compared,
    under_way: Option<Receiver<Box<Work>>>,
}

impl Comparisons {
    /// What was run last.
    pub fn compared(&self) -> &Compared {
        &self.compared
    }

    /// The runs below one another as an SVG file.
    pub fn drawing(&self, title: &str, words: &Words) -> String {
        let words = &words.comparison;
        let lanes = &self.compared.lanes;
        let summaries: Vec<_> = lanes.iter().map(|lane| (words.summary)(&lane.figures)).collect();
        let lanes: Vec<_> = lanes
            .iter()
            .zip(&summaries)
            .map(|(lane, summary)| Lane {
                run: &lane.run,
                name: (words.way)(lane.run.way),
                summary,
            })
            .collect();
        svg(title, &lanes, axis_time)
    }

    /// Does what is to be done. What is under way is let go.
    pub fn carry_out(&mut self, effect: ComparisonEffect, ctx: &Context) {
        match effect {
            ComparisonEffect::Run(task) => {
                self.compared.is_running = true;
                self.go_on(Box::new(Work::new(task)), ctx);
            }
            ComparisonEffect::Forget => *self = Self::default(),
        }
    }

    /// Goes on. Called in every frame.
    pub fn advance(&mut self, ctx: &Context) {
        let Some(under_way) = &self.under_way else { return };
        match under_way.try_recv() {
            Ok(work) if work.is_done() => self.take(*work),
            Ok(work) => self.go_on(work, ctx),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => {
                self.under_way = None;
                self.compared.is_running = false;
            }
        }
    }

    /// Follows the live recording, where that is due and nothing is run; else asks for a frame when it is.
    pub fn follow(
        &self,
        comparison: &Comparison,
        live: Option<&Recording>,
        now: Duration,
        ctx: &Context,
    ) -> Option<Msg> {
        let due = comparison.follows_in(now).filter(|_| !self.compared.is_running)?;
        if due.is_zero() {
            let events = Events::of(live?, &live?.now());
            return Some(Msg::Comparison(ComparisonMsg::Follow(events)));
        }
        ctx.request_repaint_after(due);
        None
    }

    fn go_on(&mut self, mut work: Box<Work>, ctx: &Context) {
        let (give_back, result) = channel();
        let ctx = ctx.clone();
        platform::beside_frames(move |go_on| {
            while !work.is_done() {
                work.step();
                if !go_on() {
                    break;
                }
            }
            // Nobody waits for it where others are to be made by now.
            if give_back.send(work).is_ok() {
                ctx.request_repaint();
            }
        });
        self.under_way = Some(result);
    }

    fn take(&mut self, work: Work) {
        self.under_way = None;
        self.compared.is_running = false;
        match work.task.swept {
            None => self.compared.lanes = work.lanes,
            Some(swept) => {
                let (ways, points) = (work.task.ways, work.points);
                self.compared.sweep = Some(Sweep { swept, ways, points });
            }
        }
    }
}

/// Runs on the way: one a step.
struct Work {
    task: Task,
    values: Vec<Value>,
    lanes: Vec<ComparedRun>,
    points: Vec<(Value, Vec<Figures>)>,
}

impl Work {
    fn new(task: Task) -> Self {
        let values = task.swept.map(Swept::values).unwrap_or_default();
        Self { task, values, lanes: Vec::new(), points: Vec::new() }
    }

    fn is_done(&self) -> bool {
        let ways = self.task.ways.len();
        match self.task.swept {
            None => self.lanes.len() == ways,
            Some(_) => {
                let is_full = self.points.last().is_none_or(|(_, figures)| figures.len() == ways);
                self.points.len() == self.values.len() && is_full
            }
        }
    }

    fn step(&mut self) {
        let Task { arrivals, setup, ways, swept } = &self.task;
        let Some(swept) = swept else {
            let next = ways.get(self.lanes.len());
            self.lanes.extend(next.map(|way| {
                let run = run(*way, arrivals, setup);
                ComparedRun { figures: run.figures(), run }
            }));
            return;
        };
        if self.points.last().is_none_or(|(_, figures)| figures.len() == ways.len()) {
            let next = self.values.get(self.points.len());
            self.points.extend(next.map(|value| (*value, Vec::new())));
        }
        let Some((value, figures)) = self.points.last_mut() else { return };
        let next = ways.get(figures.len());
        figures.extend(next.map(|way| swept.run(*value, *way, arrivals, setup).figures()));
    }
}
