//! What a stream has said so far, reduced to what one frame needs: a connection state, and data or an error.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;

/// The latest of a stream: where the connection to it stands, and the last data or error.
///
/// Flutter calls it `AsyncSnapshot`. There is data or an error, never both, and at first there may be
/// neither. [`StreamBuilder`](crate::StreamBuilder) keeps one up to date; the constructors here are for
/// drawing a state without a stream, as the test of a view does.
///
/// ```
/// use egui_stream_builder::{ConnectionState, Snapshot};
///
/// let snapshot: Snapshot<&str> = Snapshot::with_data(ConnectionState::Active, "a text");
/// let text = match snapshot.value() {
///     Some(Ok(data)) => format!("echo: {data}"),
///     Some(Err(never)) => match *never {},
///     None => String::from("nothing yet"),
/// };
/// assert_eq!(text, "echo: a text");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot<T, E = Infallible> {
    connection_state: ConnectionState,
    // One field for both makes "never both" a fact of the type.
    value: Option<Result<T, E>>,
}

/// Where the connection between a builder and its stream stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ConnectionState {
    /// There is no stream. There may still be initial data, or what an earlier stream left.
    #[default]
    None,
    /// There is a stream, and it has said nothing yet.
    Waiting,
    /// The stream has sent data or an error, and may send more.
    Active,
    /// The stream has ended. Its last data or error stays.
    Done,
}

/// Why [`Snapshot::require_data`] has no data to give.
#[derive(Debug, PartialEq, Eq)]
pub enum NoData<'a, E> {
    /// The last event was this error.
    Failed(&'a E),
    /// There has been no event with a value, and this is where the connection stands.
    Empty(ConnectionState),
}

impl<T, E> Snapshot<T, E> {
    /// No stream and no data: where every builder without initial data begins.
    pub const fn nothing() -> Self {
        Self { connection_state: ConnectionState::None, value: None }
    }

    /// A stream that has said nothing yet, and no data from before.
    pub const fn waiting() -> Self {
        Self { connection_state: ConnectionState::Waiting, value: None }
    }

    /// Data, in the given connection state.
    pub const fn with_data(connection_state: ConnectionState, data: T) -> Self {
        Self { connection_state, value: Some(Ok(data)) }
    }

    /// An error, in the given connection state.
    pub const fn with_error(connection_state: ConnectionState, error: E) -> Self {
        Self { connection_state, value: Some(Err(error)) }
    }

    /// Where the connection to the stream stands.
    pub const fn connection_state(&self) -> ConnectionState {
        self.connection_state
    }

    /// The last data or error, to match on; `None` where there has been neither.
    pub fn value(&self) -> Option<Result<&T, &E>> {
        self.value.as_ref().map(Result::as_ref)
    }

    /// The last data, unless an error came after it.
    pub fn data(&self) -> Option<&T> {
        self.value()?.ok()
    }

    /// The last error, unless data came after it.
    pub fn error(&self) -> Option<&E> {
        self.value()?.err()
    }

    /// Whether [`data`](Self::data) gives something.
    pub fn has_data(&self) -> bool {
        self.data().is_some()
    }

    /// Whether [`error`](Self::error) gives something.
    pub fn has_error(&self) -> bool {
        self.error().is_some()
    }

    /// The last data, where a view can't do without: Flutter's `requireData`.
    ///
    /// # Errors
    ///
    /// [`NoData`] says what there is instead: the error that came last, or nothing so far. (Flutter throws
    /// here. A frame loop should not die of an event that is late.)
    pub fn require_data(&self) -> Result<&T, NoData<'_, E>> {
        match self.value() {
            Some(Ok(data)) => Ok(data),
            Some(Err(error)) => Err(NoData::Failed(error)),
            None => Err(NoData::Empty(self.connection_state)),
        }
    }

    /// The connection changed and the value did not: Flutter's `inState`.
    pub(crate) fn set_connection_state(&mut self, connection_state: ConnectionState) {
        self.connection_state = connection_state;
    }

    /// The stream sent something: data clears an error and an error clears data.
    pub(crate) fn set_value(&mut self, value: Result<T, E>) {
        self.connection_state = ConnectionState::Active;
        self.value = Some(value);
    }
}

impl<T, E> Default for Snapshot<T, E> {
    /// The same as [`Snapshot::nothing`].
    fn default() -> Self {
        Self::nothing()
    }
}

impl<E: fmt::Display> fmt::Display for NoData<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => write!(f, "the stream's last event was an error: {error}"),
            Self::Empty(ConnectionState::None) => f.write_str("there is no stream, and no data"),
            Self::Empty(ConnectionState::Waiting | ConnectionState::Active) => {
                f.write_str("the stream has sent no data yet")
            }
            Self::Empty(ConnectionState::Done) => f.write_str("the stream ended without data"),
        }
    }
}

impl<E: Error + 'static> Error for NoData<'_, E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed(error) => Some(*error),
            Self::Empty(_) => None,
        }
    }
}
