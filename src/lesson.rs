//! The four steps in the source of this app, and the same in Dart. What is shown of the source is cut
//! out of the files that are compiled, so it can't be another one.

use app_core::steps::Step;

/// Some lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// From the top of the repository.
    pub file: &'static str,
    /// Of the first one, counted from 1.
    pub line: usize,
    /// The lines, moved to the left edge together.
    pub code: String,
}

/// The lines of this app that take a step.
pub fn source(step: Step) -> Vec<Excerpt> {
    let mark = match step {
        Step::Connect => "// Step 1,",
        Step::Listen => "// Step 2,",
        Step::Send => "// Step 3,",
        Step::Close => "// Step 4,",
    };
    FILES.iter().flat_map(|(file, source)| excerpts(file, source, mark)).collect()
}

/// The same in Dart, after the page in Flutter that this one follows.
pub fn dart(step: Step) -> &'static str {
    match step {
        Step::Connect => "final channel = WebSocketChannel.connect(\n  Uri.parse(address),\n);",
        Step::Listen => {
            "StreamBuilder(\n  \
               stream: channel.stream,\n  \
               builder: (context, snapshot) =>\n      \
                   messageUi(snapshot),\n\
             )"
        }
        Step::Send => "channel.sink.add(text);",
        Step::Close => "channel.sink.close(status.normalClosure);",
    }
}

/// Where the steps are.
const FILES: [(&str, &str); 2] = [
    ("src/effects/plain.rs", include_str!("effects/plain.rs")),
    ("src/app.rs", include_str!("app.rs")),
];

/// Each paragraph that begins with `mark`: to the next empty line, or the end of its block.
fn excerpts(file: &'static str, source: &str, mark: &str) -> Vec<Excerpt> {
    let lines: Vec<&str> = source.lines().collect();
    let mut excerpts = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if !line[indent..].starts_with(mark) {
            continue;
        }
        let belongs = |line: &&&str| {
            line.len() > indent && line.as_bytes()[..indent].iter().all(|byte| *byte == b' ')
        };
        let paragraph = lines[at..].iter().take_while(belongs);
        let code: Vec<&str> = paragraph.map(|line| &line[indent..]).collect();
        excerpts.push(Excerpt { file, line: at + 1, code: code.join("\n") });
    }
    excerpts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_stands_in_the_file() {
        for step in Step::ALL {
            let excerpts = source(step);
            assert!(!excerpts.is_empty(), "{step:?}");
            for Excerpt { file, line, code } in excerpts {
                let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
                let there = std::fs::read_to_string(path).expect("the source is there");
                let there: Vec<&str> = there.lines().skip(line - 1).map(str::trim_start).collect();
                let shown: Vec<&str> = code.lines().map(str::trim_start).collect();
                assert!(there.starts_with(&shown), "{step:?}: {shown:?}");
                assert!((2..=8).contains(&shown.len()), "a few lines: {code}");
            }
        }
    }

    #[test]
    fn each_step_is_its_own_call() {
        let code = |step| {
            let excerpts = source(step).into_iter().map(|excerpt| excerpt.code);
            excerpts.collect::<Vec<_>>().join("\n")
        };
        assert!(code(Step::Connect).contains("WebSocketChannel::connect_with("));
        assert!(code(Step::Listen).contains(".set_stream("));
        assert!(code(Step::Listen).contains("messages.show("));
        assert!(code(Step::Send).contains(".try_send("));
        assert!(code(Step::Close).contains(".close_with("));
    }

    #[test]
    fn a_paragraph_ends_with_its_block_or_an_empty_line() {
        let source =
            "fn f() {\n    // Step 1, x.\n    a(\n        b,\n    );\n}\n\n// Step 1, y.\nc;\n\nd;";
        let found = excerpts("raisin.rs", source, "// Step 1,");
        let found: Vec<_> = found.iter().map(|it| (it.line, it.code.as_str())).collect();
        let expected = [(2, "// Step 1, x.\na(\n    b,\n);"), (8, "// Step 1, y.\nc;")];
        assert_eq!(found, expected);
    }
}
