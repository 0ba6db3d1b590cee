//! The builder in a UI as an app has it, driven by egui's own test harness.

use std::time::Duration;

use egui::ViewportId;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use egui_stream_builder::{ConnectionState, StreamBuilder, infallible};
use futures::channel::mpsc;

struct App {
    messages: StreamBuilder<&'static str>,
    draft: String,
    frames: usize,
}

/// An app that draws a list above a text field, and was drawn until nothing happened any more.
fn harness(messages: mpsc::UnboundedReceiver<&'static str>) -> Harness<'static, App> {
    let mut app = App { messages: StreamBuilder::new(), draft: String::new(), frames: 0 };
    app.messages.set_stream("messages", || infallible(messages));
    let mut harness = Harness::new_ui_state(
        |ui, app: &mut App| {
            app.frames += 1;
            app.messages.update(ui.ctx());
            app.messages.show(ui, |ui, snapshot| {
                // More widgets with data than without.
                if snapshot.connection_state() == ConnectionState::Active {
                    ui.label("Connected");
                }
                if let Some(message) = snapshot.data() {
                    ui.label(format!("echo: {message}"));
                }
            });
            let label = ui.label("Send a message");
            // A caret that blinks draws frames, and this is about frames.
            ui.visuals_mut().text_cursor.blink = false;
            ui.text_edit_singleline(&mut app.draft).labelled_by(label.id);
        },
        app,
    );
    harness.run();
    harness
}

fn repaint_delay(harness: &Harness<'_, App>) -> Duration {
    harness.output().viewport_output[&ViewportId::ROOT].repaint_delay
}

#[test]
fn nothing_is_drawn_while_nothing_happens_and_a_message_draws_itself() {
    let (sender, receiver) = mpsc::unbounded();
    let mut harness = harness(receiver);
    assert_eq!(repaint_delay(&harness), Duration::MAX);
    assert!(!harness.ctx.has_requested_repaint());

    sender.unbounded_send("a text").unwrap();
    assert!(harness.ctx.has_requested_repaint());
    harness.run();
    harness.get_by_label("echo: a text");

    assert_eq!(repaint_delay(&harness), Duration::MAX);
    assert!(!harness.ctx.has_requested_repaint());
}

#[test]
fn a_burst_costs_as_many_frames_as_one_message() {
    let (sender, receiver) = mpsc::unbounded();
    let mut harness = harness(receiver);
    let mut frames_of = |messages: &[&'static str]| {
        let before = harness.state().frames;
        for message in messages {
            sender.unbounded_send(message).unwrap();
        }
        harness.run();
        harness.state().frames - before
    };
    let one = frames_of(&["a text"]);
    // egui draws two frames for a request, so that layouts which lag behind a frame can settle.
    assert!(one <= 2, "{one} frames");
    assert_eq!(frames_of(&["a text", "other", "someone"]), one);
    harness.get_by_label("echo: someone");
}

#[test]
fn a_text_field_below_keeps_its_focus_when_the_builder_grows() {
    let (sender, receiver) = mpsc::unbounded();
    let mut harness = harness(receiver);
    harness.get_by_label("Send a message").focus();
    harness.run();
    assert!(harness.get_by_label("Send a message").is_focused());

    sender.unbounded_send("a text").unwrap();
    harness.run();
    harness.get_by_label("echo: a text");
    assert!(harness.get_by_label("Send a message").is_focused());
}
