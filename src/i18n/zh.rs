//! Chinese, simplified.

mod comparison;
mod log;
mod questions;
mod replay;
mod text_menu;
mod trials;
mod zoom;

use std::time::Duration;

use message_log::harmless;
use web_socket_channel::handshake::{InvalidRequest, Response};
use web_socket_channel::{
    CloseEvent, Error, Initiator, InvalidArgument, LimitExceeded, NetworkError, NetworkErrorKind,
    ProxyError, ProxyErrorKind, Timeout, TlsError, TlsErrorKind, status,
};

use super::sheet::{kib, may};
use super::{
    ConnectionWords, ErrorWords, ExperimentWords, LessonWords, MessageWords, Ready, RebuildsWords,
    SendingWords, SheetWords, TerminalWords, Words, group_digits, refusal::Refusal, short_time,
};
use crate::payload::PictureProblem;
use app_core::composer::close::CloseProblem;
use app_core::composer::format::{Format, FormatProblem};
use app_core::composer::repeat::{RepeatState, Repeating};
use app_core::composer::saved::SaveProblem;
use app_core::composer::{MAX_ATTACHMENTS, Refused, Tool};
use app_core::experiments::{Experiment, Parameter, Script, Setup};
use app_core::panels::Shortcut;
use app_core::recording::{Counter, EventKind, Rebuild, RecordedEvent, Stage};
use app_core::settings::{
    ConnectionSettings, Field, Platform, ProxyChoice, SettingProblem, Transport, Unavailable,
};
use app_core::statistics::{Statistics, Traffic};
use app_core::{ConnectionStatus, SendOutlook};
use app_core::{Panel, steps::Step};
use message_log::json_view::JsonErrorKind;

pub(super) static WORDS: Words = Words {
    title: "WebSocket(内容回显)",
    enable_accessibility_button: "启用无障碍功能",
    switch_here_button: "切换到中文",
    dark_mode_button: "深色模式",
    light_mode_button: "浅色模式",
    system_theme_button: "跟随系统",
    more_contrast_button: "增强对比度",
    usual_contrast_button: "标准对比度",
    scroll_bar: "滚动条",
    horizontal_scroll_bar: "水平滚动条",
    more_button: "更多",
    open_panel_button,
    close_panel_button,
    panel_title,
    store_damaged: "上次保存的内容无法读取，已全部重新开始。",
    dismiss_button: "知道了",
    about: |version| {
        format!(
            "WebSocket 回显 {version}：一个由流驱动的页面，仿照 Flutter 的示例，也是查看 WebSocket 服务器的工具。"
        )
    },
    shortcuts_title: "按键",
    shortcut,
    connection: ConnectionWords {
        address_label: "服务器地址",
        address_helper: "按回车键连接",
        connect_button: "重新连接",
        try_server_button: "重试服务器",
        status_word,
        status,
        retry_now_button: "立即连接",
        connect_to_button: "连接",
        close_button: "关闭连接",
        recent_title: "最近的地址",
        forget_button: "清除这些地址",
        state_title: "状态",
        waiting: |count| format!("{count} 条消息等待发送"),
        take_back_button: "收回",
        take_back_all_button: "全部收回",
        in_doubt: |count| format!("{count} 条消息可能未送达"),
        resend_button: "再次发送",
        let_go_button: "放弃",
        transport_title: "传输方式",
        transport,
        reconnect_title: "连接中断时",
        reconnects_switch: "自动重连",
        resends_switch: "重发可能未送达的消息",
        request_title: "握手",
        times_title: "时间",
        limits_title: "限制",
        proxy: |choice| match choice {
            ProxyChoice::Environment => "环境变量中的代理",
            ProxyChoice::Direct => "不使用代理",
            ProxyChoice::Typed => "使用此代理",
        },
        field,
        field_helper,
        unavailable: |why| match why {
            Unavailable::InBrowser => "浏览器不允许页面设置",
            Unavailable::ByEwebsock => "ewebsock 不支持",
            Unavailable::InPage => "页内没有网络",
            Unavailable::NotBuiltIn => "此版本未内置",
        },
        setting_problem,
        reset_button: "恢复默认设置",
        plays_in_page,
        protocol,
        ending,
    },
    sheet: SheetWords {
        stop_button: "停止",
        forget_one_button: |address| format!("清除 {address}"),
        recent_summary: |count| format!("{count} 个地址"),
        correct_first: |wrong| format!("请更正“{}”", field(wrong)),
        unapplied: "更改的设置将在下次连接时生效",
        extensions: |names| format!("扩展：{names}"),
        headers_title: "应答头",
        headers_summary: |count| format!("{count} 个"),
        about_waiting: "连接后立即按此顺序发送",
        about_in_doubt: "连接中断时这些消息正在途中。再次发送可能会重复送达。",
        show_more_button: |count| format!("再显示 {count} 条"),
        unlisted: |count| format!("另有 {} 条", group_digits(count)),
        size: |bytes| format!("{} 字节", group_digits(bytes)),
        traffic_title: "流量",
        traffic_summary,
        sent: |traffic| format!("已发送：{}", amount(traffic)),
        received: |traffic| format!("已接收：{}", amount(traffic)),
        round_trips_title: "往返时间",
        round_trips: |count, half, most| {
            let (half, most) = (short_time(half), short_time(most));
            format!("最近 {count} 次：p50 {half}，p99 {most}")
        },
        longest: |time| format!("最长 {}", short_time(time)),
        no_round_trips: "原样返回的消息会被计时。",
        rates_title: "最近一分钟",
        rates: "每秒的消息数：线上为发送，线下为接收",
        busiest: |traffic| format!("最多每秒 {} 条", group_digits(traffic.messages)),
        about_transport,
        about_resending: "可能会重复送达",
        proxy_title: "代理",
        reconnect_summary,
        handshake_summary,
        times_summary,
        limits_summary,
    },
    message: MessageWords {
        label: "发送消息",
        send_button: "发送",
        outlook: |outlook| match outlook {
            SendOutlook::Sends => "按回车键发送".to_owned(),
            SendOutlook::Waits => "连接后立即发送".to_owned(),
            SendOutlook::ConnectsFirst => "未连接：发送前会先连接".to_owned(),
            SendOutlook::WrongAddress => "无法发送：地址有误".to_owned(),
            SendOutlook::WrongDraft => "无法发送：内容有误".to_owned(),
            SendOutlook::WrongSetting(wrong) => {
                format!("无法发送：请更正连接设置中的“{}”", field(*wrong))
            }
        },
        attachment: |bytes, is_text| match (bytes, is_text) {
            (_, true) => format!("文本，{}", size(bytes)),
            (_, false) => format!("二进制，{}", size(bytes)),
        },
        detach_button: "移除附件",
        refused: not_attached,
        is_back: "已重新连接；收到消息前保留此提示",
        long_echo: |bytes| format!("echo: {}的文本", size(bytes)),
        echo: |text| format!("echo: {text}"),
        picture: |width, height, length| format!("图片，{width} × {height} 像素，{}", size(length)),
        bytes: |length| format!("echo: {}", size(length)),
        broken_picture,
    },
    sending: SendingWords {
        open_button: "更多发送方式",
        close_button: "收起发送方式",
        format: |format| match format {
            Format::Text => "文本",
            Format::Json => "JSON",
            Format::Hex => "十六进制",
            Format::Base64 => "Base64",
        },
        format_problem,
        ready,
        send_as_text_button: "仍按文本发送",
        several_lines_switch: "多行",
        detach_nth_button: |number| format!("移除第 {number} 个附件"),
        reading: |files| format!("正在读取 {files} 个文件…"),
        tool: |tool| match tool {
            Tool::Saved => "已存消息",
            Tool::Repeat => "重复发送",
            Tool::Close => "指定关闭码",
        },
        save_name_label: "消息名称",
        save_button: "保存消息",
        save_problem: |problem| match problem {
            SaveProblem::NoName => "起个名称即可保存",
            SaveProblem::NoText => "先写消息，再起名保存",
            SaveProblem::Full => "已存满，请先删除一些已存消息",
        },
        nothing_saved: "还没有已存消息。",
        forget_button: |name| format!("删除“{name}”"),
        every_label: "间隔（毫秒）",
        count_label: "次数",
        every_problem: "1 到 86400000 的整数",
        count_problem: "1 到 1000000 的整数",
        counter_note: "文本中的 {n} 会依次变为 1、2、3…",
        repeat_needs: "需要输入框中有消息，并且已连接",
        start_button: "开始发送",
        stop_button: "停止发送",
        repeating,
        code_label: "关闭码",
        code_name,
        reason_label: "关闭原因",
        close_problem: |problem| match problem {
            CloseProblem::Code { is_in_browser: true } => {
                "浏览器只能发送 1000 和 3000 到 4999；留空则不带关闭码".to_owned()
            }
            CloseProblem::Code { is_in_browser: false } => {
                "1000 到 1003、1007 到 1010 或 3000 到 4999；留空则不带关闭码".to_owned()
            }
            CloseProblem::ReasonWithoutCode => "填写原因时必须有关闭码".to_owned(),
            CloseProblem::ReasonTooLong { bytes } => {
                format!("最多 123 字节，现为 {}", size(*bytes))
            }
        },
        close_with_button: "以此关闭码关闭",
    },
    errors: ErrorWords { unreachable: "网络不通...", error, lost, address_problem },
    experiments: ExperimentWords {
        title: "动手试试",
        name: experiment,
        what_to_watch,
        nothing_tried: "点一个，看看会发生什么。",
        sample_message: "你好",
        other_sample_message: "来自另一个流的问候",
    },
    questions: questions::WORDS,
    trials: trials::WORDS,
    text_menu: text_menu::WORDS,
    rebuilds: RebuildsWords {
        pause_button: "暂停",
        take_one_button: "单步",
        slow_button: "慢动作",
        clear_button: "清除",
        stage,
        stage_figure,
        counter,
        about_counter,
        counted: |name, figure| format!("{}：{figure}", counter(name)),
        data: "数据",
        error: "错误",
        rebuild,
        pause_before,
        event,
        more_events: |count| format!("另有 {count} 个"),
        no_rebuild: "还没有事件，也就没有重建。",
    },
    log: log::WORDS,
    replay: replay::WORDS,
    comparison: comparison::WORDS,
    zoom: zoom::WORDS,
    lesson: LessonWords {
        intro: "依靠流运行的页面有四个步骤。下面是本应用中的相应代码，旁边是它所仿照的 Flutter 页面的代码。\
                最近执行的步骤带有标记。",
        step,
        about_step,
        step_times,
        try_button: |name| format!("试一试：{name}"),
        source_place: |file, line| format!("Rust，{file}，第 {line} 行"),
        in_dart: "Dart",
    },
    terminal: TerminalWords {
        usage: USAGE,
        unknown_argument: |argument| {
            format!("错误：{argument:?} 不是有效的选项，请参阅 websocket-echo --help")
        },
        unknown_transport: |name| {
            format!("错误：没有传输方式 {name:?}；可选 standard、ewebsock、in-page")
        },
        bad_link: |link, problem| {
            format!("错误：--try {link:?}：{}", trials::link_problem(problem))
        },
        too_many_arguments: "错误：最多一个 URL，请参阅 websocket-echo --help",
        bad_address: |address, problem| format!("错误：{address:?}：{}", address_problem(problem)),
        no_window: |why| format!("错误：此处无法打开窗口（{why}），请在有显示器的环境中运行"),
        missing_library: |library, debian, fedora| {
            format!(
                "错误：缺少 {library}，此处无法打开窗口；请安装 {debian}（Debian、Ubuntu）或 {fedora}（Fedora）"
            )
        },
        no_dialogs: "这里没有能显示文件对话框的程序；请安装 zenity，或 xdg-desktop-portal 及其适用于当前桌面的部分，例如 \
                     xdg-desktop-portal-gtk",
        no_local_server: |why| format!("警告：无法启动自带的回显服务器（{why}），页面将自行回显"),
    },
};

const USAGE: &str = "\
用法：websocket-echo [--transport NAME] [--try LINK] [URL]

打开一个页面，向 WebSocket 服务器发送消息并显示返回的内容。
不指定 URL 时，在本机启动自带的回显服务器。

  URL            要连接的地址：ws://host:port/path 或 wss://…
  --transport    传输方式：standard、ewebsock 或 in-page
  --try          要展示的实验，待你运行，例如 1.ten.count-20
  -h, --help     显示此帮助并退出
  -V, --version  显示版本并退出";

fn open_panel_button(panel: Panel) -> &'static str {
    match panel {
        Panel::Connection => "连接设置",
        Panel::Log => "显示记录",
        Panel::Rebuilds => "显示重建过程",
        Panel::Lesson => "显示工作原理",
        Panel::About => "关于与按键",
    }
}

fn close_panel_button(panel: Panel) -> &'static str {
    match panel {
        Panel::Connection => "关闭连接设置",
        Panel::Log => "隐藏记录",
        Panel::Rebuilds => "隐藏重建过程",
        Panel::Lesson => "隐藏工作原理",
        Panel::About => "关闭关于与按键",
    }
}

fn panel_title(panel: Panel) -> &'static str {
    match panel {
        Panel::Connection => "连接",
        Panel::Log => "记录",
        Panel::Rebuilds => "重建",
        Panel::Lesson => "工作原理",
        Panel::About => "关于",
    }
}

fn shortcut(shortcut: Shortcut) -> &'static str {
    match shortcut {
        Shortcut::Panel(Panel::Connection) => "连接的全部设置",
        Shortcut::Panel(Panel::Log) => "所有消息与事件",
        Shortcut::Panel(Panel::Rebuilds) => "事件如何变成重建",
        Shortcut::Panel(Panel::Lesson) => "工作原理",
        Shortcut::Panel(Panel::About) => "关于与按键",
        Shortcut::FindInLog => "在记录中搜索",
        Shortcut::OtherPanel => "从一行记录到重建中的时刻，再按则返回",
        Shortcut::CloseLast => "关闭最近打开的内容",
        Shortcut::Connect => "重新连接",
        Shortcut::Send => "发送输入框中的内容",
        Shortcut::Earlier => "在输入框中：上一条已发送的内容",
        Shortcut::TextMenu => "在文本中：剪切、复制、粘贴",
        Shortcut::Later => "在输入框中：下一条已发送的内容",
        Shortcut::SendMore => "更多发送方式",
        Shortcut::Theme => "浅色或深色",
        Shortcut::Language => "切换语言（Another language）",
        Shortcut::ZoomIn => "放大全部内容",
        Shortcut::ZoomOut => "缩小全部内容",
        Shortcut::ZoomReset => "恢复最初的大小",
        Shortcut::CloseWindow => "关闭窗口",
        Shortcut::Quit => "退出",
    }
}

fn status_word(status: ConnectionStatus) -> &'static str {
    match status {
        ConnectionStatus::NotConnected => "未连接",
        ConnectionStatus::Connecting { .. } => "正在连接…",
        ConnectionStatus::Open => "已连接",
        ConnectionStatus::Waiting { .. } => "等待重连",
        ConnectionStatus::Closing => "正在关闭…",
        ConnectionStatus::Closed => "已关闭",
    }
}

fn status(status: ConnectionStatus, is_in_page: bool, now: Duration) -> String {
    match status {
        ConnectionStatus::Open if is_in_page => "页内回显".to_owned(),
        ConnectionStatus::Connecting { attempt } if attempt > 1 => {
            format!("正在连接，第 {attempt} 次…")
        }
        ConnectionStatus::Waiting { attempt, until } => {
            let left = until.saturating_sub(now).as_secs_f32().ceil();
            format!("{left} 秒后第 {attempt} 次重连")
        }
        other => status_word(other).to_owned(),
    }
}

fn transport(transport: Transport, platform: Platform) -> &'static str {
    match (transport, platform) {
        (Transport::Standard, Platform::Desktop) => "tokio-tungstenite",
        (Transport::Standard, Platform::Browser) => "浏览器的 WebSocket",
        (Transport::Ewebsock, _) => "ewebsock",
        (Transport::InPage, _) => "页内，不经网络",
    }
}

fn about_transport(transport: Transport, platform: Platform) -> &'static str {
    match (transport, platform) {
        (Transport::Standard, Platform::Desktop) => "支持此处的全部设置",
        (Transport::Standard, Platform::Browser) => "浏览器提供给每个页面的方式",
        (Transport::Ewebsock, _) => "同一通道下的另一个库，可设置的较少",
        (Transport::InPage, _) => "每条消息都会返回，且不离开本页面",
    }
}

fn size(bytes: usize) -> String {
    format!("{} 字节", group_digits(bytes as u64))
}

fn amount(traffic: Traffic) -> String {
    format!("{} 条消息，{} 字节", group_digits(traffic.messages), group_digits(traffic.bytes))
}

fn traffic_summary(gone_out: Traffic, statistics: &Statistics) -> String {
    let [sent, received] =
        [gone_out, statistics.received()].map(|traffic| group_digits(traffic.messages));
    let half = statistics.round_trip_quantile(0.5);
    let half = half.map(|half| format!("，p50 {}", short_time(half))).unwrap_or_default();
    format!("发送 {sent} 条，接收 {received} 条{half}")
}

fn reconnect_summary(settings: &ConnectionSettings) -> String {
    if !settings.reconnects {
        return "不再重连".to_owned();
    }
    let mut summary = format!("自动重连，最长等待 {} 秒", settings.longest_wait.trim());
    let attempts = settings.max_attempts.trim();
    if !attempts.is_empty() {
        summary.push_str(&format!("，最多 {attempts} 次"));
    }
    if settings.resends_in_doubt {
        summary.push_str("，并重发");
    }
    summary
}

fn handshake_summary(settings: &ConnectionSettings, platform: Platform) -> String {
    let mut parts = Vec::new();
    let protocols = settings.protocols().len();
    if protocols > 0 && may(settings, platform, Field::Protocols) {
        parts.push(format!("{protocols} 个子协议"));
    }
    let headers = settings.header_count();
    if headers > 0 && may(settings, platform, Field::Headers) {
        parts.push(format!("{headers} 个请求头"));
    }
    if may(settings, platform, Field::Proxy) {
        match settings.proxy {
            ProxyChoice::Environment => {}
            ProxyChoice::Direct => parts.push("不使用代理".to_owned()),
            ProxyChoice::Typed => parts.push("使用代理".to_owned()),
        }
    }
    if !settings.authorities.trim().is_empty() && may(settings, platform, Field::Authorities) {
        parts.push("额外信任的证书".to_owned());
    }
    if parts.is_empty() { "默认".to_owned() } else { parts.join("，") }
}

fn times_summary(settings: &ConnectionSettings, platform: Platform) -> String {
    let mut parts = Vec::new();
    for (field, name) in [(Field::ConnectTimeout, "连接"), (Field::CloseTimeout, "关闭")] {
        if may(settings, platform, field) {
            parts.push(format!("{name} {} 秒", settings.text(field).trim()));
        }
    }
    if may(settings, platform, Field::PingInterval) {
        let every = settings.ping_interval.trim();
        if every.is_empty() {
            parts.push("不发送 ping".to_owned());
        } else {
            parts.push(format!("ping {every} 秒，pong {} 秒", settings.pong_timeout.trim()));
        }
    }
    parts.join("，")
}

fn limits_summary(settings: &ConnectionSettings, platform: Platform) -> String {
    let mut parts = Vec::new();
    for (field, name) in [(Field::MaxMessage, "消息"), (Field::MaxFrame, "帧")] {
        if may(settings, platform, field) {
            parts.push(format!("{name}至多 {}", kib(settings.text(field))));
        }
    }
    parts.join("，")
}

fn field(field: Field) -> &'static str {
    match field {
        Field::Protocols => "子协议",
        Field::Headers => "请求头",
        Field::Authorities => "额外信任的证书（PEM）",
        Field::Proxy => "代理",
        Field::ConnectTimeout => "连接时限（秒）",
        Field::CloseTimeout => "关闭时限（秒）",
        Field::PingInterval => "静默多久后发送 ping（秒）",
        Field::PongTimeout => "pong 时限（秒）",
        Field::MaxMessage => "最大消息（KiB）",
        Field::MaxFrame => "最大帧（KiB）",
        Field::Inbox => "可等待读取的消息数",
        Field::Outbox => "可等待发送的消息数",
        Field::FirstWait => "首次等待上限（秒）",
        Field::LongestWait => "最长等待（秒）",
        Field::MaxAttempts => "失败多少次后放弃",
    }
}

fn field_helper(field: Field) -> &'static str {
    match field {
        Field::Protocols => "以逗号分隔，优先的在前",
        Field::Headers => "每行一个“名称: 值”；重启后不保留",
        Field::Authorities => "本机信任的证书之外",
        Field::Proxy => "http://user:password@host:port 或 socks5h:；重启后不保留",
        Field::PingInterval => "留空则不发送",
        Field::MaxAttempts => "留空则永不放弃",
        Field::ConnectTimeout => "超时则此次连接失败",
        Field::CloseTimeout => "超时则直接断开",
        Field::PongTimeout => "超时则视为连接中断",
        Field::MaxMessage | Field::MaxFrame => "超出则结束连接",
        Field::Inbox => "本页面最多可积压的消息",
        Field::Outbox => "超出则不再接受",
        Field::FirstWait => "实际等待其中随机的一段",
        Field::LongestWait => "每次等待加倍，直至此值",
    }
}

fn setting_problem(problem: &SettingProblem) -> String {
    match problem {
        SettingProblem::Number { least, most } => format!("应为 {least} 到 {most} 之间的数"),
        SettingProblem::HeaderWithoutColon { line } => format!("第 {line} 行缺少冒号"),
        SettingProblem::NotPem => "不是 PEM 格式的证书".to_owned(),
        SettingProblem::WaitsShrink => "不应短于首次等待".to_owned(),
        SettingProblem::Argument(_) => "此值无法使用".to_owned(),
    }
}

fn plays_in_page(script: Script, stands_in: bool) -> &'static str {
    match script {
        Script::Echo if !stands_in => "本页面自行回显，不经网络",
        Script::Echo => "该地址没有服务器应答，消息由本页面自行回显",
        _ => "由本页面扮演服务器",
    }
}

fn protocol(protocol: Option<&str>) -> String {
    match protocol {
        Some(protocol) => format!("子协议：{protocol}"),
        None => "无子协议".to_owned(),
    }
}

fn ending(event: &CloseEvent) -> String {
    let CloseEvent { code, reason, initiator, .. } = event;
    let who = match initiator {
        Initiator::Local => "由本页面关闭",
        Initiator::Remote => "由服务器关闭",
        Initiator::Failure => "连接中断",
    };
    let ending = format!("{who}：{code} {}", code_name(*code));
    if reason.is_empty() { ending } else { format!("{ending}，“{}”", harmless(reason)) }
}

fn code_name(code: u16) -> &'static str {
    match code {
        status::NORMAL_CLOSURE => "正常关闭",
        status::GOING_AWAY => "端点离开",
        status::PROTOCOL_ERROR => "协议错误",
        status::UNSUPPORTED_DATA => "不支持的数据",
        status::RESERVED => "保留",
        status::NO_STATUS_RECEIVED => "未收到状态码",
        status::ABNORMAL_CLOSURE => "异常关闭",
        status::INVALID_PAYLOAD_DATA => "无效数据",
        status::POLICY_VIOLATION => "违反策略",
        status::MESSAGE_TOO_BIG => "消息过大",
        status::MANDATORY_EXTENSION => "缺少扩展",
        status::INTERNAL_ERROR => "内部错误",
        status::SERVICE_RESTART => "服务重启",
        status::TRY_AGAIN_LATER => "稍后重试",
        status::BAD_GATEWAY => "网关错误",
        status::TLS_HANDSHAKE => "TLS 握手失败",
        1016..=2999 => "未分配的代码",
        3000..=3999 => "库的代码",
        4000..=4999 => "私有代码",
        _ => "无效代码",
    }
}

fn broken_picture(format: &str, length: usize, why: PictureProblem) -> String {
    match why {
        PictureProblem::TooManyBytes => format!("{format} 图片，{}：太大，无法显示", size(length)),
        PictureProblem::TooManyPixels { width, height } => {
            format!("{format} 图片，{width} × {height} 像素：太大，无法显示")
        }
        PictureProblem::Damaged => format!("{format} 图片，{}：已损坏", size(length)),
    }
}

fn address_problem(problem: &InvalidArgument) -> String {
    match problem {
        InvalidArgument::Url(_) => "不是有效的地址，应形如 ws://host:port/path".to_owned(),
        InvalidArgument::Scheme(scheme) => {
            format!("“{scheme}:” 不能用于 WebSocket，请使用 ws: 或 wss:")
        }
        InvalidArgument::Fragment => "请去掉 # 及其后的内容".to_owned(),
        InvalidArgument::Request(InvalidRequest::Credentials) => {
            "用户名或密码中有无法发送的字符".to_owned()
        }
        InvalidArgument::Request(InvalidRequest::Host) => "主机名中有不允许的字符".to_owned(),
        // The rest is about what this page never asks for: headers, options, close codes.
        _ => "此地址无法使用".to_owned(),
    }
}

fn error(error: &Error) -> String {
    match error {
        Error::Network(error) => network(error),
        Error::Proxy(error) => proxy(error),
        Error::Tls(error) => tls(error),
        Error::Timeout(Timeout::Connect(after)) => {
            format!("{}内没有应答，请检查地址和网络", seconds(*after))
        }
        Error::Timeout(Timeout::Pong(after)) => format!("服务器已{}没有响应", seconds(*after)),
        Error::Refused(response) => refused(response),
        // What it was is known in English only, but the code has a name.
        Error::PeerMisbehaved(peer) => {
            format!("服务器违反了协议（{} {}）", peer.code, code_name(peer.code))
        }
        Error::LimitExceeded(LimitExceeded::MessageTooBig { limit }) => {
            format!("服务器发送的消息超过 {}，可在连接设置中放宽", size(*limit))
        }
        Error::LimitExceeded(LimitExceeded::FrameTooBig { limit }) => {
            format!("服务器发送的帧超过 {}，可在连接设置中放宽", size(*limit))
        }
        Error::LimitExceeded(LimitExceeded::Inbox { .. }) => {
            "服务器发送得太快，本页面来不及接收；可允许更多消息等待".to_owned()
        }
        Error::LimitExceeded(LimitExceeded::Outbox { .. }) => "发送过快，请稍候".to_owned(),
        Error::InvalidArgument(problem) => address_problem(problem),
        Error::Closed(_) => "连接已关闭，请重新连接后再发送".to_owned(),
        // The channel may learn to fail in new ways before this page knows of them.
        _ => "发生未知错误".to_owned(),
    }
}

fn refused(response: &Response) -> String {
    let refusal = Refusal::new(response);
    let again = match refusal.retry_after {
        Some(after) => format!("请在{}后再试", seconds(after)),
        None => "请稍后再试".to_owned(),
    };
    let advice = match (refusal.status, &refusal.location) {
        (300..=399, Some(location)) => format!("它指向 {location}，请连接该地址"),
        (300..=399, None) => "它指向另一个地址，但没有说明".to_owned(),
        (401, _) => "需要登录：在主机前写上用户名和密码，或设置请求头".to_owned(),
        (403, _) => "不允许访问，可能需要令牌或其他来源".to_owned(),
        (407, _) => "代理要求用户名和密码，请在代理设置中填写".to_owned(),
        (404 | 410, _) => "请检查地址中的路径".to_owned(),
        (426, _) => match &refusal.upgrade {
            Some(upgrade) => format!("它要求使用 {upgrade}"),
            None => "它要求使用其他协议".to_owned(),
        },
        (429, _) => format!("请求过多，{again}"),
        (502 | 504, _) => format!("前面的代理无法到达服务器，{again}"),
        (500..=599, _) => format!("暂时无法提供服务，{again}"),
        (200..=299, _) => "这是网页，不是 WebSocket，请检查路径".to_owned(),
        _ => "请检查地址".to_owned(),
    };
    // The words after the number are English.
    let told = format!("服务器应答 {}，{advice}", refusal.status);
    match refusal.words {
        Some(words) => format!("{told}。它说：“{words}”"),
        None => told,
    }
}

fn network(error: &NetworkError) -> String {
    let host = &error.host;
    match error.kind {
        NetworkErrorKind::Unresolvable => format!("找不到主机 {host}，请检查拼写"),
        NetworkErrorKind::ConnectionRefused => {
            format!("{host} 没有服务在监听，请启动服务器后重新连接")
        }
        NetworkErrorKind::Unreachable => format!("无法到达 {host}，请检查网络"),
        NetworkErrorKind::ConnectionLost => {
            format!("{host} 在握手时断开了连接，它是 WebSocket 服务器吗？")
        }
        NetworkErrorKind::Broken => format!("与 {host} 的连接中断，恢复后请重新连接"),
        NetworkErrorKind::LocalResources => "本机资源不足，无法建立连接，请关闭一些程序".to_owned(),
        NetworkErrorKind::ForbiddenByPolicy => {
            format!("本页面的安全策略（connect-src）不允许连接 {host}")
        }
        NetworkErrorKind::InsecureFromSecurePage => {
            format!("https: 页面不能使用 ws: 连接，请改用 wss://{host}")
        }
        NetworkErrorKind::ForbiddenPort => {
            format!("浏览器不会连接 {host}：该端口属于其他协议，请让服务器改用别的端口")
        }
        _ => format!("无法连接 {host}，服务器是否在运行？"),
    }
}

fn proxy(error: &ProxyError) -> String {
    let ProxyError { kind, proxy, host, .. } = error;
    match kind {
        ProxyErrorKind::Invalid(_) => {
            format!("环境变量 {proxy} 不是有效的代理地址，请修改或清除")
        }
        ProxyErrorKind::Credentials => format!("代理 {proxy} 要求正确的用户名和密码"),
        ProxyErrorKind::Forbidden => format!("代理 {proxy} 不允许连接 {host}"),
        ProxyErrorKind::ServerUnreachable => {
            format!("代理 {proxy} 无法到达 {host}，服务器是否在运行？")
        }
        ProxyErrorKind::Timeout(after) => {
            format!("代理 {proxy} 在{}内未能连接 {host}", seconds(*after))
        }
        _ => format!("无法通过代理 {proxy} 连接 {host}，请检查代理地址"),
    }
}

fn tls(error: &TlsError) -> String {
    let host = &error.host;
    match error.kind {
        TlsErrorKind::UnknownIssuer => {
            format!("本机不信任 {host} 的证书；如果您信任，请在连接设置中添加其根证书")
        }
        TlsErrorKind::WrongName => format!("{host} 的证书属于另一个名称，请检查地址"),
        TlsErrorKind::Expired => format!("{host} 的证书当前无效，请检查系统时间"),
        TlsErrorKind::NotTls => format!("{host} 不支持加密，可尝试将 wss: 改为 ws:"),
        TlsErrorKind::IsTls => format!("{host} 需要加密，可尝试将 ws: 改为 wss:"),
        TlsErrorKind::NoAuthorities => "本机没有根证书，请安装".to_owned(),
        TlsErrorKind::OldVersion => format!("{host} 的加密版本过旧，不安全"),
        TlsErrorKind::ClientCertificate => format!("{host} 要求客户端证书，本页面无法提供"),
        _ => format!("无法与 {host} 建立安全连接，请检查服务器的证书和日志"),
    }
}

fn lost(event: &CloseEvent) -> String {
    match event.code {
        status::GOING_AWAY => "服务器正在停止，恢复后请重新连接",
        status::SERVICE_RESTART | status::TRY_AGAIN_LATER => "服务器即将恢复，请稍后重新连接",
        status::ABNORMAL_CLOSURE => "连接被切断，服务器恢复后请重新连接",
        _ => "服务器出现问题，请稍后重新连接",
    }
    .to_owned()
}

fn seconds(duration: Duration) -> String {
    format!("{} 秒", duration.as_secs_f32())
}

fn experiment(experiment: Experiment) -> &'static str {
    match experiment {
        Experiment::One => "一条消息",
        Experiment::Ten => "一次 10 条",
        Experiment::Flood => "一次 100 000 条",
        Experiment::Steady => "每秒 60 条",
        Experiment::SlowBuilder => "缓慢的构建",
        Experiment::PausedReader => "暂停读取",
        Experiment::Failure => "出错",
        Experiment::Close => "以 4123 关闭",
        Experiment::Cut => "拔掉网线",
        Experiment::AnotherStream => "换一个流",
        Experiment::Hidden => "隐藏标签页",
    }
}

fn what_to_watch(setup: &Setup) -> String {
    let value = |parameter| group_digits(setup.value(parameter).into());
    match setup.experiment() {
        Experiment::One => {
            "握手和事件各唤醒构建器一次；一个事件是一次重建、一两帧，之后不再绘制任何帧。"
        }
        Experiment::Ten => "事件和结束同时到达：一次或几次重建就接收完，每次只绘制最后一个。",
        Experiment::Flood => {
            "每帧在时间预算内尽量接收，只绘制最后一个；窗口照常响应，接收时不丢任何事件。"
        }
        Experiment::Steady => {
            return format!(
                "每秒 {} 条时，几乎每个单独到达的事件都有自己的一次重建，预算大多有余。",
                value(Parameter::Rate)
            );
        }
        Experiment::SlowBuilder => {
            return format!(
                "这里绘制一次要多用 {} 毫秒，几个事件共用一次重建：屏幕滞后，流不滞后。",
                value(Parameter::Build)
            );
        }
        Experiment::PausedReader => {
            return format!(
                "{} 条消息正在路上却无人读取：邮箱积到约 {} 条，发送方只能等待；\
                 继续后其余消息才会到来。",
                value(Parameter::Count),
                value(Parameter::Inbox)
            );
        }
        Experiment::Failure => {
            "服务器拒绝连接：流先给出错误，再结束，两者在同一次重建中；快照里是错误而不是数据。"
        }
        Experiment::Close => {
            "服务器先回显，再以 4123 “done” 关闭：流结束而没有错误，最后的数据留在快照中。"
        }
        Experiment::Cut => "连接被突然切断：流结束，代码是 1006，页面提示网络不通。",
        Experiment::AnotherStream => {
            "快照经过 None 和 Waiting，但在新的流开口之前，最后的文字一直保留。"
        }
        Experiment::Hidden => {
            "把标签页或窗口隐藏几秒：事件照样到达并被接收，但在你回来之前几乎不绘制任何帧。"
        }
    }
    .to_owned()
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Socket => "套接字",
        Stage::Mailbox => "邮箱",
        Stage::Waker => "唤醒",
        Stage::Frame => "帧",
        Stage::Snapshot => "快照",
        Stage::Screen => "屏幕",
    }
}

fn stage_figure(stage: Stage, figure: &str) -> String {
    match stage {
        Stage::Socket => format!("套接字：已到达 {figure} 条消息"),
        Stage::Mailbox => format!("邮箱：{figure} 条消息在等待"),
        Stage::Waker => format!("唤醒：{figure} 次"),
        Stage::Frame => format!("帧：{figure} 帧"),
        Stage::Snapshot => format!("快照：{figure}"),
        Stage::Screen => format!("屏幕：{figure} 次重建"),
    }
}

fn counter(counter: Counter) -> &'static str {
    match counter {
        Counter::Events => "事件",
        Counter::Wakes => "唤醒",
        Counter::Rebuilds => "重建",
        Counter::Frames => "帧",
        Counter::Coalesced => "合并",
        Counter::IdleFrames => "空闲帧",
        Counter::MostPerFrame => "单帧最多",
        Counter::BudgetLeft => "剩余预算",
    }
}

fn about_counter(counter: Counter) -> &'static str {
    match counter {
        Counter::Events => "构建器接收的数据、错误和结束",
        Counter::Wakes => "流通知有新内容的次数",
        Counter::Rebuilds => "有新内容可绘制的帧",
        Counter::Frames => "所有的帧；鼠标也会引起一些",
        Counter::Coalesced => "尚未绘制就被替换的事件",
        Counter::IdleFrames => "没有新内容可绘制的帧",
        Counter::MostPerFrame => "一帧接收的最多事件数",
        Counter::BudgetLeft => "上次重建后，每帧接收事件的时间还剩多少",
    }
}

fn rebuild(rebuild: &Rebuild) -> String {
    let Rebuild { number, events, is_cut, .. } = rebuild;
    let coalesced = events - 1;
    let mut line = match events {
        1 => format!("重建 {number}：1 个事件"),
        _ => format!("重建 {number}：{events} 个事件，合并 {coalesced} 个"),
    };
    if *is_cut {
        line.push_str("；预算用尽");
    }
    line
}

fn pause_before(pause: Duration, frames: u64) -> String {
    let pause = short_time(pause);
    match frames {
        0 => format!("{pause} 内没有绘制任何帧"),
        _ => format!("{pause} 内有 {frames} 帧，没有新内容"),
    }
}

fn event(event: &RecordedEvent<'_>) -> String {
    let number = event.number;
    match event.kind {
        EventKind::Data => format!("#{number}"),
        EventKind::Error => format!("#{number} 错误"),
        EventKind::Done => format!("#{number} 结束"),
    }
}

fn step(step: Step) -> &'static str {
    match step {
        Step::Connect => "1. 连接",
        Step::Listen => "2. 监听",
        Step::Send => "3. 发送",
        Step::Close => "4. 关闭",
    }
}

fn about_step(step: Step) -> &'static str {
    match step {
        Step::Connect => "立刻得到通道，没有谁等待握手；如果握手失败，流会告诉你。",
        Step::Listen => {
            "流请求一帧之后，构建器就在这一帧里轮询它，并绘制最新的内容。在 Flutter 中由框架持有负责此事的\
             组件；在这里它是应用中的一个值，绘制就是一次调用。"
        }
        Step::Send => {
            "消息先进入邮箱，再发往网络。在 Dart 中错误来得晚或根本不来；在这里，未被接收的消息会退还。"
        }
        Step::Close => {
            "页面离开时，通道以一个代码告别。在 Flutter 中这是组件的 dispose；在这里是应用结束或换一个连接。"
        }
    }
}

fn step_times(times: u32, is_last: bool) -> String {
    match (times, is_last) {
        (0, _) => "尚未执行".to_owned(),
        (_, false) => format!("{times} 次"),
        (_, true) => format!("刚刚，共 {times} 次"),
    }
}

fn not_attached(refused: &Refused) -> String {
    match refused {
        Refused::TooLarge { bytes } => {
            format!("{} 字节太大，无法附加；最多发送 64 MiB", group_digits(*bytes))
        }
        Refused::TooMany => format!("最多附加 {MAX_ATTACHMENTS} 项"),
        // Why is known in the system's own words.
        Refused::Unreadable { name, why } => format!("无法读取“{name}”：{why}"),
        Refused::Wrong(problem) => format!("未附加：{}", format_problem(problem)),
    }
}

fn format_problem(problem: &FormatProblem) -> String {
    match problem {
        FormatProblem::Json(error) => {
            let what = match error.kind {
                JsonErrorKind::UnexpectedEnd => "内容不完整",
                JsonErrorKind::ExpectedValue => "缺少值",
                JsonErrorKind::ExpectedKey => "缺少键",
                JsonErrorKind::ExpectedColon => "缺少冒号",
                JsonErrorKind::ExpectedComma => "缺少逗号或右括号",
                JsonErrorKind::TrailingText => "值后面有多余内容",
                JsonErrorKind::WrongEscape => "没有这种转义",
                JsonErrorKind::ControlInString => "控制字符必须转义",
                JsonErrorKind::WrongNumber => "不是有效的数字",
                JsonErrorKind::TooLong => "太长，无法检查",
            };
            format!("不是 JSON：第 {} 行第 {} 列，{what}", error.line, error.column)
        }
        FormatProblem::NotHex { at, found } => {
            format!("第 {at} 个字符“{}”不是十六进制数字", found.escape_debug())
        }
        FormatProblem::HalfByte { at } => format!("第 {at} 个字符处的字节只有一位，应为两位"),
        FormatProblem::NotBase64 { at, found } => {
            format!("第 {at} 个字符“{}”不该出现在 Base64 的这个位置", found.escape_debug())
        }
        FormatProblem::CutBase64 => "Base64 文本不完整".to_owned(),
    }
}

fn ready(ready: Ready) -> String {
    let key = if ready.needs_ctrl { "按 Ctrl+Enter " } else { "按回车键" };
    match (ready.attachments, ready.format, ready.bytes) {
        (1, _, _) => format!("{key}发送附件"),
        (2.., _, _) => format!("{key}发送 {} 个附件", ready.attachments),
        (0, Format::Text, _) | (0, _, 0) => format!("{key}发送"),
        (0, Format::Json, _) => format!("JSON；{key}发送"),
        (0, Format::Hex | Format::Base64, bytes) => format!("{}；{key}发送", size(bytes)),
    }
}

fn repeating(repeating: &Repeating) -> String {
    let Repeating { sent, count, state } = repeating;
    let so_far = format!("已发送 {sent}/{count}");
    match state {
        RepeatState::Runs => format!("{so_far}…"),
        RepeatState::Waits => format!("{so_far}，下一条等待网络…"),
        RepeatState::Done => format!("{so_far}。"),
        RepeatState::Stopped => format!("{so_far}，已停止。"),
        RepeatState::ConnectionEnded => format!("{so_far}，连接已结束。"),
        RepeatState::Failed(why) => format!("{so_far}。{}", error(why)),
    }
}
