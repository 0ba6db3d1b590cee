//! The program: one `main` for each platform, which only hands over.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    websocket_echo::platform::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {
    websocket_echo::platform::main();
}
