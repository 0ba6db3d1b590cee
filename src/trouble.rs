//! When a person would say that the network is down: an error, or an end that nobody here wanted.

use web_socket_channel::{CloseEvent, Error, Initiator, status};

/// Why the network does not carry messages.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// There was an error.
    Failed(Error),
    /// The connection ended in a way that says the other end is gone.
    Lost(CloseEvent),
}

impl Trouble {
    /// What a connection with this error and this end is in, if it is.
    ///
    /// To the channel a close is information. To a person a server that goes away is trouble, and
    /// one that says it is done is not.
    pub fn of(error: Option<&Error>, ending: Option<&CloseEvent>) -> Option<Self> {
        if let Some(error) = error {
            return Some(Self::Failed(error.clone()));
        }
        let ending = ending?;
        let server_is_gone = matches!(
            ending.code,
            status::GOING_AWAY
                | status::INTERNAL_ERROR
                | status::SERVICE_RESTART
                | status::TRY_AGAIN_LATER
                | status::BAD_GATEWAY
        );
        let is_lost = !ending.was_clean || server_is_gone;
        (is_lost && ending.initiator != Initiator::Local).then(|| Self::Lost(ending.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_ends_are_trouble() {
        let is_trouble = |code, was_clean, initiator| {
            let ending = CloseEvent::new(code, "raisin", was_clean, initiator);
            Trouble::of(None, Some(&ending)).is_some()
        };
        assert!(is_trouble(1006, false, Initiator::Failure), "cut");
        assert!(is_trouble(1001, true, Initiator::Remote), "the server shuts down");
        assert!(is_trouble(1012, true, Initiator::Remote), "the server restarts");
        assert!(!is_trouble(1000, true, Initiator::Remote), "the server is done");
        assert!(!is_trouble(4123, true, Initiator::Remote), "the server has its reasons");
        assert!(!is_trouble(1006, false, Initiator::Local), "we closed, unanswered");
    }

    #[test]
    fn an_error_is_trouble() {
        assert!(matches!(Trouble::of(Some(&Error::Closed(None)), None), Some(Trouble::Failed(_))));
        assert!(Trouble::of(None, None).is_none());
    }
}
