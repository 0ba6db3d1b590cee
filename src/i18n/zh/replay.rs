//! 过去的时刻，中文。

use app_core::recording::file::{FileError, MAX_FILE_BYTES, Wrong};
use app_core::replay::ReplayNotice;

use crate::i18n::replay::ReplayWords;
use crate::i18n::{group_digits, short_time};

pub(super) const WORDS: ReplayWords = ReplayWords {
    now: "现在：页面和此面板显示正在发生的事。",
    stopped: "录制到此面板关闭时为止。",
    record_button: "重新录制",
    in_past: |at, of| format!("这是过去：{}，共 {}。", short_time(at), short_time(of)),
    in_file: |name, at, of| {
        format!("这是过去，来自“{name}”：{}，共 {}。", short_time(at), short_time(of))
    },
    page_was: "过去。当时页面显示：",
    page_was_empty: "什么也没有",
    back_button: "回到现在 (Esc)",
    slider: "时刻",
    moment: |at, totals| {
        format!("{}，事件 {}，帧 {}", short_time(at), totals.events, totals.frames)
    },
    previous_event: ("‹ 事件", "上一个事件（左方向键）"),
    next_event: ("事件 ›", "下一个事件（右方向键）"),
    previous_frame: ("‹ 帧", "上一帧（Shift + 左方向键）"),
    next_frame: ("帧 ›", "下一帧（Shift + 右方向键）"),
    show_row_button: |is_dropped| {
        if is_dropped {
            ("记录中已不再保留", "为腾出空间，记录已丢弃这条消息")
        } else {
            ("在记录中显示", "在记录中打开此事件的消息（Shift + F2）")
        }
    },
    show_moment_button: "在重建面板中显示（Shift + F2）",
    event: |number| format!("事件 {}", group_digits(number)),
    save_button: ("保存录制", "把录制内容保存为 JSON 文件，可在此重新打开"),
    open_button: ("打开录制", "打开一份录制文件；把文件拖到窗口上也可以"),
    trace_button: ("保存跟踪", "保存一份可用 Perfetto 和 Chrome 自带查看器打开的跟踪文件"),
    tracks_button: (
        "DevTools 轨道",
        "两边都在录制时：各阶段显示为 Chrome 开发者工具性能面板中的轨道",
    ),
    notice,
    dropped: |events| format!("最早的 {} 个事件已不再保留。", group_digits(events)),
};

fn notice(notice: &ReplayNotice) -> String {
    match notice {
        ReplayNotice::Saved { name, bytes } => {
            format!("已保存为“{name}”，{} 字节", group_digits(*bytes))
        }
        ReplayNotice::NotSaved(why) => format!("未能保存：{why}"),
        ReplayNotice::NotRead(why) => format!("无法读取文件：{why}"),
        ReplayNotice::NoRecording(error) => no_recording(error),
    }
}

fn no_recording(error: &FileError) -> String {
    match error {
        FileError::TooLong => format!("文件超过 {} MiB，不予打开。", MAX_FILE_BYTES >> 20),
        FileError::Json { is_cut: true, .. } => "文件不完整。请重新保存或复制。".to_owned(),
        FileError::Json { line, column, why, .. } => {
            format!("文件第 {line} 行第 {column} 列有误：{why}")
        }
        FileError::OtherFormat => {
            "这不是重建面板的录制文件。记录文件请在记录面板中打开。".to_owned()
        }
        FileError::OtherVersion(version) => {
            format!("文件格式为第 {version} 版，需要更新的程序才能打开。")
        }
        FileError::Wrong { list, row, what } => {
            let what = match what {
                Wrong::Time => "时间顺序不对或过大",
                Wrong::Number => "数字与前面的内容不符",
            };
            format!("文件中“{list}”的第 {row} 行有误：{what}")
        }
    }
}
