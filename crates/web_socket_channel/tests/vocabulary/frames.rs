//! What the channel and the echo server have in common: heads and masks of frames.

use web_socket_channel::frame::{FINAL, Head, TEXT, head, mask_behind, unmask};

#[test]
fn a_head_is_read_as_it_was_written() {
    for mask in [None, Some(*b"mask")] {
        for len in [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 32] {
            let (bytes, head_bytes) = head(FINAL | TEXT, len, mask);
            for cut in 0..head_bytes {
                assert!(matches!(Head::parse(&bytes[..cut], mask.is_some()), Ok(None)), "{cut}");
            }
            let Ok(Some(read)) = Head::parse(&bytes[..head_bytes], mask.is_some()) else {
                unreachable!("{bytes:x?}");
            };
            assert_eq!((read.payload_bytes, read.mask), (len as u64, mask));
            assert_eq!((read.head_bytes, read.opcode, read.is_final), (head_bytes, TEXT, true));
            assert!(read.has_minimal_length);
            assert!(Head::parse(&bytes, mask.is_none()).is_err());
        }
    }
}

#[test]
fn lengths_are_minimal_and_below_the_first_bit() {
    for (bytes, expected) in [
        (&b"\x82\xfe\x00\x7eMASK"[..], true),
        (b"\x82\xfe\x00\x7dMASK", false),
        (b"\x82\xff\0\0\0\0\0\x01\0\0MASK", true),
        (b"\x82\xff\0\0\0\0\0\0\xff\xffMASK", false),
        (b"\x82\xff\x80\0\0\0\0\x01\0\0MASK", false),
    ] {
        let Ok(Some(head)) = Head::parse(bytes, true) else { unreachable!("{bytes:x?}") };
        assert_eq!(head.has_minimal_length, expected, "{bytes:x?}");
    }
}

#[test]
fn a_mask_goes_on_where_it_was_cut() {
    let mask = Some(*b"mask");
    let mut whole: Vec<u8> = (0..100).collect();
    unmask(&mut whole, mask);
    for cut in 0..100 {
        let mut parts: Vec<u8> = (0..100).collect();
        let (first, second) = parts.split_at_mut(cut);
        unmask(first, mask);
        unmask(second, mask_behind(mask, cut));
        assert_eq!(parts, whole, "{cut}");
    }
}
