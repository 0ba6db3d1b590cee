#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| web_socket_channel_fuzz::reconnect::check(data));
