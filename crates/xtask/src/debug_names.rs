//! The functions' names in the page's wasm, which a debugger reads and the page does not: an eighth of what would
//! be downloaded.

use std::fs;
use std::path::Path;

use crate::Result;

/// The sections with names and with the compilers' versions.
const NOT_NEEDED: [&[u8]; 2] = [b"name", b"producers"];

/// Takes them out of all wasm files in a folder.
pub(crate) fn remove(folder: &Path) -> Result {
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if file.extension().is_some_and(|end| end == "wasm") {
            let wasm = fs::read(&file)?;
            let bare = without(&wasm).ok_or_else(|| format!("{} is no wasm", file.display()))?;
            fs::write(file, bare)?;
        }
    }
    Ok(())
}

/// A module is a head of eight bytes and then sections: a number, a length and as many bytes. Those with the
/// number 0 begin with a name, and mean nothing to the program.
fn without(wasm: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = wasm.split_at_checked(8)?;
    let mut bare = head.starts_with(b"\0asm").then(|| head.to_vec())?;
    while let Some((number, after)) = rest.split_first() {
        let (length, content) = length(after)?;
        let (content, next) = content.split_at_checked(length)?;
        let section = &rest[..rest.len() - next.len()];
        let is_named = |name: &[u8]| {
            self::length(content).is_some_and(|(length, text)| text.get(..length) == Some(name))
        };
        if *number != 0 || !NOT_NEEDED.into_iter().any(is_named) {
            bare.extend(section);
        }
        rest = next;
    }
    Some(bare)
}

/// A number in pieces of seven bits, the lowest first.
fn length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut length = 0;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        length |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((length, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"\0asm\x01\0\0\0";

    #[test]
    fn only_what_is_not_needed_goes() {
        let long = [&[0, 0x85, 0x01, 4][..], b"name", &[7; 128]].concat();
        let kept = [&[1, 3, 9, 9, 9][..], &[0, 5, 4], b"many", &[0, 2, 1], b"x"].concat();
        let wasm = [HEAD, &kept, &long].concat();
        assert_eq!(without(&wasm), Some([HEAD, &kept].concat()));
    }

    #[test]
    fn what_is_cut_off_is_no_wasm() {
        let wasm = [HEAD, &[1, 3, 9, 9, 9]].concat();
        for length in (0..8).chain(9..wasm.len()) {
            assert_eq!(without(&wasm[..length]), None, "{length} bytes");
        }
        assert_eq!(without(HEAD), Some(HEAD.to_vec()), "a head alone");
        assert_eq!(without(b"raisins in rows"), None);
    }
}
