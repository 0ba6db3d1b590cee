//! The links in the pages for teachers, in both languages, in the tutorial and in what the installed page offers:
//! each names an experiment that there is.

use app_core::experiments::{Experiment, Setup};

const PAGES: [&str; 2] = [
    include_str!("../../../docs/for-teachers.md"),
    include_str!("../../../docs/for-teachers.zh.md"),
];

const TUTORIAL: &str = include_str!("../../egui_stream_builder/src/tutorial.rs");

fn links(page: &str) -> Vec<&str> {
    links_after(page, "?try=")
}

/// What stands behind each of these.
fn links_after<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let after = page.split(before).skip(1);
    after.map(|rest| &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())]).collect()
}

#[test]
fn every_link_opens_an_experiment() {
    for page in PAGES {
        let mut taught = Vec::new();
        for link in links(page) {
            let setup = Setup::of_link(link).unwrap_or_else(|why| unreachable!("{link}: {why:?}"));
            assert_eq!(setup.to_link(), link, "it could be shorter");
            taught.push(setup.experiment());
        }
        assert!(Experiment::ALL.iter().all(|it| taught.contains(it)), "{taught:?}");
    }
}

#[test]
fn the_tutorial_names_experiments() {
    let links = links_after(TUTORIAL, "--try ");
    assert!(links.len() > 4, "{links:?}");
    for link in links {
        assert!(Setup::of_link(link).is_ok(), "{link}");
    }
}

#[test]
fn both_languages_teach_with_the_same_links() {
    let [mut english, mut chinese] = PAGES.map(links);
    english.sort_unstable();
    chinese.sort_unstable();
    assert_eq!(english, chinese);
}

#[test]
fn installed_page_offers_experiments() {
    for manifest in [
        include_str!("../../../assets/manifest.en.webmanifest"),
        include_str!("../../../assets/manifest.zh.webmanifest"),
    ] {
        let links = links_after(manifest, "&try=");
        assert_eq!(links.len(), 3, "{links:?}");
        for link in links {
            assert!(Setup::of_link(link).is_ok(), "{link}");
        }
    }
}
