//! A WebSocket echo server, as a library and a binary.
