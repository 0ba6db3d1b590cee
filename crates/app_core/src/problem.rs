//! Why messages can't come, as a person would say it: an error, or an end that nobody here wanted.

use web_socket_channel::{CloseEvent, Error, Initiator, status};

/// Why the network does not carry messages.
#[derive(Clone, Debug)]
pub enum ConnectionProblem {
    /// There was an error.
    Failed(Error),
    /// The connection ended in a way that says the other end is gone.
    Lost(CloseEvent),
}

impl ConnectionProblem {
    /// The problem of a connection that ended like this, if it is one.
    ///
    /// To the channel a close is information. To a person a server that breaks down is a problem. One
    /// that says it is done is none, and neither is one that goes away in an orderly way (1001): how
    /// the connection ended is told beside its state, once.
    #[must_use]
    pub fn of_ending(ending: &CloseEvent) -> Option<Self> {
        let server_is_down = matches!(
            ending.code,
            status::INTERNAL_ERROR
                | status::SERVICE_RESTART
                | status::TRY_AGAIN_LATER
                | status::BAD_GATEWAY
        );
        let is_lost = !ending.was_clean || server_is_down;
        (is_lost && ending.initiator != Initiator::Local).then(|| Self::Lost(ending.clone()))
    }
}

impl From<Error> for ConnectionProblem {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A_REASON: &str = "raisin";

    #[test]
    fn which_endings_are_problems() {
        let is_problem = |code, was_clean, initiator| {
            let ending = CloseEvent::new(code, A_REASON, was_clean, initiator);
            ConnectionProblem::of_ending(&ending).is_some()
        };
        assert!(is_problem(1006, false, Initiator::Failure), "cut");
        assert!(is_problem(1012, true, Initiator::Remote), "the server restarts");
        assert!(!is_problem(1001, true, Initiator::Remote), "the server goes in an orderly way");
        assert!(!is_problem(1000, true, Initiator::Remote), "the server is done");
        assert!(!is_problem(4123, true, Initiator::Remote), "the server has its reasons");
        assert!(!is_problem(1006, false, Initiator::Local), "we closed, unanswered");
    }
}
