// What has to be known before the program can run: the reader's language, what the browser lacks, and
// what to show when the program stops.
//
// `data-state` on <html> is how far it has come: "loading", then "running" (set by platform/web.rs), or
// "unsupported" or "failed". page.css shows what fits.

const page = document.documentElement;
page.lang = navigator.language.startsWith("zh") ? "zh-CN" : "en";
page.dataset.state = typeof WebAssembly === "object" ? "loading" : "unsupported";

const stopped = (why) => {
  const { state } = page.dataset;
  // A page that has not begun stays empty whatever went wrong. One that runs is stopped only by the
  // program's own end: a Rust panic arrives here as a trap, a stack that overflows as a RangeError.
  // Other errors are of somebody else, such as a browser's extension.
  if (
    state === "loading" ||
    (state === "running" && (why instanceof WebAssembly.RuntimeError || why instanceof RangeError))
  ) {
    page.dataset.state = "failed";
  }
};
// Captured, as a script that could not be fetched tells nobody but its own element.
addEventListener("error", (event) => stopped(event.error), true);
addEventListener("unhandledrejection", (event) => stopped(event.reason));

addEventListener("DOMContentLoaded", () => {
  document.getElementById("reload").addEventListener("click", () => location.reload());
});

// A page that the browser kept and shows again has closed its connection when it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
