//! One WebSocket channel for native and web: a stream, a sink and the life of the connection.
