//! The log's panel in Chinese, simplified.

use app_core::log::{Findings, LogCounts, LogFile, LogNotice, RowPart, RowTab, RowTime, SizeBound};
use egui_row_list::group_digits;
use message_log::json_view::{JsonError, MAX_JSON_BYTES};
use message_log::{
    Delivery, Direction, Drawing, Event, Format, Initiator, Kind, QueryError, ReadError,
    ReadErrorKind,
};

use super::code_name;
use crate::i18n::log::{CopyAs, Fact, LogWords, short_bytes};
use crate::i18n::short_time;

pub(super) const WORDS: LogWords = LogWords {
    in_page: "本页面",
    list_name: "消息与事件",
    row_name: |position, count| {
        format!("第 {} 行，共 {} 行", group_digits(position), group_digits(count))
    },
    new_rows: |count| format!("{} 条新消息", group_digits(count)),
    totals,
    nothing_yet: "还没有任何记录。",
    nothing_shown: "没有这一类的记录。",
    search_label: "搜索",
    regex_toggle: "正则表达式",
    case_toggle: "区分大小写",
    only_matches_toggle: "只显示匹配的行",
    next_button: "下一个匹配",
    previous_button: "上一个匹配",
    found,
    query_problem: |problem: &QueryError| match problem.at {
        Some(at) => format!("第 {} 个字符处有误，不是正则表达式", at + 1),
        None => "无法搜索：表达式有误或过长".to_owned(),
    },
    cancel_button: "取消",
    filter_button: |is_filtered| match is_filtered {
        true => "选择显示内容（有内容未显示）",
        false => "选择显示内容",
    },
    part: |part| match part {
        RowPart::Sent => "已发送",
        RowPart::Received => "已收到",
        RowPart::Text => "文本",
        RowPart::Binary => "二进制",
        RowPart::Events => "事件",
    },
    size_label: |bound| match bound {
        SizeBound::Least => "最少字节数",
        SizeBound::Most => "最多字节数",
    },
    size_problem: "请输入整数",
    reset_filter_button: "全部显示",
    time_title: "时间",
    time: |time| match time {
        RowTime::Clock => "时刻",
        RowTime::SinceStart => "自开始起",
        RowTime::SincePrevious => "自上一行起",
    },
    retention_label: "保留 MiB",
    retention_helper: |usual| format!("不填则为 {usual}；最旧的先丢弃"),
    retention_problem: |most| format!("请输入 1 到 {most} 的整数"),
    clear_button: "清空记录",
    save_button: "保存记录",
    save_item: |format, only_shown| match (format, only_shown) {
        (Format::JsonLines, false) => "全部存为 JSON Lines（无损）",
        (Format::Har, false) => "全部存为 HAR（供浏览器工具使用）",
        (Format::PlainText, false) => "全部存为文本",
        (Format::JsonLines, true) => "显示的存为 JSON Lines",
        (Format::Har, true) => "显示的存为 HAR",
        (Format::PlainText, true) => "显示的存为文本",
    },
    open_button: "打开已保存的记录",
    shows_file,
    live_button: "返回本页面的记录",
    working: |saves, percent| {
        let what = if saves { "正在保存" } else { "正在打开" };
        percent.map_or_else(|| format!("{what}…"), |percent| format!("{what}：{percent} %"))
    },
    notice,
    kind: |kind| match kind {
        Kind::Text => "文本",
        Kind::Binary => "二进制",
        Kind::Event => "事件",
    },
    direction: |direction| match direction {
        Direction::Sent => "已发送",
        Direction::Received => "已收到",
        Direction::None => "事件",
    },
    delivery: |delivery| match delivery {
        Delivery::Waiting => "等待发送",
        Delivery::Sent => "已发送",
        Delivery::InDoubt => "不确定是否送达",
        Delivery::TakenBack => "未发送",
    },
    drawing: |drawing| match drawing {
        Drawing::Undecided => "",
        Drawing::Drawn => "已绘制",
        Drawing::Coalesced => "未绘制：同一帧中被后来的消息取代",
    },
    event,
    bytes: |bytes| format!("{} 字节", group_digits(bytes)),
    row_title: |number| format!("第 {} 行", group_digits(number + 1)),
    close_row_button: "关闭此行",
    tab: |tab| match tab {
        RowTab::Text => "文本",
        RowTab::Json => "JSON",
        RowTab::Picture => "图片",
        RowTab::Hex => "十六进制",
        RowTab::Facts => "详情",
    },
    wrap_toggle: "自动换行",
    full_size_toggle: "原始大小",
    fold_all_button: "全部折叠",
    unfold_all_button: "全部展开",
    json_name: "JSON 各行",
    hex_name: "字节",
    json_problem: |error: &JsonError| {
        use message_log::json_view::JsonErrorKind as Kind;
        let JsonError { line, column, kind, .. } = error;
        let what = match kind {
            Kind::UnexpectedEnd => "文本过早结束",
            Kind::ExpectedValue => "此处应为值",
            Kind::ExpectedKey => "此处应为键",
            Kind::ExpectedColon => "此处应为冒号",
            Kind::ExpectedComma => "此处应为逗号或右括号",
            Kind::TrailingText => "值之后还有内容",
            Kind::WrongEscape => "没有这种转义",
            Kind::ControlInString => "字符串中有控制字符",
            Kind::WrongNumber => "数字写法有误",
            Kind::TooLong => {
                return format!("超过 {}，未按 JSON 解析", short_bytes(MAX_JSON_BYTES as u64));
            }
        };
        format!("不是 JSON：{what}，第 {line} 行第 {column} 列")
    },
    folded: |lines| format!("{} 行", group_digits(lines as u64)),
    copy_button: "复制",
    copy_item: |form| match form {
        CopyAs::Text => "复制为文本",
        CopyAs::Hex => "复制为十六进制",
        CopyAs::Base64 => "复制为 base64",
    },
    too_long_to_copy: |limit| format!("超过 {}，请改为保存", short_bytes(limit as u64)),
    save_payload_button: "保存消息",
    fact: |fact| match fact {
        Fact::Kind => "类别",
        Fact::Opcode => "操作码",
        Fact::Length => "长度",
        Fact::Characters => "字符数",
        Fact::Clock => "时刻",
        Fact::SinceStart => "自开始起",
        Fact::Delivery => "送达情况",
        Fact::Drawing => "绘制情况",
        Fact::Recording => "录制",
        Fact::RoundTrip => "往返时间",
        Fact::Event => "内容",
    },
};

fn totals(counts: LogCounts) -> String {
    let (rows, bytes) = (group_digits(counts.rows), short_bytes(counts.bytes));
    match counts.dropped {
        0 => format!("{rows} 行，{bytes}"),
        dropped => format!("{rows} 行，{bytes}；已丢弃较旧的 {} 行", group_digits(dropped)),
    }
}

fn found(current: Option<u64>, findings: Findings) -> String {
    let Findings { found, done, rows, is_stopped } = findings;
    let what = match (found, current) {
        (0, _) => "无匹配".to_owned(),
        (found, Some(current)) => {
            format!("第 {} 个，共 {} 个", group_digits(current), group_digits(found))
        }
        (found, None) => format!("{} 个匹配", group_digits(found)),
    };
    if findings.is_running() {
        format!("{what}，{} %", done * 100 / rows.max(1))
    } else if is_stopped {
        format!("{what}，已停止")
    } else {
        what
    }
}

fn shows_file(file: &LogFile) -> String {
    match file.skipped {
        0 => format!("{} 的记录", file.name),
        skipped => {
            format!("{} 的记录，略去 {} 项", file.name, group_digits(skipped))
        }
    }
}

fn notice(notice: &LogNotice) -> String {
    match notice {
        LogNotice::Saved { name, bytes } => {
            format!("已保存为 {name}，{}", short_bytes(*bytes))
        }
        LogNotice::NotSaved(why) => format!("未能保存：{why}"),
        LogNotice::NotRead(why) => format!("无法读取：{why}"),
        LogNotice::NoLog(error) => format!("无法打开：{}", read_error(error)),
        LogNotice::TooLarge { limit } => format!("无法打开：超过 {}", short_bytes(*limit)),
        LogNotice::ReadInPart(error) => format!("只打开了一部分：{}", read_error(error)),
    }
}

fn read_error(error: &ReadError) -> String {
    let what = match &error.kind {
        ReadErrorKind::Empty => "文件是空的".to_owned(),
        ReadErrorKind::LineTooLong { limit } => {
            format!("有一行超过 {}", short_bytes(*limit as u64))
        }
        ReadErrorKind::NotJson { column, .. } => format!("不是 JSON，第 {column} 列"),
        ReadErrorKind::OtherFormat => "不是这种格式的记录".to_owned(),
        ReadErrorKind::UnknownVersion { version } => format!("不认识的版本 {version}"),
        ReadErrorKind::WrongField { field } => format!("字段 {field} 缺失或有误"),
    };
    error.line.map_or(what.clone(), |line| format!("{what}（第 {line} 行）"))
}

fn event(event: &Event) -> String {
    match event {
        Event::Connecting { url } => format!("正在连接 {url}"),
        Event::Open { protocol: Some(protocol), .. } => format!("已连接，子协议 {protocol}"),
        Event::Open { protocol: None, .. } => "已连接".to_owned(),
        Event::Closing { code, reason } => close("正在关闭", *code, reason),
        Event::Closed { code, reason, initiator, was_clean, .. } => {
            let who = match initiator {
                Some(Initiator::Local) => "由本页面关闭",
                Some(Initiator::Remote) => "由服务器关闭",
                None if *was_clean => "已关闭",
                None => "连接中断",
            };
            close(who, *code, reason)
        }
        Event::Error { text } => format!("错误：{text}"),
        Event::Reconnecting { attempt, wait } => {
            format!("{} 后重新连接，第 {attempt} 次", short_time(*wait))
        }
    }
}

fn close(what: &str, code: Option<u16>, reason: &str) -> String {
    let mut line = what.to_owned();
    if let Some(code) = code {
        line.push_str(&format!("：{code} {}", code_name(code)));
    }
    if !reason.is_empty() {
        line.push_str(&format!("，“{reason}”"));
    }
    line
}
