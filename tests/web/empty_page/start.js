// Starts the program as trunk's own script does, which is within the page: our server's policy forbids that.

import init from "./empty-page.js";

await init({ module_or_path: "./empty-page_bg.wasm" });
