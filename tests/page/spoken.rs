//! What the page says to those who can't see its canvas, in a few words.

use app_core::{Language, Msg, open, update};
use std::time::Duration;
use web_socket_channel::Message;
use websocket_echo::i18n::words;
use websocket_echo::ui::summary::{LONGEST, summary};

use crate::window::opening;

#[test]
fn it_is_never_longer_than_a_person_listens() {
    let (model, _) = open(opening("ws://127.0.0.1:9/"));
    for text in [String::new(), "raisin".to_owned(), "葡".repeat(LONGEST), "🍇".repeat(100_000)]
    {
        let said = summary(&model, Some(&Message::from(text.clone())), None);
        assert!(said.chars().count() <= LONGEST, "{said}");
        assert_eq!(said.contains('…'), text.chars().count() >= LONGEST, "{said}");
    }
}

#[test]
fn a_wrong_address_is_told_while_it_is_typed() {
    for language in Language::ALL {
        let (mut model, _) = open(app_core::Opening { language, ..opening("ws://127.0.0.1:9/") });
        let before = summary(&model, None, None);
        update(&mut model, Msg::EditAddress("ftp://raisin".to_owned()), Duration::ZERO);
        let problem = model.address_problem().unwrap();
        let problem = (words(language).errors.address_problem)(&problem);
        assert!(summary(&model, None, None).ends_with(&problem), "{}", summary(&model, None, None));
        assert!(!before.contains(&problem));
    }
}
