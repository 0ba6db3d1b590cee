//! Chinese, of the menu of a text.

use crate::i18n::text_menu::{ClipboardProblem, TextMenuWords};

pub(super) const WORDS: TextMenuWords = TextMenuWords {
    name: "文本",
    cut: "剪切",
    copy: "复制",
    copy_all: "全部复制",
    paste: "粘贴",
    select_all: "全选",
    problem: |problem| match problem {
        ClipboardProblem::NotSecure => {
            "浏览器只允许通过 https 打开的页面读取剪贴板，而本页面是通过 http 打开的。仍可用键盘粘贴：Ctrl+V、Cmd+V，\
             或手机键盘上的粘贴键。"
        }
        ClipboardProblem::NotWritten => {
            "浏览器未允许本页面写入剪贴板。剪切掉的内容可用 Ctrl+Z 或 Cmd+Z 恢复；请重新选中后按 Ctrl+C 或 Cmd+C。"
        }
        ClipboardProblem::NotRead => {
            "浏览器未允许本页面读取剪贴板。请在地址栏处允许后重试，或用键盘粘贴：Ctrl+V、Cmd+V，或手机键盘上的粘贴键。"
        }
    },
};
