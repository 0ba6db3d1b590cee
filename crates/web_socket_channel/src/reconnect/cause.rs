//! Why there is no connection, and whether trying again can help.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::close::CloseEvent;
use crate::error::{
    Error, LimitExceeded, NetworkErrorKind, ProxyError, ProxyErrorKind, RuntimeError, TlsErrorKind,
};
use crate::handshake::Response;
use crate::handshake::http::StatusCode;
use crate::status;

/// Why an attempt to connect came to nothing, or why an open connection ended.
///
/// A clone is cheap. The text is fit to be shown to a person and has no credentials in it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The function that gives the URL and the options failed with this.
    Request(Error),
    /// No connection could be made, or an open one was failed, for this.
    Error(Error),
    /// The peer closed the connection, or it was cut (1006).
    Closed(Arc<CloseEvent>),
}

/// Why a reconnecting channel has come to its end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StopCause {
    /// The program asked for it.
    Requested,
    /// Trying again can't help.
    NotRetryable(Cause),
    /// As many attempts in a row have failed as [`Policy::max_attempts`](super::Policy::max_attempts)
    /// allows.
    GaveUp {
        /// How many.
        attempts: u32,
        /// Why the last of them failed.
        last: Cause,
    },
}

impl Cause {
    /// Whether trying again can help, by the rules that hold unless a
    /// [`Policy::should_retry`](super::Policy::should_retry) has others:
    ///
    /// | what happened | is retryable | why |
    /// | --- | --- | --- |
    /// | [`Error::Network`], [`Error::Timeout`] | yes | networks come back |
    /// | [`Error::Network`] of what a browser forbids | no | a page keeps its policy |
    /// | [`Error::Refused`] with 5xx, 408, 429 | yes | the server says that it is for now |
    /// | [`Error::Refused`] with any other status | no | it would answer the same again |
    /// | [`Error::Tls`] | no | a certificate doesn't mend itself in seconds |
    /// | [`Error::Tls`] where the network broke off in the middle of it | yes | as above |
    /// | [`Error::Proxy`] that can't be reached, or can't reach the server | yes | as above |
    /// | [`Error::Proxy`] that refuses or misbehaves | no, but for the statuses above | as above |
    /// | [`Error::PeerMisbehaved`] | no | it would do the same again |
    /// | [`RuntimeError::NoThread`] | yes | threads end |
    /// | any other [`Error::Runtime`] | no | what runs the connection is gone |
    /// | [`LimitExceeded::Inbox`] | yes | what came before has been read by now |
    /// | any other [`Error::LimitExceeded`] | no | the same message would come again |
    /// | [`Error::InvalidArgument`] | no | it is a mistake in the program |
    /// | 1001, 1006, 1011, 1012, 1013, 1014 | yes | the server goes, breaks down or restarts, or the cable does |
    /// | 1000, 1005 | no | the peer is done and says so |
    /// | any other code below 3000 | no | it would say the same again |
    /// | 3000–4999 | no | only the two ends know what it means: many stand for "log in again" |
    /// | [`Cause::Request`] | yes, but for [`Error::InvalidArgument`] | whoever gives out tokens may be away too |
    ///
    /// A browser hides why a connection was not made: there all of it is [`Error::Network`], a
    /// refusal with 401 too.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Request(error) => !matches!(error, Error::InvalidArgument(_)),
            Self::Error(error) => match error {
                Error::Network(error) => !matches!(
                    error.kind,
                    NetworkErrorKind::ForbiddenByPolicy
                        | NetworkErrorKind::InsecureFromSecurePage
                        | NetworkErrorKind::ForbiddenPort
                ),
                Error::Timeout(_) => true,
                Error::Refused(response) => is_temporary(response.status),
                Error::Tls(error) => was_cut(error.kind, &error.source),
                Error::Proxy(error) => is_retryable_proxy(error),
                Error::LimitExceeded(limit) => matches!(limit, LimitExceeded::Inbox { .. }),
                Error::Runtime(error) => matches!(error, RuntimeError::NoThread(_)),
                Error::InvalidArgument(_) | Error::PeerMisbehaved(_) | Error::Closed(_) => false,
            },
            Self::Closed(event) => matches!(
                event.code,
                status::GOING_AWAY
                    | status::ABNORMAL_CLOSURE
                    | status::INTERNAL_ERROR
                    | status::SERVICE_RESTART
                    | status::TRY_AGAIN_LATER
                    | status::BAD_GATEWAY
            ),
        }
    }

    /// The code that an open connection was closed with.
    #[must_use]
    pub fn close_code(&self) -> Option<u16> {
        match self {
            Self::Closed(event) => Some(event.code),
            Self::Request(_) | Self::Error(_) => None,
        }
    }

    /// The status with which the server refused the handshake. Never in a browser, which hides it.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.refusal().map(|response| response.status.as_u16())
    }

    /// The error, where it was one: a close is none.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Request(error) | Self::Error(error) => Some(error),
            Self::Closed(_) => None,
        }
    }

    /// How long the server, or the proxy, asks to be left alone.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Error(Error::Proxy(error)) => error.response.as_ref()?.retry_after(),
            _ => self.refusal()?.retry_after(),
        }
    }

    fn refusal(&self) -> Option<&Response> {
        match self {
            Self::Error(Error::Refused(response)) => Some(response),
            _ => None,
        }
    }
}

impl StopCause {
    /// What went wrong last; `None` where the program asked for the end.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Requested => None,
            Self::NotRetryable(cause) | Self::GaveUp { last: cause, .. } => Some(cause),
        }
    }
}

/// What a connection that could not be made says; one that was closed before it was open says that
/// with its code.
impl From<Error> for Cause {
    fn from(error: Error) -> Self {
        match error {
            Error::Closed(Some(event)) => Self::Closed(event),
            error => Self::Error(error),
        }
    }
}

fn is_temporary(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS)
}

fn is_retryable_proxy(error: &ProxyError) -> bool {
    match &error.kind {
        ProxyErrorKind::Network(_)
        | ProxyErrorKind::Timeout(_)
        | ProxyErrorKind::ServerUnreachable => true,
        ProxyErrorKind::Tls(kind) => {
            error.source.as_ref().is_some_and(|source| was_cut(*kind, source))
        }
        ProxyErrorKind::Refused => {
            error.response.as_ref().is_some_and(|response| is_temporary(response.status))
        }
        ProxyErrorKind::Invalid(_)
        | ProxyErrorKind::Credentials
        | ProxyErrorKind::Forbidden
        | ProxyErrorKind::Misbehaved(_) => false,
    }
}

/// Whether it was the network that ended a TLS handshake, and nothing that was said in it.
fn was_cut(kind: TlsErrorKind, source: &io::Error) -> bool {
    kind == TlsErrorKind::Other
        && matches!(
            source.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::NotConnected
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof
                | io::ErrorKind::TimedOut
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable
                | io::ErrorKind::NetworkDown
        )
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => write!(f, "there is no address to connect to: {error:#}"),
            Self::Error(error) => write!(f, "{error:#}"),
            Self::Closed(event) if event.code == status::ABNORMAL_CLOSURE => {
                f.write_str("the connection was cut")?;
                event.cause().map_or(Ok(()), |cause| write!(f, ": {cause}"))
            }
            Self::Closed(event) => {
                let CloseEvent { code, reason, .. } = &**event;
                write!(f, "the peer closed the connection: {code} ({})", status::name(*code))?;
                if reason.is_empty() { Ok(()) } else { write!(f, ": {reason}") }
            }
        }
    }
}

impl fmt::Display for StopCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Requested => f.write_str("the channel was closed"),
            Self::NotRetryable(cause) => cause.fmt(f),
            Self::GaveUp { attempts, last } => {
                write!(f, "gave up after attempt {attempts}: {last}")
            }
        }
    }
}
