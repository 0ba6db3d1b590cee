// What has to be known before the program can run: the reader's language, what the browser can do, and
// what to show when the program stops.

const page = document.documentElement;
const state = (name) => {
  page.dataset.state = name;
};

page.lang = navigator.language.startsWith("zh") ? "zh-CN" : "en";

const canDraw = () => {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
};

if (typeof WebAssembly !== "object" || !canDraw()) {
  state("unsupported");
}

// A panic in the program arrives here as an error; so does a program that could not be loaded.
const stopped = () => {
  if (page.dataset.state !== "unsupported") {
    state("failed");
  }
};
addEventListener("error", stopped);
addEventListener("unhandledrejection", stopped);

addEventListener("DOMContentLoaded", () => {
  document.getElementById("reload").addEventListener("click", () => location.reload());
});
