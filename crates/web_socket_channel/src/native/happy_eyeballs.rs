//! Which of a host's addresses is tried when (RFC 8305, Happy Eyeballs): in turn those of IPv6 and of
//! IPv4, a new one each quarter of a second, the first that answers wins.
//!
//! The names are resolved by the system, which gives both families at once, so that what the RFC says
//! about the two questions (its section 3) is the system's affair.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use super::timer::Timer;

/// How long an address has before the next one is tried beside it (RFC 8305 §5 and §8).
pub(super) const ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// The most addresses that are tried at the same time.
const MAX_RUNNING: usize = 32;

/// Which address is tried next: the decision, without sockets and clock.
pub(super) struct Attempts {
    waiting: VecDeque<SocketAddr>,
    running: usize,
}

impl Attempts {
    /// In the order of the system (RFC 6724), but for the families, of which each has its turn, the
    /// preferred one first (RFC 8305 §4).
    pub(super) fn new(addresses: impl IntoIterator<Item = SocketAddr>) -> Self {
        let mut addresses = addresses.into_iter().peekable();
        let first_is_v6 = addresses.peek().is_some_and(SocketAddr::is_ipv6);
        let (mut preferred, mut others): (VecDeque<_>, VecDeque<_>) =
            addresses.partition(|address| address.is_ipv6() == first_is_v6);
        let mut waiting = VecDeque::with_capacity(preferred.len() + others.len());
        while let Some(address) = preferred.pop_front().or_else(|| others.pop_front()) {
            waiting.push_back(address);
            waiting.extend(others.pop_front());
        }
        Self { waiting, running: 0 }
    }

    /// The address that is to be tried now, if any: at once where none is under way, as at first and
    /// after a failure, else once the latest one `had_its_time`.
    pub(super) fn next(&mut self, had_its_time: bool) -> Option<SocketAddr> {
        let may_start = self.running == 0 || had_its_time && self.running < MAX_RUNNING;
        let address = if may_start { self.waiting.pop_front() } else { None };
        self.running += usize::from(address.is_some());
        address
    }

    /// An attempt has failed. The next one need not wait any longer (RFC 8305 §5).
    pub(super) fn failed(&mut self) {
        self.running -= 1;
    }

    /// Whether there is no address left that may answer.
    pub(super) fn are_over(&self) -> bool {
        self.running == 0 && self.waiting.is_empty()
    }
}

/// The first of the attempts to succeed, or how the last one of them failed; `None` where there is no
/// address. The attempts that are still under way are dropped.
pub(super) async fn race<T, E, F>(
    addresses: impl IntoIterator<Item = SocketAddr>,
    connect: impl Fn(SocketAddr) -> F,
    prefer: impl Fn(E, E) -> E,
) -> Option<Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut attempts = Attempts::new(addresses);
    let mut running: Vec<Pin<Box<F>>> = Vec::new();
    let mut failure: Option<E> = None;
    let mut delay = Timer::new(ATTEMPT_DELAY);
    let mut had_its_time = false;
    poll_fn(|cx| {
        loop {
            let mut index = 0;
            while let Some(attempt) = running.get_mut(index) {
                match attempt.as_mut().poll(cx) {
                    Poll::Pending => index += 1,
                    Poll::Ready(Ok(socket)) => return Poll::Ready(Some(Ok(socket))),
                    Poll::Ready(Err(why)) => {
                        drop(running.swap_remove(index));
                        attempts.failed();
                        had_its_time = true;
                        failure = Some(match failure.take() {
                            Some(before) => prefer(before, why),
                            None => why,
                        });
                    }
                }
            }
            had_its_time |= delay.poll_due(cx).is_ready();
            let Some(address) = attempts.next(had_its_time) else { break };
            running.push(Box::pin(connect(address)));
            (delay, had_its_time) = (Timer::new(ATTEMPT_DELAY), false);
        }
        if attempts.are_over() { Poll::Ready(failure.take().map(Err)) } else { Poll::Pending }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use tokio::time::{Instant, sleep};

    fn v6(number: u16) -> SocketAddr {
        ([0x2001, 0xdb8, 0, 0, 0, 0, 0, number], 80).into()
    }

    fn v4(number: u8) -> SocketAddr {
        ([192, 0, 2, number], 80).into()
    }

    fn order(addresses: impl IntoIterator<Item = SocketAddr>) -> Vec<SocketAddr> {
        let mut attempts = Attempts::new(addresses);
        std::iter::from_fn(|| attempts.next(true)).collect()
    }

    #[test]
    fn families_take_turns() {
        let both = [v6(1), v6(2), v6(3), v4(1), v4(2)];
        assert_eq!(order(both), [v6(1), v4(1), v6(2), v4(2), v6(3)]);
        assert_eq!(order([v4(1), v6(1), v6(2), v6(3)]), [v4(1), v6(1), v6(2), v6(3)]);
        assert_eq!(order([v4(1), v4(2)]), [v4(1), v4(2)]);
        assert_eq!(order([]), []);
    }

    #[test]
    fn the_next_waits_for_its_time_or_a_failure() {
        let mut attempts = Attempts::new([v6(1), v4(1), v6(2)]);
        assert_eq!(attempts.next(false), Some(v6(1)));
        assert_eq!(attempts.next(false), None);
        assert_eq!(attempts.next(true), Some(v4(1)));
        attempts.failed();
        attempts.failed();
        assert!(!attempts.are_over());
        assert_eq!(attempts.next(false), Some(v6(2)));
        assert_eq!(attempts.next(true), None);
        attempts.failed();
        assert!(attempts.are_over());
    }

    #[test]
    fn no_more_than_so_many_at_a_time() {
        let many = (0..=255).map(v4);
        assert_eq!(order(many).len(), MAX_RUNNING);
    }

    /// What comes of a race, and when, where each address has a delay and an outcome.
    async fn run(hosts: &[(SocketAddr, u64, bool)]) -> (Option<Result<SocketAddr, u64>>, Duration) {
        let start = Instant::now();
        let connect = |address| async move {
            let host = hosts.iter().find(|host| host.0 == address);
            let Some((_, millis, is_there)) = host else { unreachable!("{address}") };
            sleep(Duration::from_millis(*millis)).await;
            if *is_there { Ok(address) } else { Err(*millis) }
        };
        let outcome = race(hosts.iter().map(|host| host.0), connect, |_, last| last).await;
        (outcome, start.elapsed())
    }

    // The clock of these is tokio's, which goes on only where everybody waits.
    #[tokio::test(start_paused = true)]
    async fn a_silent_address_costs_a_quarter_of_a_second() {
        const SILENT: u64 = 1_000_000;
        let (winner, after) = run(&[(v6(1), SILENT, true), (v4(1), 10, true)]).await;
        assert_eq!(winner, Some(Ok(v4(1))));
        assert!((260..300).contains(&after.as_millis()), "{after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_first_address_still_wins() {
        let (winner, after) = run(&[(v6(1), 300, true), (v4(1), 100, true)]).await;
        assert_eq!(winner, Some(Ok(v6(1))));
        assert!((300..320).contains(&after.as_millis()), "{after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_starts_the_next_at_once() {
        let (winner, after) = run(&[(v6(1), 0, false), (v4(1), 5, true)]).await;
        assert_eq!(winner, Some(Ok(v4(1))));
        assert!(after < ATTEMPT_DELAY / 2, "{after:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn all_fail_and_one_error_is_told() {
        let (outcome, _) = run(&[(v6(1), 400, false), (v4(1), 20, false), (v4(2), 5, false)]).await;
        assert_eq!(outcome, Some(Err(400)), "it is the last to fail");
        assert_eq!(run(&[]).await.0, None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_losers_are_dropped() {
        struct Dropped<'a>(&'a Cell<u32>);
        impl Drop for Dropped<'_> {
            fn drop(&mut self) {
                self.0.set(self.0.get() + 1);
            }
        }
        let dropped = Cell::new(0);
        let connect = |address| {
            let held = Dropped(&dropped);
            async move {
                let _held = held;
                sleep(if address == v4(1) { ATTEMPT_DELAY * 3 / 2 } else { Duration::MAX }).await;
                Ok::<_, ()>(address)
            }
        };
        let winner = race([v6(1), v4(1), v6(2)], connect, |_, last| last).await;
        assert_eq!((winner, dropped.get()), (Some(Ok(v4(1))), 3));
    }
}
