//! What the lesson says.

use super::Language::{self, Chinese, English};
use crate::session::Step;

impl Language {
    /// What the lesson is about.
    pub fn lesson_intro(self) -> &'static str {
        match self {
            English => {
                "A page that lives on a stream takes four steps. The lines of this app that take \
                 them stand beside those of the Flutter page that it follows. The last step that \
                 was taken is marked."
            }
            Chinese => {
                "依靠流运行的页面有四个步骤。下面是本应用中的相应代码，旁边是它所仿照的 Flutter 页面的代码。\
                 最近执行的步骤带有标记。"
            }
        }
    }

    /// A step, with its number.
    pub fn step(self, step: Step) -> &'static str {
        match (self, step) {
            (English, Step::Connect) => "1. Connect",
            (English, Step::Listen) => "2. Listen",
            (English, Step::Send) => "3. Send",
            (English, Step::Close) => "4. Close",
            (Chinese, Step::Connect) => "1. 连接",
            (Chinese, Step::Listen) => "2. 监听",
            (Chinese, Step::Send) => "3. 发送",
            (Chinese, Step::Close) => "4. 关闭",
        }
    }

    /// What a step does.
    pub fn about_step(self, step: Step) -> &'static str {
        match (self, step) {
            (English, Step::Connect) => {
                "You have a channel at once; the handshake is awaited by nobody. Where it fails, \
                 the stream says so."
            }
            (English, Step::Listen) => {
                "The builder polls the stream in a frame, when the stream has asked for one, and \
                 draws the latest of it. In Flutter the framework keeps the widget that does so; \
                 here it is a value in the app, and drawing it is a call."
            }
            (English, Step::Send) => {
                "The message goes into a mailbox and from there to the network. In Dart an error \
                 comes later or never; here what is not taken is given back."
            }
            (English, Step::Close) => {
                "When the page goes, the channel says goodbye with a code. In Flutter that is the \
                 widget's dispose; here it is the app's end, or another connection."
            }
            (Chinese, Step::Connect) => "立刻得到通道，没有谁等待握手；如果握手失败，流会告诉你。",
            (Chinese, Step::Listen) => {
                "流请求一帧之后，构建器就在这一帧里轮询它，并绘制最新的内容。在 Flutter 中由框架持有负责此事的\
                 组件；在这里它是应用中的一个值，绘制就是一次调用。"
            }
            (Chinese, Step::Send) => {
                "消息先进入邮箱，再发往网络。在 Dart 中错误来得晚或根本不来；在这里，未被接收的消息会退还。"
            }
            (Chinese, Step::Close) => {
                "页面离开时，通道以一个代码告别。在 Flutter 中这是组件的 dispose；在这里是应用结束或换一个连接。"
            }
        }
    }

    /// How often a step was taken, and whether it was the last one.
    pub fn step_times(self, times: u32, is_last: bool) -> String {
        match (self, times, is_last) {
            (English, 0, _) => "not yet".to_owned(),
            (English, 1, false) => "once".to_owned(),
            (English, _, false) => format!("{times} times"),
            (English, 1, true) => "just now".to_owned(),
            (English, _, true) => format!("just now, {times} times in all"),
            (Chinese, 0, _) => "尚未执行".to_owned(),
            (Chinese, _, false) => format!("{times} 次"),
            (Chinese, _, true) => format!("刚刚，共 {times} 次"),
        }
    }

    /// Where the lines stand.
    pub fn source_place(self, file: &str, line: usize) -> String {
        match self {
            English => format!("Rust, {file}, line {line}"),
            Chinese => format!("Rust，{file}，第 {line} 行"),
        }
    }

    /// The other language.
    pub fn in_dart(self) -> &'static str {
        "Dart"
    }
}
