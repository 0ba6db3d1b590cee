//! The texts: short and long, in one line and in many, friendly and not.

pub(crate) const MIB: usize = 1 << 20;

/// Every text of at most so many bytes, with its name.
pub(crate) fn all(most: usize) -> impl Iterator<Item = (String, String)> {
    let sizes = [(100, "100 B"), (MIB, "1 MiB"), (10 * MIB, "10 MiB"), (64 * MIB, "64 MiB")];
    let sizes = sizes.into_iter().filter(move |(size, _)| *size <= most);
    let sized = sizes.flat_map(|(size, name)| {
        let line = || repeated("The quick brown fox jumps over the lazy dog. ", size);
        // Each is another one, as egui lays out equal lines once.
        let lines = || (0..=size / 64).map(|line| format!("{line:063}\n")).collect();
        let texts: [(&str, &dyn Fn() -> String); 3] = [
            ("words in one line", &line),
            ("one line without spaces", &|| repeated("0123456789abcdef", size)),
            ("lines of 64 bytes", &lines),
        ];
        texts.map(|(kind, text)| (format!("{name}, {kind}"), text()))
    });
    let odd = [
        ("a million empty lines", "\n".repeat(1_000_000)),
        ("a million marks on a letter", format!("a{}", "\u{301}".repeat(1_000_000))),
        ("10 MiB, nothing wide", repeated("\u{200b}", 10 * MIB)),
        ("10 MiB, families", repeated("👩‍👩‍👧‍👦", 10 * MIB)),
    ];
    let odd = odd.into_iter().map(|(name, text)| (name.to_owned(), text));
    sized.chain(odd.filter(move |_| 64 * MIB <= most))
}

fn repeated(part: &str, size: usize) -> String {
    part.repeat(size / part.len() + 1)
}
