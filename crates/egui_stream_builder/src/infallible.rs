//! The easy way in for plain streams, whose items are data and can't be errors.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

/// Makes a stream of `T` a stream of `Result<T, Infallible>`, as a [`StreamBuilder`] takes it.
///
/// [`StreamBuilder`]'s error type is [`Infallible`] unless said otherwise, so a clock is a
/// `StreamBuilder<u64>`, and matching on its error needs no arm that could be wrong.
///
/// ```
/// use egui_stream_builder::{StreamBuilder, infallible};
///
/// let mut ticks: StreamBuilder<u64> = StreamBuilder::new();
/// ticks.set_stream("ticks", || infallible(futures::stream::iter(0..3)));
/// ```
///
/// [`StreamBuilder`]: crate::StreamBuilder
pub fn infallible<S: Stream>(stream: S) -> impl Stream<Item = Result<S::Item, Infallible>> {
    Infallibly(Box::pin(stream))
}

// The box costs one allocation a stream, not one an event, and spares us a pin projection.
struct Infallibly<S>(Pin<Box<S>>);

impl<S: Stream> Stream for Infallibly<S> {
    type Item = Result<S::Item, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(Ok))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}
