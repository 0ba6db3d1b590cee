//! Every sentence the page says, in every language. Nothing is worded anywhere else, and the
//! compiler sees to it that no language lacks one: each is a `match` over all of them.

use std::time::Duration;

use web_socket_channel::handshake::InvalidRequest;
use web_socket_channel::{
    CloseEvent, Error, Initiator, InvalidArgument, LimitExceeded, NetworkErrorKind, ProxyError,
    ProxyErrorKind, ReadyState, Timeout, TlsErrorKind, status,
};

use crate::experiment::Script;
use crate::payload::PictureProblem;
use crate::trouble::Trouble;

mod lesson;
mod rebuilds;

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Chinese, simplified.
    Chinese,
}

use Language::{Chinese, English};

impl Language {
    /// All of them, in the order in which [`next`](Self::next) goes through them.
    pub const ALL: [Self; 2] = [English, Chinese];

    /// The language of a locale such as `zh-CN`; English where it is not spoken here.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['-', '_', '.']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") { Chinese } else { English }
    }

    /// The one after this.
    pub fn next(self) -> Self {
        match self {
            English => Chinese,
            Chinese => English,
        }
    }

    /// As a tag of BCP 47, for the page's `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            English => "en",
            Chinese => "zh-CN",
        }
    }

    /// The app bar and the window.
    pub fn title(self) -> &'static str {
        match self {
            English => "WebSocket (content echo)",
            Chinese => "WebSocket(内容回显)",
        }
    }

    /// The label of the message field.
    pub fn message_label(self) -> &'static str {
        match self {
            English => "Send a message",
            Chinese => "发送消息",
        }
    }

    /// The name of the floating button.
    pub fn send_button(self) -> &'static str {
        match self {
            English => "Send message",
            Chinese => "发送",
        }
    }

    /// The label of the address field.
    pub fn address_label(self) -> &'static str {
        match self {
            English => "Server address",
            Chinese => "服务器地址",
        }
    }

    /// Below the address field, while nothing is wrong with it.
    pub fn address_helper(self) -> &'static str {
        match self {
            English => "Press Enter to connect",
            Chinese => "按回车键连接",
        }
    }

    /// The button beside the address.
    pub fn connect_button(self) -> &'static str {
        match self {
            English => "Connect again",
            Chinese => "重新连接",
        }
    }

    /// The button where the page echoes by itself.
    pub fn try_server_button(self) -> &'static str {
        match self {
            English => "Try the server again",
            Chinese => "重试服务器",
        }
    }

    /// The button for the other language; named in that language, for those who look for it.
    pub fn next_language_button(self) -> &'static str {
        match self {
            English => "切换到中文",
            Chinese => "Switch to English",
        }
    }

    /// The button for dark mode.
    pub fn dark_mode_button(self) -> &'static str {
        match self {
            English => "Dark mode",
            Chinese => "深色模式",
        }
    }

    /// The button for light mode.
    pub fn light_mode_button(self) -> &'static str {
        match self {
            English => "Light mode",
            Chinese => "浅色模式",
        }
    }

    /// What came back.
    pub fn echo(self, text: &str) -> String {
        match self {
            English | Chinese => format!("echo: {text}"),
        }
    }

    /// A picture came back; for those who can't see it.
    pub fn picture(self, width: usize, height: usize, length: usize) -> String {
        match self {
            English => format!("Picture, {width} × {height} pixels, {length} bytes"),
            Chinese => format!("图片，{width} × {height} 像素，{length} 字节"),
        }
    }

    /// Bytes came back that are no picture.
    pub fn bytes(self, length: usize) -> String {
        match (self, length) {
            (English, 1) => "echo: 1 byte".to_owned(),
            (English, _) => format!("echo: {length} bytes"),
            (Chinese, _) => format!("echo: {length} 字节"),
        }
    }

    /// A picture came back that can't be shown.
    pub fn broken_picture(self, format: &str, length: usize, why: PictureProblem) -> String {
        match (self, why) {
            (English, PictureProblem::TooManyBytes) => {
                format!("A {format} picture of {length} bytes: too large to show")
            }
            (English, PictureProblem::TooManyPixels { width, height }) => {
                format!("A {format} picture of {width} × {height} pixels: too large to show")
            }
            (English, PictureProblem::Damaged) => {
                format!("A {format} picture of {length} bytes that is damaged")
            }
            (Chinese, PictureProblem::TooManyBytes) => {
                format!("{format} 图片，{length} 字节：太大，无法显示")
            }
            (Chinese, PictureProblem::TooManyPixels { width, height }) => {
                format!("{format} 图片，{width} × {height} 像素：太大，无法显示")
            }
            (Chinese, PictureProblem::Damaged) => {
                format!("{format} 图片，{length} 字节：已损坏")
            }
        }
    }

    /// The state of the connection, in a word.
    pub fn state(self, state: Option<ReadyState>) -> &'static str {
        match (self, state) {
            (English, None) => "Not connected",
            (English, Some(ReadyState::Connecting)) => "Connecting…",
            (English, Some(ReadyState::Open)) => "Open",
            (English, Some(ReadyState::Closing)) => "Closing…",
            (English, Some(ReadyState::Closed)) => "Closed",
            (Chinese, None) => "未连接",
            (Chinese, Some(ReadyState::Connecting)) => "正在连接…",
            (Chinese, Some(ReadyState::Open)) => "已连接",
            (Chinese, Some(ReadyState::Closing)) => "正在关闭…",
            (Chinese, Some(ReadyState::Closed)) => "已关闭",
        }
    }

    /// The subprotocol, or that there is none.
    pub fn protocol(self, protocol: Option<&str>) -> String {
        match (self, protocol) {
            (English, Some(protocol)) => format!("Subprotocol: {protocol}"),
            (English, None) => "No subprotocol".to_owned(),
            (Chinese, Some(protocol)) => format!("子协议：{protocol}"),
            (Chinese, None) => "无子协议".to_owned(),
        }
    }

    /// The state of the connection where the page echoes by itself: "open" would say too much.
    pub fn in_page_state(self) -> &'static str {
        match self {
            English => "In-page echo",
            Chinese => "页内回显",
        }
    }

    /// That the page echoes by itself, and why; or that it plays the server in something to try.
    pub fn plays_in_page(self, script: Script) -> &'static str {
        match (self, script) {
            (English, Script::Echo) => {
                "No server answers at this address, so this page echoes by itself"
            }
            (Chinese, Script::Echo) => "该地址没有服务器应答，消息由本页面自行回显",
            (English, _) => "This page plays the server itself",
            (Chinese, _) => "由本页面扮演服务器",
        }
    }

    /// How a connection ended: who began it, the code with its name, and the reason.
    pub fn ending(self, event: &CloseEvent) -> String {
        let code = event.code;
        let name = self.code_name(code);
        let who = match (self, event.initiator) {
            (English, Initiator::Local) => "Closed by this page",
            (English, Initiator::Remote) => "Closed by the server",
            (English, Initiator::Failure) => "Connection lost",
            (Chinese, Initiator::Local) => "由本页面关闭",
            (Chinese, Initiator::Remote) => "由服务器关闭",
            (Chinese, Initiator::Failure) => "连接中断",
        };
        let reason = match (self, event.reason.is_empty()) {
            (_, true) => String::new(),
            (English, false) => format!(", “{}”", event.reason),
            (Chinese, false) => format!("，“{}”", event.reason),
        };
        match self {
            English => format!("{who}: {code} {name}{reason}"),
            Chinese => format!("{who}：{code} {name}{reason}"),
        }
    }

    /// What a close code is called.
    fn code_name(self, code: u16) -> &'static str {
        match self {
            English => status::name(code),
            Chinese => match code {
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
            },
        }
    }

    /// The error text of the Flutter page.
    pub fn unreachable(self) -> &'static str {
        match self {
            English => "Network unreachable…",
            Chinese => "网络不通...",
        }
    }

    /// What went wrong, in words that a person can act on.
    pub fn trouble(self, trouble: &Trouble) -> String {
        match trouble {
            Trouble::Failed(error) => self.error(error),
            Trouble::Lost(event) => self.lost(event),
        }
    }

    /// What is wrong with an address.
    pub fn address_problem(self, problem: &InvalidArgument) -> String {
        match (self, problem) {
            (English, InvalidArgument::Url(_)) => {
                "Not an address; it looks like ws://host:port/path".to_owned()
            }
            (Chinese, InvalidArgument::Url(_)) => {
                "不是有效的地址，应形如 ws://host:port/path".to_owned()
            }
            (English, InvalidArgument::Scheme(scheme)) => {
                format!("“{scheme}:” is not for WebSockets; write ws: or wss:")
            }
            (Chinese, InvalidArgument::Scheme(scheme)) => {
                format!("“{scheme}:” 不能用于 WebSocket，请使用 ws: 或 wss:")
            }
            (English, InvalidArgument::Fragment) => "Remove the # and what follows".to_owned(),
            (Chinese, InvalidArgument::Fragment) => "请去掉 # 及其后的内容".to_owned(),
            (English, InvalidArgument::Request(InvalidRequest::Credentials)) => {
                "The user name or the password has characters that can't be sent".to_owned()
            }
            (Chinese, InvalidArgument::Request(InvalidRequest::Credentials)) => {
                "用户名或密码中有无法发送的字符".to_owned()
            }
            (English, InvalidArgument::Request(InvalidRequest::Host)) => {
                "The host has characters that no host has".to_owned()
            }
            (Chinese, InvalidArgument::Request(InvalidRequest::Host)) => {
                "主机名中有不允许的字符".to_owned()
            }
            // The rest is about what this page never asks for: headers, options, close codes.
            (English, other) => other.to_string(),
            (Chinese, _) => "此地址无法使用".to_owned(),
        }
    }

    fn error(self, error: &Error) -> String {
        match error {
            Error::Network(network) => self.network(network.kind, &network.host),
            Error::Proxy(proxy) => self.proxy(proxy),
            Error::Tls(tls) => self.tls(tls.kind, &tls.host),
            Error::Timeout(Timeout::Connect(after)) => match self {
                English => format!("No answer within {}", self.duration(*after)),
                Chinese => format!("{}内没有应答", self.duration(*after)),
            },
            Error::Timeout(Timeout::Pong(after)) => match self {
                English => format!("The server has been silent for {}", self.duration(*after)),
                Chinese => format!("服务器已{}没有响应", self.duration(*after)),
            },
            Error::Refused(response) => {
                let (english, chinese) = match response.status.as_u16() {
                    300..=399 => ("it points to another address", "它指向另一个地址"),
                    401 | 407 => ("it asks for a user and password", "需要用户名和密码"),
                    403 => ("it does not allow this", "不允许访问"),
                    429 | 500..=599 => ("try again later", "请稍后重试"),
                    404 | 410 => ("check the path of the address", "请检查地址中的路径"),
                    _ => ("check the address", "请检查地址"),
                };
                match self {
                    English => format!("The server answered {}; {english}", response.status),
                    // The words after the number are English.
                    Chinese => format!("服务器应答 {}，{chinese}", response.status.as_u16()),
                }
            }
            Error::PeerMisbehaved(peer) => match self {
                English => format!("The server broke the protocol: {}", peer.what),
                // What it was is known in English only, but the code has a name.
                Chinese => {
                    format!("服务器违反了协议（{} {}）", peer.code, self.code_name(peer.code))
                }
            },
            Error::LimitExceeded(LimitExceeded::MessageTooBig { limit }) => match self {
                English => format!("The server sent a message of over {limit} bytes"),
                Chinese => format!("服务器发送的消息超过 {limit} 字节"),
            },
            Error::LimitExceeded(LimitExceeded::FrameTooBig { limit }) => match self {
                English => format!("The server sent a frame of over {limit} bytes"),
                Chinese => format!("服务器发送的帧超过 {limit} 字节"),
            },
            Error::LimitExceeded(LimitExceeded::Inbox { .. }) => match self {
                English => "The server sends faster than this page can take it".to_owned(),
                Chinese => "服务器发送得太快，本页面来不及接收".to_owned(),
            },
            Error::LimitExceeded(LimitExceeded::Outbox { .. }) => match self {
                English => "The network takes less than is sent; wait a moment".to_owned(),
                Chinese => "发送过快，请稍候".to_owned(),
            },
            Error::InvalidArgument(misuse) => self.address_problem(misuse),
            Error::Closed(_) => match self {
                English => "The connection is closed; connect again to send".to_owned(),
                Chinese => "连接已关闭，请重新连接后再发送".to_owned(),
            },
            // The channel may learn to fail in new ways before this page knows of them.
            other => match self {
                English => other.to_string(),
                Chinese => "发生未知错误".to_owned(),
            },
        }
    }

    fn network(self, kind: NetworkErrorKind, host: &str) -> String {
        match (self, kind) {
            (English, NetworkErrorKind::Unresolvable) => {
                format!("There is no host named {host}; check the spelling")
            }
            (Chinese, NetworkErrorKind::Unresolvable) => {
                format!("找不到主机 {host}，请检查拼写")
            }
            (English, NetworkErrorKind::ConnectionRefused) => {
                format!("Nothing listens at {host}; start the server, then connect again")
            }
            (Chinese, NetworkErrorKind::ConnectionRefused) => {
                format!("{host} 没有服务在监听，请启动服务器后重新连接")
            }
            (English, NetworkErrorKind::Unreachable) => {
                format!("{host} can't be reached; check the network")
            }
            (Chinese, NetworkErrorKind::Unreachable) => format!("无法到达 {host}，请检查网络"),
            (English, NetworkErrorKind::ConnectionLost) => {
                format!("{host} hung up during the handshake; is it a WebSocket server?")
            }
            (Chinese, NetworkErrorKind::ConnectionLost) => {
                format!("{host} 在握手时断开了连接，它是 WebSocket 服务器吗？")
            }
            (English, NetworkErrorKind::Broken) => {
                format!("The connection to {host} broke off; connect again when it is back")
            }
            (Chinese, NetworkErrorKind::Broken) => {
                format!("与 {host} 的连接中断，恢复后请重新连接")
            }
            (English, NetworkErrorKind::LocalResources) => {
                "This machine has no room for a connection; close some programs".to_owned()
            }
            (Chinese, NetworkErrorKind::LocalResources) => {
                "本机资源不足，无法建立连接，请关闭一些程序".to_owned()
            }
            (English, _) => format!("No connection to {host}; is the server running there?"),
            (Chinese, _) => format!("无法连接 {host}，服务器是否在运行？"),
        }
    }

    fn proxy(self, error: &ProxyError) -> String {
        let ProxyError { kind, proxy, host, .. } = error;
        match (self, kind) {
            (English, ProxyErrorKind::Invalid(_)) => {
                format!("The variable {proxy} does not name a proxy; correct or unset it")
            }
            (Chinese, ProxyErrorKind::Invalid(_)) => {
                format!("环境变量 {proxy} 不是有效的代理地址，请修改或清除")
            }
            (English, ProxyErrorKind::Credentials) => {
                format!("The proxy {proxy} wants a user and password that it knows")
            }
            (Chinese, ProxyErrorKind::Credentials) => {
                format!("代理 {proxy} 要求正确的用户名和密码")
            }
            (English, ProxyErrorKind::Forbidden) => {
                format!("The proxy {proxy} does not allow connections to {host}")
            }
            (Chinese, ProxyErrorKind::Forbidden) => format!("代理 {proxy} 不允许连接 {host}"),
            (English, ProxyErrorKind::ServerUnreachable) => {
                format!("The proxy {proxy} can't reach {host}; is the server running there?")
            }
            (Chinese, ProxyErrorKind::ServerUnreachable) => {
                format!("代理 {proxy} 无法到达 {host}，服务器是否在运行？")
            }
            (English, ProxyErrorKind::Timeout(after)) => {
                let after = self.duration(*after);
                format!("The proxy {proxy} made no connection to {host} within {after}")
            }
            (Chinese, ProxyErrorKind::Timeout(after)) => {
                format!("代理 {proxy} 在{}内未能连接 {host}", self.duration(*after))
            }
            (English, _) => {
                format!("The proxy {proxy} does not lead to {host}; check the proxy's address")
            }
            (Chinese, _) => format!("无法通过代理 {proxy} 连接 {host}，请检查代理地址"),
        }
    }

    fn tls(self, kind: TlsErrorKind, host: &str) -> String {
        match (self, kind) {
            (English, TlsErrorKind::UnknownIssuer) => {
                format!("This machine does not trust the certificate of {host}")
            }
            (Chinese, TlsErrorKind::UnknownIssuer) => format!("本机不信任 {host} 的证书"),
            (English, TlsErrorKind::WrongName) => {
                format!("The certificate of {host} is for another name; check the address")
            }
            (Chinese, TlsErrorKind::WrongName) => {
                format!("{host} 的证书属于另一个名称，请检查地址")
            }
            (English, TlsErrorKind::Expired) => {
                format!("The certificate of {host} is not valid today; check the clock")
            }
            (Chinese, TlsErrorKind::Expired) => format!("{host} 的证书当前无效，请检查系统时间"),
            (English, TlsErrorKind::NotTls) => format!("{host} speaks no TLS; try ws:, not wss:"),
            (Chinese, TlsErrorKind::NotTls) => format!("{host} 不支持加密，可尝试将 wss: 改为 ws:"),
            (English, TlsErrorKind::IsTls) => format!("{host} speaks TLS; try wss:, not ws:"),
            (Chinese, TlsErrorKind::IsTls) => format!("{host} 需要加密，可尝试将 ws: 改为 wss:"),
            (English, TlsErrorKind::NoAuthorities) => {
                "This machine has no certificates of authorities; install them".to_owned()
            }
            (Chinese, TlsErrorKind::NoAuthorities) => "本机没有根证书，请安装".to_owned(),
            (English, TlsErrorKind::OldVersion) => {
                format!("{host} speaks only old versions of TLS, which are not safe")
            }
            (Chinese, TlsErrorKind::OldVersion) => format!("{host} 的加密版本过旧，不安全"),
            (English, TlsErrorKind::ClientCertificate) => {
                format!("{host} wants a certificate, which this page has not")
            }
            (Chinese, TlsErrorKind::ClientCertificate) => {
                format!("{host} 要求客户端证书，本页面没有")
            }
            (English, _) => format!("No secure connection to {host}"),
            (Chinese, _) => format!("无法与 {host} 建立安全连接"),
        }
    }

    fn lost(self, event: &CloseEvent) -> String {
        match (self, event.code) {
            (English, status::GOING_AWAY) => {
                "The server is going away; connect again when it is back"
            }
            (Chinese, status::GOING_AWAY) => "服务器正在停止，恢复后请重新连接",
            (English, status::SERVICE_RESTART | status::TRY_AGAIN_LATER) => {
                "The server will be back soon; connect again in a moment"
            }
            (Chinese, status::SERVICE_RESTART | status::TRY_AGAIN_LATER) => {
                "服务器即将恢复，请稍后重新连接"
            }
            (English, status::ABNORMAL_CLOSURE) => {
                "The connection was cut; connect again when the server is back"
            }
            (Chinese, status::ABNORMAL_CLOSURE) => "连接被切断，服务器恢复后请重新连接",
            (English, _) => "The server has a problem; connect again later",
            (Chinese, _) => "服务器出现问题，请稍后重新连接",
        }
        .to_owned()
    }

    fn duration(self, duration: Duration) -> String {
        let secs = duration.as_secs_f32();
        match self {
            English => format!("{secs} s"),
            Chinese => format!("{secs} 秒"),
        }
    }

    /// `--help`.
    pub const USAGE: &str = "\
Usage: websocket-echo [URL]

Opens a page that sends messages to a WebSocket server and shows what comes
back. Without a URL it starts an echo server of its own on this machine.

  URL            ws://host:port/path or wss://…, to connect to instead
  -h, --help     show this and leave
  -V, --version  show the version and leave";

    /// An argument that is not understood.
    pub fn unknown_argument(argument: &str) -> String {
        format!("error: {argument:?} is not an option; see websocket-echo --help")
    }

    /// More than one URL.
    pub const TOO_MANY_ARGUMENTS: &str = "error: at most one URL; see websocket-echo --help";

    /// An argument that is no address.
    pub fn bad_address(address: &str, problem: &InvalidArgument) -> String {
        format!("error: {address:?}: {}", English.address_problem(problem))
    }

    /// No window could be opened.
    pub fn no_window(why: &str) -> String {
        format!("error: no window can be opened here ({why}); run it where there is a display")
    }

    /// The echo server of the desktop program could not be started.
    pub fn no_local_server(why: &str) -> String {
        format!("warning: no echo server of its own ({why}); the page echoes by itself")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use web_socket_channel::{InvalidProxy, NetworkError, PeerMisbehaved, TlsError, handshake};

    #[test]
    fn locales() {
        for locale in ["zh", "zh-CN", "zh_TW.UTF-8", "ZH-Hans"] {
            assert_eq!(Language::of_locale(locale), Chinese, "{locale}");
        }
        for locale in ["", "C", "en-GB", "de", "za"] {
            assert_eq!(Language::of_locale(locale), English, "{locale}");
        }
    }

    #[test]
    fn every_language_can_be_reached_from_every_other() {
        let mut language = English;
        for _ in Language::ALL {
            language = language.next();
        }
        assert_eq!(language, English);
        assert_ne!(language.next(), language);
    }

    #[test]
    fn no_trouble_is_told_in_the_wrong_language() {
        let host = || "127.0.0.1:3678".to_owned();
        let refused = |head: &[u8]| match handshake::parse_response(head, 0) {
            Ok(Some((response, _))) => Error::Refused(response.into()),
            other => unreachable!("{other:?}"),
        };
        let mut errors = vec![
            Error::Timeout(Timeout::Connect(Duration::from_secs(10))),
            Error::Timeout(Timeout::Pong(Duration::from_millis(1500))),
            PeerMisbehaved { code: 1002, what: "a reserved bit is set".into() }.into(),
            Error::LimitExceeded(LimitExceeded::MessageTooBig { limit: 3678 }),
            Error::LimitExceeded(LimitExceeded::Inbox { messages: 1, bytes: 2 }),
            Error::LimitExceeded(LimitExceeded::Outbox { messages: 1, bytes: 2 }),
            InvalidArgument::Fragment.into(),
            Error::Closed(None),
            refused(b"HTTP/1.1 302 Found\r\n\r\n"),
            refused(b"HTTP/1.1 401 Unauthorized\r\n\r\n"),
            refused(b"HTTP/1.1 403 Forbidden\r\n\r\n"),
            refused(b"HTTP/1.1 404 Not Found\r\n\r\n"),
            refused(b"HTTP/1.1 418 Teapot\r\n\r\n"),
            refused(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"),
        ];
        for kind in [
            NetworkErrorKind::Unresolvable,
            NetworkErrorKind::ConnectionRefused,
            NetworkErrorKind::Unreachable,
            NetworkErrorKind::ConnectionLost,
            NetworkErrorKind::Broken,
            NetworkErrorKind::LocalResources,
            NetworkErrorKind::Other,
        ] {
            errors.push(NetworkError { kind, host: host(), source: None }.into());
        }
        for kind in [
            TlsErrorKind::UnknownIssuer,
            TlsErrorKind::WrongName,
            TlsErrorKind::Expired,
            TlsErrorKind::NoAuthorities,
            TlsErrorKind::NotTls,
            TlsErrorKind::IsTls,
            TlsErrorKind::OldVersion,
            TlsErrorKind::ClientCertificate,
            TlsErrorKind::Other,
        ] {
            let source = std::io::Error::other("what rustls said");
            errors.push(TlsError { kind, host: host(), source: source.into() }.into());
        }
        for kind in [
            ProxyErrorKind::Invalid(InvalidProxy::Path),
            ProxyErrorKind::Network(NetworkErrorKind::ConnectionRefused),
            ProxyErrorKind::Timeout(Duration::from_secs(10)),
            ProxyErrorKind::Credentials,
            ProxyErrorKind::Forbidden,
            ProxyErrorKind::ServerUnreachable,
            ProxyErrorKind::Refused,
        ] {
            let (proxy, host) = ("http://127.0.0.1:3128".to_owned(), host());
            errors.push(ProxyError { kind, proxy, host, response: None, source: None }.into());
        }
        for error in errors {
            let trouble = Trouble::Failed(error);
            let (english, chinese) = (English.trouble(&trouble), Chinese.trouble(&trouble));
            assert!(english.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
            assert!(english.is_ascii(), "{english}");
            let chinese = chinese
                .replace("WebSocket", "")
                .replace("wss:", "")
                .replace("ws:", "")
                .replace("http:", "");
            let is_word = |word: &str| word.len() > 2;
            let mut words = chinese.split(|c: char| !c.is_ascii_alphabetic());
            assert!(!words.any(is_word), "{chinese}");
            assert!(!chinese.is_ascii(), "{chinese}");
        }
    }

    #[test]
    fn an_ending_says_who_what_and_why() {
        let event = CloseEvent::new(4123, "raisin", true, Initiator::Remote);
        assert_eq!(English.ending(&event), "Closed by the server: 4123 private code, “raisin”");
        let event = CloseEvent::new(1006, "", false, Initiator::Failure);
        let text = English.ending(&event);
        assert!(text.starts_with("Connection lost: 1006 "), "{text}");
    }
}
