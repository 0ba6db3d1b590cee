//! Reads as much of a Rust file as is needed to say what it names: no more than words, strings,
//! and the paths that they are joined to.

/// A piece of code. Comments are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// An identifier or a keyword.
    Word(String),
    /// What a string literal has between its quotes.
    Text(String),
    /// `::`.
    Join,
    /// Any other character.
    Sign(char),
}

/// The code of a file before its own tests, which may do what the rest may not.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(next) = rest.chars().next() {
        if next.is_whitespace() {
            rest = &rest[next.len_utf8()..];
        } else if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        } else if rest.starts_with("/*") {
            rest = after_block_comment(rest);
        } else if let Some((text, after)) = string(rest) {
            tokens.push(Token::Text(text));
            rest = after;
        } else if let Some(after) = character(rest) {
            rest = after;
        } else if next.is_alphanumeric() || next == '_' {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            tokens.push(Token::Word(word.to_owned()));
            rest = after;
        } else if let Some(after) = rest.strip_prefix("::") {
            tokens.push(Token::Join);
            rest = after;
        } else {
            tokens.push(Token::Sign(next));
            rest = &rest[next.len_utf8()..];
        }
    }
    let own_tests = "#[cfg(test)]mod";
    let start = (0..tokens.len()).find(|start| written(&tokens[*start..], own_tests));
    tokens.truncate(start.unwrap_or(tokens.len()));
    tokens
}

/// Every path of more than one part that the code names, from its root on: trees behind `use` are
/// taken apart, and `self` and `super` are resolved for a file that is this module. A lone word
/// behind `use` is a path too.
pub(crate) fn paths(tokens: &[Token], module: &[&str]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let word = |at: usize| match tokens.get(at) {
            Some(Token::Word(word)) => Some(word.as_str()),
            _ => None,
        };
        if word(at) == Some("use") {
            at = tree(tokens, at + 1, &[], &mut paths);
        } else if word(at).is_some() {
            let mut path = Vec::new();
            while let Some(part) = word(at) {
                path.push(part.to_owned());
                at += 1;
                if tokens.get(at) != Some(&Token::Join) {
                    break;
                }
                at += 1;
            }
            if path.len() > 1 {
                paths.push(path);
            }
        } else {
            at += 1;
        }
    }
    paths.into_iter().map(|path| resolved(&path, module)).collect()
}

/// Whether the tokens begin with this code, which has neither spaces nor strings in it.
pub(crate) fn written(code: &[Token], begin: &str) -> bool {
    let mut rest = begin;
    for token in code {
        if rest.is_empty() {
            break;
        }
        let stripped = match token {
            Token::Word(word) => rest.strip_prefix(word.as_str()),
            Token::Join => rest.strip_prefix("::"),
            Token::Sign(sign) => rest.strip_prefix(*sign),
            Token::Text(_) => None,
        };
        let Some(stripped) = stripped else { return false };
        rest = stripped;
    }
    rest.is_empty()
}

/// Takes the tree apart that begins at `at`, and gives where it ends.
fn tree(tokens: &[Token], mut at: usize, root: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let mut path = root.to_vec();
    loop {
        match tokens.get(at) {
            Some(Token::Word(word)) if word == "as" => at += 2,
            Some(Token::Word(word)) => {
                path.push(word.clone());
                at += 1;
            }
            Some(Token::Sign('*')) => {
                path.push("*".to_owned());
                at += 1;
            }
            Some(Token::Join) => at += 1,
            Some(Token::Sign('{')) => {
                at += 1;
                while tokens.get(at).is_some_and(|token| *token != Token::Sign('}')) {
                    at = tree(tokens, at, &path, paths);
                    at += usize::from(tokens.get(at) == Some(&Token::Sign(',')));
                }
                return at + 1;
            }
            _ => {
                paths.push(path);
                return at;
            }
        }
    }
}

fn resolved(path: &[String], module: &[&str]) -> Vec<String> {
    let mut root: Vec<String> = module.iter().map(ToString::to_string).collect();
    let mut rest = path;
    let is_relative = matches!(path.first().map(String::as_str), Some("self" | "super"));
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "self" => {}
            "super" => drop(root.pop()),
            _ => break,
        }
        rest = after;
    }
    if is_relative {
        root.extend(rest.iter().cloned());
        root
    } else {
        path.iter().filter(|part| *part != "self").cloned().collect()
    }
}

fn after_block_comment(comment: &str) -> &str {
    let mut depth = 0;
    let mut rest = comment;
    loop {
        if let Some(after) = rest.strip_prefix("/*") {
            depth += 1;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = after;
            if depth == 0 {
                return rest;
            }
        } else {
            let mut rest_of_it = rest.chars();
            if rest_of_it.next().is_none() {
                return "";
            }
            rest = rest_of_it.as_str();
        }
    }
}

/// The string literal that begins here, and what follows it.
fn string(code: &str) -> Option<(String, &str)> {
    let code =
        code.strip_prefix(['b', 'c']).filter(|code| code.starts_with(['"', 'r'])).unwrap_or(code);
    if let Some(raw) = code.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let text = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let (text, after) = text.split_once(&end)?;
        return Some((text.to_owned(), after));
    }
    let text = code.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = text.find(|c| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    })?;
    Some((text[..end].to_owned(), &text[end + 1..]))
}

/// What follows the character literal that begins here; a lifetime is none.
fn character(code: &str) -> Option<&str> {
    let inner = code.strip_prefix('\'')?;
    if let Some(escaped) = inner.strip_prefix('\\') {
        let end = escaped.char_indices().skip(1).find(|(_, c)| *c == '\'')?.0;
        return Some(&escaped[end + 1..]);
    }
    let mut chars = inner.chars();
    chars.next()?;
    chars.as_str().strip_prefix('\'')
}
