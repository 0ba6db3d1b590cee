//! What the values promise with which one speaks of a connection, without there being one.
#![cfg(not(target_arch = "wasm32"))]

mod vocabulary {
    #[cfg(feature = "reconnect")]
    mod causes;
    mod codes;
    mod frames;
    mod messages;
    #[cfg(feature = "proxy")]
    mod proxies;
    #[cfg(feature = "url")]
    mod urls;
}
