//! The links in the pages for teachers, in both languages: each names an experiment that there is.

use app_core::experiments::{Experiment, Setup};

const PAGES: [&str; 2] = [
    include_str!("../../../docs/for-teachers.md"),
    include_str!("../../../docs/for-teachers.zh.md"),
];

/// What stands behind each `try=`.
fn links(page: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let after = page.split("?try=").skip(1);
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
fn both_languages_teach_with_the_same_links() {
    let [mut english, mut chinese] = PAGES.map(links);
    english.sort_unstable();
    chinese.sort_unstable();
    assert_eq!(english, chinese);
}
