// Starts the program, after what has to be known before that: the reader's language, what the browser
// lacks, and what to show when the program stops.
//
// `data-state` on <html> is how far it has come: "loading", then "running" (set by platform/web.rs), or
// "unsupported", "failed" or "lost". The notice of this name is shown; the others are hidden, with or without the
// style sheet.

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
// A style sheet or an icon is no reason to stop, and a program that can't be loaded says so itself.
addEventListener(
  "error",
  (event) => event.target instanceof HTMLLinkElement || stopped(event.error),
  true,
);
addEventListener("unhandledrejection", (event) => stopped(event.reason));

const showNotice = () => {
  for (const notice of document.querySelectorAll(".notice")) {
    notice.hidden = notice.id !== page.dataset.state;
  }
};

addEventListener("DOMContentLoaded", async () => {
  for (const button of document.querySelectorAll(".reload")) {
    button.addEventListener("click", () => location.reload());
  }
  if (page.lang !== "en") {
    const manifest = document.querySelector("link[rel=manifest]");
    manifest.href = manifest.dataset.zh;
  }
  showNotice();
  new MutationObserver(showNotice).observe(page, { attributeFilter: ["data-state"] });
  if (page.dataset.state !== "loading") {
    return;
  }
  const places = document.querySelector("meta[name=program]").content.split(" ");
  const [script, wasm] = places.map((place) => new URL(place, document.baseURI));
  try {
    const program = await import(script);
    await program.default({ module_or_path: wasm });
  } catch (why) {
    stopped(why);
    throw why;
  }
});

// A page that the browser kept and shows again has closed its connection when it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
