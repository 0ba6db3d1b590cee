//! Why a file can't be opened as a log.

use std::fmt;

/// Why a file can't be opened as a log, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The line, from 1 on, where the file is read by lines.
    pub line: Option<u64>,
    /// What is wrong there.
    pub kind: ReadErrorKind,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// It has nothing in it.
    Empty,
    /// The line has more than so many bytes.
    LineTooLong {
        /// How many it may have.
        limit: usize,
    },
    /// It is no JSON, ends too early, or is nested more than 128 levels deep.
    NotJson {
        /// What is wrong, in English.
        message: String,
        /// In which column, from 1 on.
        column: usize,
    },
    /// It is JSON, but nothing says that it is such a file.
    OtherFormat,
    /// Of this format, but of a version that is not known here.
    UnknownVersion {
        /// The version as it stands there.
        version: String,
    },
    /// A field is missing, or its value is none that it may have.
    WrongField {
        /// The field's name.
        field: &'static str,
    },
}

impl ReadErrorKind {
    pub(crate) fn at_line(self, line: u64) -> ReadError {
        ReadError { line: Some(line), kind: self }
    }

    pub(crate) fn somewhere(self) -> ReadError {
        ReadError { line: None, kind: self }
    }
}

impl From<serde_json::Error> for ReadErrorKind {
    fn from(error: serde_json::Error) -> Self {
        let mut message = error.to_string();
        // The place is said apart from it.
        if let Some(end) = message.rfind(" at line ") {
            message.truncate(end);
        }
        Self::NotJson { message, column: error.column() }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ReadErrorKind::Empty => f.write_str("the file is empty"),
            ReadErrorKind::LineTooLong { limit } => write!(f, "longer than {limit} bytes"),
            ReadErrorKind::NotJson { message, column } => {
                write!(f, "no valid JSON: {message}, column {column}")
            }
            ReadErrorKind::OtherFormat => f.write_str("no log in this format"),
            ReadErrorKind::UnknownVersion { version } => {
                write!(f, "version {version} of the format is not known")
            }
            ReadErrorKind::WrongField { field } => {
                write!(f, "`{field}` is missing or has a wrong value")
            }
        }?;
        self.line.map_or(Ok(()), |line| write!(f, " (line {line})"))
    }
}

impl std::error::Error for ReadError {}
