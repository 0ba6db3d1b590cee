//! Where the source was when a program was built: the compilers write it into the program for its panics, and it is
//! nobody's business.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::Result;

/// The folders with source, each with what stands for it in a program.
fn renamed() -> Result<[(PathBuf, &'static str); 2]> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).ok_or("there is no home")?;
    Ok([(cargo, "/cargo"), (fs::canonicalize(".")?, "/source")])
}

/// Has a cargo, or what runs one, write the names that stand for them. Elsewhere than in a target folder of its
/// own all is then built again, as cargo does with other flags. `flags` are the compiler's others, as these hide what
/// cargo is configured with.
pub(crate) fn rename(build: &mut Command, flags: &[&str]) -> Result {
    let renamed = renamed()?;
    let options = |option: &str| {
        let options = renamed.iter().map(|(from, to)| format!("{option}{}={to}", from.display()));
        options.collect::<Vec<_>>()
    };
    let mut all = options("--remap-path-prefix=");
    all.extend(flags.iter().map(|&flag| flag.to_owned()));
    build.env("CARGO_ENCODED_RUSTFLAGS", all.join("\x1f"));
    if cfg!(unix) {
        build.env("CFLAGS", options("-ffile-prefix-map=").join(" "));
    }
    Ok(())
}

/// Refuses a program that has one of them in it.
pub(crate) fn refuse(program: &[u8]) -> Result {
    for (folder, _) in renamed()? {
        if let Some(text) = text_around(program, &folder.display().to_string()) {
            return Err(format!("the program has a path of this machine in it: {text}").into());
        }
    }
    Ok(())
}

/// What is printable around the first place where this text stands.
fn text_around(bytes: &[u8], text: &str) -> Option<String> {
    let at = bytes.windows(text.len()).position(|window| window == text.as_bytes())?;
    let is_printable = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    let found = bytes[at..].iter().take(200).copied().take_while(is_printable);
    Some(String::from_utf8_lossy(&found.collect::<Vec<_>>()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_a_program_is_found() {
        let program = b"\x7fELF\x01/home/a/.cargo/registry/b.rs\x02";
        let found = text_around(program, "/home/a/.cargo");
        assert_eq!(found.as_deref(), Some("/home/a/.cargo/registry/b.rs"));
        assert_eq!(text_around(program, "/home/b"), None);
    }
}
