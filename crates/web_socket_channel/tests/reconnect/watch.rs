//! What a program is told, and when it is woken for it: by every change, and by nothing else.

use std::sync::Arc;
use std::task::Poll;

use futures::FutureExt as _;
use futures::stream::FusedStream;
use futures::{Stream, StreamExt as _};
use web_socket_channel::reconnect::{MessageId, State, StopCause};
use web_socket_channel::{Initiator, ReconnectingChannel};

use super::stage::{
    CODE, LONG, Plan, SECOND, Stage, TEXT, Wakes, counts, name, policy, unreachable,
};

fn next(states: &mut (impl Stream<Item = State> + Unpin)) -> Option<Option<&'static str>> {
    states.next().now_or_never().map(|state| state.as_ref().map(name))
}

#[test]
fn states_of_a_whole_life() {
    let mut stage = Stage::new(policy());
    let mut states = stage.channel().states();
    assert_eq!(next(&mut states), Some(Some("connecting")));
    assert_eq!(next(&mut states), None, "each once");
    let peer = stage.opened();
    assert_eq!(next(&mut states), Some(Some("open")));
    drop(peer);
    stage.run();
    assert_eq!(next(&mut states), Some(Some("waiting")));
    stage.wait();
    assert_eq!(next(&mut states), Some(Some("connecting")));
    let peer = stage.opened();
    assert_eq!(next(&mut states), Some(Some("open")));
    stage.channel().close_with(CODE, "").unwrap();
    assert_eq!(next(&mut states), Some(Some("closing")));
    peer.close(CODE, "");
    stage.run();
    assert_eq!(next(&mut states), Some(Some("stopped")));
    assert_eq!(next(&mut states), Some(None));
    assert_eq!(next(&mut states), Some(None));
    // Whoever asks late hears the last word too.
    let mut late = stage.channel().states();
    assert_eq!((next(&mut late), next(&mut late)), (Some(Some("stopped")), Some(None)));
}

#[test]
fn states_tell_time_number_cause() {
    let mut stage = Stage::new(policy());
    assert!(matches!(stage.channel().state(), State::Connecting { attempt: 1, cause: None }));
    stage.dialled().fail(Some(unreachable()));
    stage.run();
    let State::Waiting { until, attempt: 2, cause } = stage.channel().state() else {
        panic!("{:?}", stage.channel().state());
    };
    assert_eq!(until - stage.clock.now(), SECOND);
    assert_eq!(cause.to_string(), unreachable().to_string());
    stage.wait();
    let State::Connecting { attempt: 2, cause: Some(cause) } = stage.channel().state() else {
        panic!("{:?}", stage.channel().state());
    };
    assert_eq!(cause.to_string(), unreachable().to_string());
}

#[test]
fn slow_watcher_sees_last_state() {
    let mut stage = Stage::new(policy());
    let mut states = stage.channel().states();
    for _ in 0..3 {
        drop(stage.opened());
        stage.wait();
    }
    let _peer = stage.opened();
    assert_eq!((next(&mut states), next(&mut states)), (Some(Some("open")), None));
    stage.channel = None;
    assert_eq!((next(&mut states), next(&mut states)), (Some(Some("stopped")), Some(None)));
}

#[test]
fn nobody_is_woken_without_change() {
    let (mut stage, peer) = Stage::open(policy());
    let mut states = stage.channel().states();
    let mut counts = stage.channel().counts_changes();
    let [for_states, for_counts, for_messages] = [(); 3].map(|()| Arc::<Wakes>::default());
    assert!(for_states.poll(&mut states).is_ready());
    assert!(for_counts.poll(&mut counts).is_ready());
    let mut poll = |stage: &mut Stage| {
        stage.run();
        assert!(for_messages.poll(stage.channel_mut()).is_pending());
        assert!(for_states.poll(&mut states).is_pending());
        assert!(for_counts.poll(&mut counts).is_pending());
    };
    let woken = || (for_states.count(), for_counts.count(), for_messages.count());

    poll(&mut stage);
    stage.advance(LONG);
    stage.channel().retry_now();
    stage.channel().confirm(MessageId(7));
    poll(&mut stage);
    assert_eq!(woken(), (0, 0, 0));

    peer.send(TEXT);
    stage.run();
    assert_eq!(woken(), (0, 0, 1));
    assert_eq!(stage.received(), [TEXT]);

    poll(&mut stage);
    drop(peer);
    stage.run();
    assert_eq!(woken(), (1, 0, 1), "the state alone is new");
}

#[test]
fn counts_are_reported_on_change() {
    let mut stage = Stage::new(policy());
    let mut changes = stage.channel().counts_changes();
    let mut next = || changes.next().now_or_never();
    let none = counts(0, 0);
    assert_eq!((next(), next()), (Some(Some(none)), None));
    stage.send(TEXT);
    assert_eq!((next(), next()), (Some(Some(counts(1, 0))), None));
    // The number on the screen goes back to nothing when the message goes out.
    let peer = stage.opened();
    assert_eq!((next(), next()), (Some(Some(none)), None));
    drop(peer);
    stage.run();
    assert_eq!((next(), next()), (Some(Some(counts(0, 1))), None));
    stage.channel().stop();
    stage.channel().take_in_doubt();
    assert_eq!((next(), next()), (Some(Some(none)), None));
    stage.channel = None;
    assert_eq!((next(), next()), (Some(None), Some(None)));
}

/// A stream that is over says so to `select!` and its like, once it has said it to its reader.
#[test]
fn streams_are_fused() {
    fn ends<S: FusedStream + Unpin>(mut stream: S) {
        assert!(!stream.is_terminated());
        while let Some(item) = stream.next().now_or_never() {
            if item.is_none() {
                break;
            }
        }
        assert!(stream.is_terminated());
        assert!(matches!(stream.next().now_or_never(), Some(None)));
    }
    let (mut stage, _peer) = Stage::open(policy());
    let (states, changes) = (stage.channel().states(), stage.channel().counts_changes());
    let (sink, stream) = stage.channel.take().unwrap().split();
    sink.stop();
    ends(states);
    ends(stream);
    drop(sink);
    ends(changes);
    let (mut stage, _peer) = Stage::open(policy());
    stage.channel().stop();
    ends(stage.channel.take().unwrap());
}

#[test]
fn counts_end_with_the_channel() {
    let mut stage = Stage::new(policy());
    let wakes = Arc::<Wakes>::default();
    let mut counts = stage.channel().counts_changes();
    assert!(wakes.poll(&mut counts).is_ready());
    stage.channel().stop();
    assert!(wakes.poll(&mut counts).is_pending(), "what is left can still be taken");
    stage.channel = None;
    assert_eq!(wakes.count(), 1);
    assert!(matches!(wakes.poll(&mut counts), Poll::Ready(None)));
}

#[test]
fn the_end_wakes_all_waiters() {
    let (mut stage, _peer) = Stage::open(policy());
    let wakes = Arc::<Wakes>::default();
    let mut ended = stage.channel().ended().into_stream();
    assert!(wakes.poll(stage.channel_mut()).is_pending());
    assert!(wakes.poll(&mut ended).is_pending());
    stage.channel().stop();
    assert_eq!(wakes.count(), 2);
    assert!(matches!(wakes.poll(stage.channel_mut()), Poll::Ready(None)));
    let Poll::Ready(Some(undelivered)) = wakes.poll(&mut ended) else { panic!("it has not ended") };
    assert!(matches!(undelivered.cause, StopCause::Requested));
}

#[test]
fn connection_info_lasts_until_next() {
    let mut stage = Stage::new(policy());
    let facts = |channel: &ReconnectingChannel| {
        let text = |text: Option<web_socket_channel::ByteString>| text.map(|t| t.to_string());
        let code = channel.close_event().map(|event| (event.code, event.initiator));
        (text(channel.url()), text(channel.protocol()), code)
    };
    assert_eq!(facts(stage.channel()), (None, None, None));
    let peer = stage.dialled();
    let url = Some("memory:scripted".to_owned());
    assert_eq!(facts(stage.channel()), (url.clone(), None, None));
    peer.open(Some("chat"));
    stage.run();
    let chat = Some("chat".to_owned());
    assert_eq!(facts(stage.channel()), (url.clone(), chat.clone(), None));
    peer.close(1012, "");
    stage.run();
    let closed = Some((1012, Initiator::Remote));
    assert_eq!(facts(stage.channel()), (url.clone(), chat.clone(), closed));
    stage.plan([Plan::Fail(unreachable())]);
    stage.wait();
    assert_eq!(facts(stage.channel()), (url.clone(), chat, closed));
    stage.wait();
    let _peer = stage.opened();
    assert_eq!(facts(stage.channel()), (url, None, None));
}

#[test]
fn public_types_are_send() {
    fn is_send<T: Send + 'static>(_: &T) {}
    let (stage, _peer) = Stage::open(policy());
    let channel = stage.channel.unwrap();
    is_send(&channel);
    is_send(&channel.handle());
    is_send(&channel.states());
    is_send(&channel.counts_changes());
    is_send(&channel.ended());
    is_send(&channel.state());
    let (sink, stream) = channel.split();
    is_send(&sink);
    is_send(&stream);
}
