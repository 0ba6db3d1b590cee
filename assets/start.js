// Starts the program, after what has to be known before that: the reader's language, what the browser
// lacks, and what to show when the program stops.
//
// `data-state` on <html> is how far it has come: "loading", then "running" (set by platform/web.rs), or
// "unsupported", "failed" or "lost". The notice of this name is shown; the others are hidden, with or without the
// style sheet.

const page = document.documentElement;
// What the person has chosen comes first, so that nothing changes its colour or language when the program starts.
// It is in the program's own format, of which no more is taken for granted.
const chosen = (() => {
  try {
    return JSON.parse(localStorage.getItem("websocket-echo")) ?? {};
  } catch {
    return {};
  }
})();
const languages = { en: "en", zh: "zh-CN" };
page.lang =
  languages[chosen.language] ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
if (["light", "dark"].includes(chosen.theme)) {
  page.dataset.theme = chosen.theme;
}
if (chosen.more_contrast === true) {
  page.dataset.contrast = "more";
}
// A program that does nothing with 128 bits at once, which ours is compiled to.
const vectors = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
];
const able = typeof WebAssembly === "object" && WebAssembly.validate(new Uint8Array(vectors));
page.dataset.state = able ? "loading" : "unsupported";

// What browsers and search engines read, in the page's language. It stands above this script, so that it is right
// before anybody has looked at it.
const speak = () => {
  for (const element of document.querySelectorAll("[data-zh]")) {
    const name = element.localName === "meta" ? "content" : "href";
    element.dataset.en ??= element.getAttribute(name);
    element.setAttribute(name, page.lang === "en" ? element.dataset.en : element.dataset.zh);
  }
};
speak();

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

// Where a browser's tools for developers play another screen, this one size stays that of the real screen, and eframe
// takes the canvas's from it.
const correctSizes = ({ prototype }, name) => {
  const exact = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  const get = function () {
    const [told] = exact.call(this);
    const [{ inlineSize, blockSize }] = this.contentBoxSize;
    const isPlayed = Math.abs(told.inlineSize - inlineSize * devicePixelRatio) > 1;
    const pixels = (length) => ({ value: Math.round(length * devicePixelRatio) });
    const sizes = { inlineSize: pixels(inlineSize), blockSize: pixels(blockSize) };
    return [isPlayed ? Object.create(ResizeObserverSize.prototype, sizes) : told];
  };
  if (exact) {
    Object.defineProperty(prototype, name, { get, configurable: true });
  }
};
correctSizes(ResizeObserverEntry, "devicePixelContentBoxSize");

const showNotice = () => {
  for (const notice of document.querySelectorAll(".notice")) {
    notice.hidden = notice.id !== page.dataset.state;
  }
};

const ready = new Promise((done) => addEventListener("DOMContentLoaded", done));

// How much of the program has come. The answer itself goes to the browser's compiler as it comes; this is a copy.
// Its length is that of what comes out of the compression, which `cargo xtask web` has written into the page.
const watch = async (answer) => {
  const { ok, headers } = answer;
  const reader = answer.clone().body.getReader();
  // Nobody waits any longer, and what has come and was not read is let go. Where it has not come that is told already.
  const letGo = () => reader.cancel().catch(() => {});
  new MutationObserver(letGo).observe(page, { attributeFilter: ["data-state"] });
  await ready;
  // Counted from when the style sheet shows that there is something to wait for.
  const loading = document.getElementById("loading");
  await new Promise((done) => loading.addEventListener("animationstart", done));
  const [, , written] = document.querySelector("meta[name=offline]")?.content.split(" ") ?? [];
  const length = headers.has("content-encoding") ? 0 : headers.get("content-length");
  const total = Number(written ?? length);
  if (!ok || !(total > 0)) {
    return;
  }
  const progress = document.getElementById("progress");
  progress.style.visibility = "inherit";
  let come = 0;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      come += piece.value.length;
      progress.value = Math.min(come / total, 1);
    }
  } catch {
    // It is told where the program is waited for.
  }
};

// At once, before the rest of the page is there: nothing of what the program is made of waits for it.
const start = async () => {
  const script = document.querySelector("link[rel=modulepreload]").href;
  const wasm = document.querySelector("link[rel=preload]").href;
  try {
    // Both at once. Whoever waits for the answer hears how it went.
    const answer = fetch(wasm);
    answer.then(watch, () => {});
    // Compiled as it comes. Where the browser or the server is not up to that, the script does it otherwise.
    const compiled = WebAssembly.compileStreaming?.(answer).catch(() => answer);
    const [program, code] = await Promise.all([import(script), compiled ?? answer]);
    await ready;
    await program.default({ module_or_path: code });
  } catch (why) {
    stopped(why);
    throw why;
  }
};
if (page.dataset.state === "loading") {
  start();
}

ready.then(() => {
  for (const button of document.querySelectorAll(".reload")) {
    button.addEventListener("click", () => location.reload());
  }
  showNotice();
  new MutationObserver(showNotice).observe(page, { attributeFilter: ["data-state"] });
  new MutationObserver(speak).observe(page, { attributeFilter: ["lang"] });
});
