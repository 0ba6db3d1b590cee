//! The Material pieces as a person meets them: by label, by mouse and by keyboard.
//!
//! No picture is drawn here, so these run wherever Rust does; how the pieces look is the matter of
//! `pictures.rs`.

use std::time::Duration;

use egui::{
    Event, Id, ImeEvent, Key, Modifiers, UiBuilder, Vec2, ViewportId,
    accesskit::{Role, Toggled},
    vec2,
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use material::{
    ActionChip, Button, Chip, Icon, IconButton, MenuItem, Scaffold, TextField, Tone, menu_button,
    text_field, theme,
};

#[allow(dead_code, reason = "its `main` opens a window")]
#[path = "../examples/gallery.rs"]
mod gallery;
use gallery::Gallery;

const NARROW: Vec2 = vec2(400.0, 880.0);

#[test]
fn the_field_is_found_by_its_label_and_typed_into() {
    let mut page = page(NARROW);
    page.get_by_label("Send a message").click();
    page.get_by_label("Send a message").type_text("raisin");
    page.run();

    let field = page.get_by_label("Send a message");
    assert_eq!(field.accesskit_node().role(), Role::TextInput);
    assert_eq!(field.value().as_deref(), Some("raisin"));
}

#[test]
fn backspace_and_delete_take_whole_characters() {
    let mut page = harness_with_text("a👩‍👩‍👧‍👦🇦🇹e\u{301}");
    for left in ["a👩‍👩‍👧‍👦🇦🇹", "a👩‍👩‍👧‍👦", "a", "", ""] {
        page.key_press(Key::Backspace);
        page.run();
        assert_eq!(page.get_by_label("Message").value().as_deref(), Some(left));
    }
    let mut page = harness_with_text("👍🏽b");
    page.key_press(Key::Home);
    for left in ["b", "", ""] {
        page.key_press(Key::Delete);
        page.run();
        assert_eq!(page.get_by_label("Message").value().as_deref(), Some(left));
    }
}

/// A field with the keyboard, and the cursor behind its text.
fn harness_with_text(text: &str) -> Harness<'static> {
    let mut text = text.to_owned();
    let mut is_first = true;
    let builder = Harness::builder().with_size(vec2(400.0, 300.0)).allow_missing_glyphs();
    let mut page = builder.build_ui(move |ui| {
        theme::apply(ui.ctx());
        let id = Id::unique("field");
        if std::mem::take(&mut is_first) {
            text_field::focus_at_end(ui.ctx(), id, &text);
        }
        TextField::new(id, "Message").show(ui, &mut text);
    });
    page.run();
    page
}

#[test]
fn enter_sends_and_the_field_keeps_the_keyboard() {
    let mut page = page(NARROW);
    page.get_by_label("Send a message").click();
    page.run();
    page.key_press(Key::Enter);
    page.key_press(Key::Enter);
    page.run();

    page.get_by_label("Sent: 2");
    assert!(page.get_by_label("Send a message").is_focused());
}

#[test]
fn enter_held_down_sends_once() {
    let mut page = page(NARROW);
    page.get_by_label("Send a message").click();
    page.run();
    for repeat in [false, true, true] {
        page.event(Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed: true,
            repeat,
            modifiers: Modifiers::NONE,
        });
    }
    page.run();
    page.get_by_label("Sent: 1");
}

#[test]
fn enter_that_ends_a_word_of_an_input_method_does_not_send() {
    let mut page = page(NARROW);
    page.get_by_label("Send a message").click();
    page.run();
    page.input_mut().events.extend([
        Event::Ime(ImeEvent::Commit("ni hao".into())),
        Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        },
    ]);
    page.run();

    page.get_by_label("Sent: 0");
    let field = page.get_by_label("Send a message");
    assert_eq!(field.value().as_deref(), Some("ni hao"));
}

#[test]
fn the_floating_button_is_clicked() {
    let mut page = page(NARROW);
    page.get_by_label("Send message").click();
    page.run();
    page.get_by_label("Sent: 1");
}

#[test]
fn the_floating_button_is_pressed_by_keyboard() {
    let mut page = page(NARROW);
    page.get_by_label("Send message").focus();
    page.run();
    page.key_press(Key::Space);
    page.key_press(Key::Enter);
    page.run();
    page.get_by_label("Sent: 2");
}

#[test]
fn tab_goes_from_the_bar_through_the_body_to_the_floating_button() {
    let mut page = page(NARROW);
    let expected = [
        "Switch language",
        "Dark theme",
        "More contrast",
        "Send a message",
        "Address",
        // The field of the protocol is disabled, and a status is nothing to press.
        "Try again",
        "Reconnect",
        "Details",
        "Do it",
        "Off",
        "On",
        "Connect again",
        // What is disabled is passed over.
        "Native",
        "In the page",
        "Times",
        "Limits",
        "Headers",
        "One a line",
    ]
    .map(String::from)
    .into_iter()
    .chain(Icon::ALL.map(|icon| format!("{icon:?}")))
    .chain([String::from("Send message")]);
    for name in expected {
        page.key_press(Key::Tab);
        page.run();
        assert_eq!(focused(&page), Some(name));
    }
}

#[test]
fn an_error_is_said_in_words_and_tied_to_its_field() {
    let page = page(NARROW);
    let words = "A space can't be part of an address; write %20";
    page.get_by_label(words);

    let field = page.get_by_label("Address").accesskit_node();
    assert_eq!(field.description().as_deref(), Some(words));
    assert!(field.data().invalid().is_some());
    assert!(field.data().error_message().is_some());
    let untroubled = page.get_by_label("Send a message").accesskit_node();
    assert!(untroubled.data().invalid().is_none());
}

#[test]
fn a_disabled_field_takes_neither_keyboard_nor_text() {
    let mut page = page(NARROW);
    page.get_by_label("Protocol").click();
    page.get_by_label("Protocol").type_text("raisin");
    page.run();
    assert!(page.get_by_label("Protocol").accesskit_node().is_disabled());
    assert_eq!(focused(&page), None);
}

#[test]
fn no_text_makes_a_field_or_the_page_any_wider() {
    for width in [400.0, 1400.0] {
        let mut page = page(vec2(width, 880.0));
        let empty = page.get_by_label("Send a message").rect();
        assert_eq!(empty.width(), width - 40.0);

        page.get_by_label("Send a message").click();
        page.get_by_label("Send a message").type_text(&"0123456789".repeat(500));
        page.run();
        assert_eq!(page.get_by_label("Send a message").rect(), empty);
    }
}

#[test]
fn scripts_from_right_to_left_and_emoji_fit_the_line() {
    let mut page = harness(vec2(400.0, 300.0), {
        let mut text = String::from("你好 مرحبا שלום 👩‍🚀 e\u{301}\u{301}\u{301}");
        move |ui| {
            TextField::new(Id::unique("field"), "消息").show(ui, &mut text);
        }
    });
    page.get_by_label("消息").click();
    page.run();
    assert_eq!(page.get_by_label("消息").rect().height(), 56.0);
    page.key_press(Key::Backspace);
    page.run();
}

#[test]
fn everything_stays_inside_a_narrow_window() {
    let width = 240.0;
    let page = page(vec2(width, 1200.0));
    for node in page.root().children_recursive() {
        if node.accesskit_node().bounding_box().is_some() {
            let rect = node.rect();
            assert!(rect.left() >= 0.0 && rect.right() <= width, "{rect:?} of {node:?}");
        }
    }
}

#[test]
fn words_too_long_for_their_button_or_chip_end_inside_the_window() {
    let words = "Donaudampfschiffahrtsgesellschaftskapitän".repeat(3);
    let page = harness(vec2(200.0, 300.0), |ui| {
        ui.add(Button::tonal(&words).icon(Icon::Send));
        ui.add(Chip::new(Icon::Link, &words, Tone::Good));
        ui.add(ActionChip::new(&words).on(true));
    });
    let mut found = 0;
    for node in page.get_all_by_label(&words) {
        found += 1;
        assert!(node.rect().right() <= 192.0, "{node:?}");
    }
    assert_eq!(found, 3);
}

#[test]
fn the_end_of_the_page_can_be_seen_above_the_floating_button() {
    let mut page = page(vec2(400.0, 420.0));
    for _ in 0..60 {
        page.get_by_label("Send a message").scroll_down();
        page.run();
    }
    let last = Icon::ALL.last().map(|icon| format!("{icon:?}"));
    let last = page.get_by_label(&last.unwrap_or_default()).rect();
    let button = page.get_by_label("Send message").rect();
    assert!(last.bottom() <= button.top(), "{last:?} {button:?}");
}

#[test]
fn in_a_low_window_nothing_floats_over_the_page() {
    let page = page(vec2(320.0, 256.0));
    let last = Icon::ALL.last().map(|icon| format!("{icon:?}"));
    let last = page.get_by_label(&last.unwrap_or_default()).rect();
    let button = page.get_by_label("Send message").rect();
    assert!(last.bottom() <= button.top(), "{last:?} {button:?}");
}

#[test]
fn the_floating_button_keeps_to_its_corner() {
    for size in [vec2(400.0, 420.0), vec2(1400.0, 700.0)] {
        let button = page(size).get_by_label("Send message").rect();
        assert_eq!(button.max.to_vec2(), size - Vec2::splat(16.0));
        assert_eq!(button.size(), Vec2::splat(56.0));
    }
}

#[test]
fn actions_end_at_the_right_edge_however_many_there_are() {
    let mut page = Harness::builder()
        .with_size(vec2(400.0, 300.0))
        .with_context_setup(theme::apply)
        .build_ui_state(
            |ui, count: &mut usize| {
                let window = UiBuilder::new().max_rect(ui.ctx().content_rect());
                ui.scope_builder(window, |ui| {
                    Scaffold::new("Title").show(
                        ui,
                        |ui| {
                            for name in ["a", "b", "c"].iter().take(*count) {
                                ui.add(IconButton::new(Icon::Link, name));
                            }
                        },
                        |_| (),
                        |_| (),
                        |_| (),
                    );
                });
            },
            1,
        );
    assert_eq!(page.get_by_label("a").rect().right(), 396.0);
    *page.state_mut() = 3;
    page.step();
    assert_eq!(page.get_by_label("a").rect().left(), 396.0 - 3.0 * 48.0);
    assert_eq!(page.get_by_label("c").rect().right(), 396.0);
}

#[test]
fn selecting_all_makes_the_next_key_replace_the_text() {
    let mut page = harness(vec2(400.0, 300.0), {
        let mut text = String::from("raisin");
        move |ui| {
            let id = Id::unique("field");
            TextField::new(id, "Message").show(ui, &mut text);
            if ui.add(IconButton::new(Icon::Send, "Send")).clicked() {
                text_field::focus_and_select_all(ui.ctx(), id, &text);
            }
        }
    });
    // By mouse, which takes the keyboard from the field, and the other way round.
    for by_mouse in [true, false] {
        if by_mouse {
            page.get_by_label("Send").click();
        } else {
            page.get_by_label("Send").click_accesskit();
        }
        page.run();
        assert_eq!(focused(&page).as_deref(), Some("Message"));
        page.get_by_label("Message").type_text("plum");
        page.run();
        let field = page.get_by_label("Message");
        assert_eq!(field.value().as_deref(), Some("plum"));
    }
}

#[test]
fn a_status_is_announced_and_found_by_its_words() {
    let page = harness(vec2(400.0, 300.0), |ui| {
        ui.add(Chip::new(Icon::Link, "Open", Tone::Good));
    });
    let chip = page.get_by_label("Open").accesskit_node();
    assert_eq!(chip.live(), egui::accesskit::Live::Polite);
}

#[test]
fn nothing_is_drawn_while_nothing_happens() {
    let mut page = page(NARROW);
    // kittest stops some of what moves; here the app's own settings count.
    theme::apply(&page.ctx);
    page.get_by_label("Send a message").click();
    page.get_by_label("Send a message").type_text("raisin");
    for _ in 0..10 {
        page.step();
    }
    assert!(page.get_by_label("Send a message").is_focused());
    assert_eq!(delay_of_the_next_frame(&page), Duration::MAX);

    // A tooltip comes a moment after the mouse, and then stays as it is.
    page.get_by_label("Send message").hover();
    page.step();
    assert!(delay_of_the_next_frame(&page) <= Duration::from_millis(300));
    for _ in 0..10 {
        page.step();
    }
    assert_eq!(delay_of_the_next_frame(&page), Duration::MAX);
}

#[test]
fn a_switch_is_turned_by_mouse_and_keyboard() {
    let mut page = page(NARROW);
    let is_on = |page: &Harness<'_, Gallery>| {
        page.get_by_label("Connect again").accesskit_node().toggled() == Some(Toggled::True)
    };
    assert_eq!(page.get_by_label("Connect again").accesskit_node().role(), Role::Switch);
    assert!(is_on(&page));
    page.get_by_label("Connect again").click();
    page.run();
    assert!(!is_on(&page));
    page.get_by_label("Connect again").focus();
    page.run();
    page.key_press(Key::Space);
    page.run();
    assert!(is_on(&page));
}

#[test]
fn a_disabled_switch_says_why() {
    let page = page(NARROW);
    let switch = page.get_by_label("Compress").accesskit_node();
    assert!(switch.is_disabled());
    assert_eq!(switch.description().as_deref(), Some("Browsers let no page set this"));
}

#[test]
fn one_of_several_is_chosen_by_arrow_and_space() {
    let mut page = page(NARROW);
    page.get_by_label("Native").focus();
    page.run();
    page.key_press(Key::ArrowDown);
    page.run();
    assert_eq!(focused(&page).as_deref(), Some("In the page"));
    page.key_press(Key::Space);
    page.run();
    let chosen = |name| page.get_by_label(name).accesskit_node().toggled() == Some(Toggled::True);
    assert!(chosen("In the page") && !chosen("Native") && !chosen("Carrier pigeon"));
    assert_eq!(page.get_by_label("Transport").accesskit_node().role(), Role::RadioGroup);
}

#[test]
fn a_section_is_opened_and_closed_by_keyboard() {
    let mut page = page(NARROW);
    let is_open = |page: &Harness<'_, Gallery>| {
        page.get_by_label("Times").accesskit_node().data().is_expanded()
    };
    assert_eq!(is_open(&page), Some(false));
    let summary = page.get_by_label("Times").accesskit_node().description();
    assert_eq!(summary.as_deref(), Some("Connect within 10 s, close within 5 s"));
    assert!(page.query_by_label("The times themselves").is_none());
    page.get_by_label("Times").focus();
    page.run();
    for open in [true, false] {
        page.key_press(Key::Enter);
        page.run();
        assert_eq!(is_open(&page), Some(open));
        assert_eq!(page.query_by_label("The times themselves").is_some(), open);
        assert_eq!(focused(&page).as_deref(), Some("Times"));
    }
}

#[test]
fn a_folded_problem_is_told() {
    let page = page(NARROW);
    let said = page.get_by_label("Limits").accesskit_node().description();
    assert_eq!(said.as_deref(), Some("Correct “Largest message”"));
}

#[test]
fn enter_begins_a_line_in_a_field_of_several() {
    let mut page = page(vec2(400.0, 1600.0));
    page.get_by_label("One a line").click();
    page.run();
    page.key_press_modifiers(Modifiers::COMMAND, Key::A);
    page.run();
    page.get_by_label("One a line").type_text("plum");
    page.run();
    page.key_press(Key::Enter);
    page.run();
    page.get_by_label("One a line").type_text("raisin");
    page.run();
    let field = page.get_by_label("One a line");
    assert_eq!(field.accesskit_node().role(), Role::MultilineTextInput);
    assert_eq!(field.value().as_deref(), Some("plum\nraisin"));
    page.get_by_label("Sent: 0");
}

#[test]
fn a_long_text_of_many_lines_scrolls_inside_its_field() {
    let mut page = harness(vec2(400.0, 900.0), {
        let mut text = "raisin\n".repeat(100);
        move |ui| {
            TextField::new(Id::unique("field"), "Lines").lines(4).show(ui, &mut text);
            ui.label("below");
        }
    });
    page.run();
    let below = page.get_by_label("below").rect();
    assert!((120.0..180.0).contains(&below.top()), "{below:?}");
}

fn delay_of_the_next_frame<State>(page: &Harness<'_, State>) -> Duration {
    page.output().viewport_output[&ViewportId::ROOT].repaint_delay
}

fn page(size: Vec2) -> Harness<'static, Gallery> {
    Harness::builder()
        .with_size(size)
        .with_theme(egui::Theme::Light)
        .with_context_setup(theme::apply)
        .build_ui_state(
            |ui, gallery: &mut Gallery| {
                // kittest leaves a border around what it shows; the page is a whole window.
                let window = UiBuilder::new().max_rect(ui.ctx().content_rect());
                ui.scope_builder(window, |ui| gallery.page_ui(ui));
            },
            Gallery::default(),
        )
}

fn harness<'a>(size: Vec2, ui: impl FnMut(&mut egui::Ui) + 'a) -> Harness<'a> {
    Harness::builder()
        .with_size(size)
        .with_context_setup(theme::apply)
        // The fonts of the system, which the app asks for what egui's lack, are not in tests.
        .allow_missing_glyphs()
        .build_ui(ui)
}

fn focused<State>(page: &Harness<'_, State>) -> Option<String> {
    page.root()
        .children_recursive()
        .find(egui_kittest::Node::is_focused)
        .and_then(|node| node.accesskit_node().label())
}

/// Chooses from a menu in this way, and says whether it is still open and what has the keyboard.
fn after_choosing(choose: impl FnOnce(&mut Harness<'_, bool>)) -> (bool, bool) {
    let mut harness = Harness::new_ui_state(
        |ui, chosen| {
            menu_button(ui, IconButton::new(Icon::More, "More"), |ui| {
                *chosen |= ui.add(MenuItem::new(Icon::Document, "Save")).clicked();
            });
        },
        false,
    );
    harness.get_by_label("More").click();
    harness.run();
    choose(&mut harness);
    harness.run();
    assert!(harness.state());
    (harness.query_by_label("Save").is_some(), harness.get_by_label("More").is_focused())
}

#[test]
fn a_menu_closes_whichever_way_something_is_chosen() {
    assert_eq!(after_choosing(|harness| harness.get_by_label("Save").click()), (false, false));
    let by_key = |harness: &mut Harness<'_, bool>| {
        harness.get_by_label("Save").focus();
        harness.run();
        harness.key_press(Key::Enter);
    };
    assert_eq!(after_choosing(by_key), (false, true));
    assert_eq!(
        after_choosing(|harness| harness.get_by_label("Save").click_accesskit()),
        (false, true)
    );
}
