//! Fingers on a screen.

use egui::{Event, TouchDeviceId, TouchId, TouchPhase, pos2};

use crate::servers::EchoServer;
use crate::window::Window;

fn touch(window: &mut Window, id: u64, phase: TouchPhase, x: f32) {
    // Where the finger is on the glass: a point grows with what is drawn.
    let pos = pos2(x, 300.0) / window.harness().ctx.zoom_factor();
    window.event(Event::Touch {
        device_id: TouchDeviceId(1),
        id: TouchId(id),
        phase,
        pos,
        force: None,
    });
}

#[test]
fn two_fingers_make_everything_larger_and_smaller() {
    let server = EchoServer::start();
    let mut window = Window::open(server.url());
    touch(&mut window, 1, TouchPhase::Start, 100.0);
    touch(&mut window, 2, TouchPhase::Start, 200.0);
    // Every other event draws a frame at another size than the one before.
    for (x, zoom) in
        [(220.0, 1.2), (250.0, 1.5), (250.0, 1.5), (250.0, 1.5), (300.0, 2.0), (150.0, 0.5)]
    {
        touch(&mut window, 2, TouchPhase::Move, x);
        let now = window.harness().ctx.zoom_factor();
        assert!((now - zoom).abs() < 1e-3, "{now} instead of {zoom}");
    }
    touch(&mut window, 2, TouchPhase::End, 150.0);
    touch(&mut window, 1, TouchPhase::Move, 300.0);
    let now = window.harness().ctx.zoom_factor();
    assert!((now - 0.5).abs() < 1e-3, "one finger scrolls");
    server.shut_down();
}
