//! What a channel and its two halves have in common, written once for every kind of channel.
//!
//! The whole forwards its stream and its sink to the halves, and all three reach the accessors of
//! their handle by dereference, instead of by thirty forwarding methods each.

/// Implements all that for a channel with the fields `stream` and `sink`, and for its halves, each
/// with a field `handle`. The halves implement `FusedStream` and `Sink` themselves.
macro_rules! forward_to_halves {
    ($channel:ident { $stream:ident, $sink:ident }, $handle:ident, $closing:ident) => {
        impl $channel {
            /// The two halves, which may live on different tasks or threads. Everything ends when
            /// both are dropped.
            pub fn split(self) -> ($sink, $stream) {
                (self.sink, self.stream)
            }

            #[doc = concat!("See [`", stringify!($handle), "::close`].")]
            pub fn close(&self) -> $closing {
                self.sink.close()
            }
        }

        impl $sink {
            // Written out for the two that are sinks, though dereferencing would find it: `SinkExt`
            // has a method of this name, whose future does nothing until it is polled, and an
            // inherent method goes before it.
            #[doc = concat!("See [`", stringify!($handle), "::close`].")]
            pub fn close(&self) -> $closing {
                self.handle.close()
            }
        }

        impl ::futures_core::Stream for $channel {
            type Item = Result<$crate::Message, $crate::Error>;

            fn poll_next(
                mut self: ::std::pin::Pin<&mut Self>,
                cx: &mut ::std::task::Context<'_>,
            ) -> ::std::task::Poll<Option<Self::Item>> {
                ::std::pin::Pin::new(&mut self.stream).poll_next(cx)
            }
        }

        impl ::futures_core::FusedStream for $channel {
            fn is_terminated(&self) -> bool {
                self.stream.is_terminated()
            }
        }

        impl ::futures_sink::Sink<$crate::Message> for $channel {
            type Error = $crate::Error;

            $crate::halves::forward_to_sink!(poll_ready);
            $crate::halves::forward_to_sink!(poll_flush);
            $crate::halves::forward_to_sink!(poll_close);

            fn start_send(
                mut self: ::std::pin::Pin<&mut Self>,
                message: $crate::Message,
            ) -> Result<(), Self::Error> {
                ::std::pin::Pin::new(&mut self.sink).start_send(message)
            }
        }

        $crate::halves::reach_handle!($channel, sink.handle, $handle);
        $crate::halves::reach_handle!($stream, handle, $handle);
        $crate::halves::reach_handle!($sink, handle, $handle);
    };
}

/// One of the three polls of a sink.
macro_rules! forward_to_sink {
    ($poll:ident) => {
        fn $poll(
            mut self: ::std::pin::Pin<&mut Self>,
            cx: &mut ::std::task::Context<'_>,
        ) -> ::std::task::Poll<Result<(), Self::Error>> {
            ::std::pin::Pin::new(&mut self.sink).$poll(cx)
        }
    };
}

/// `Deref` to the handle, and a `Debug` that shows it.
macro_rules! reach_handle {
    ($type:ident, $($field:ident).+, $handle:ident) => {
        impl ::std::ops::Deref for $type {
            type Target = $handle;

            fn deref(&self) -> &$handle {
                &self.$($field).+
            }
        }

        impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple(stringify!($type)).field(&**self).finish()
            }
        }
    };
}

pub(crate) use {forward_to_halves, forward_to_sink, reach_handle};
