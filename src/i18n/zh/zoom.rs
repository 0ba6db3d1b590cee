//! Chinese, of the part of a time axis that is seen.

use crate::i18n::zoom::{ZoomWords, axis_time};
use crate::i18n::{group_digits, short_time};

pub(super) const WORDS: ZoomWords = ZoomWords {
    of_recording: "所示的录制时段",
    of_comparison: "所示的比较时段",
    zoom_in: ("+", "放大", "放大（+），或双击要放大的位置"),
    zoom_out: ("−", "缩小", "缩小（−）"),
    all: ("全部", "显示全部时间", "显示全部时间（0）"),
    earlier: ("‹", "显示更早", "显示更早（,）"),
    later: ("›", "显示更晚", "显示更晚（.）"),
    seen: |seen, whole| {
        if seen.length == whole {
            format!("全部 {}", short_time(whole))
        } else {
            format!(
                "{} 至 {}，共 {}",
                axis_time(seen.start, seen.length / 20),
                axis_time(seen.end(), seen.length / 20),
                short_time(whole)
            )
        }
    },
    rebuilds: |count| format!("{} 次重建", group_digits(count as u64)),
};
