// Keeps the page for when there is no network. `cargo xtask web` puts it beside the page, as
// service-worker.js, and writes the two lines below; `trunk serve` has none.

const BUILD = "";
const FILES = [];

// One cache for each folder and build. What another build has left is removed once this one is in charge.
const FOLDER = `websocket-echo ${registration.scope} `;
const CACHE = FOLDER + BUILD;

addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    // Files have names by their content, the page has not.
    await cache.addAll([new Request("./", { cache: "no-cache" }), ...FILES]);
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const takeOver = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(FOLDER) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(takeOver());
});

// From a page: of which build it is, and then that the person wants this one.
addEventListener("message", ({ data, source }) => {
  if (data.takeOver || data.build === BUILD) {
    skipWaiting();
  } else if (data.build) {
    source.postMessage({ newer: true });
  }
});

// The page from the network as long as there is one, so that nobody is left with an old one. What it
// consists of comes from the cache, as another content has another name.
const page = async (request) => {
  const kept = () => caches.match("./", { cacheName: CACHE, ignoreVary: true });
  try {
    const answer = await fetch(request);
    return answer.status < 500 ? answer : ((await kept()) ?? answer);
  } catch (why) {
    const answer = await kept();
    if (answer) {
      return answer;
    }
    throw why;
  }
};

const file = async (request) =>
  (await caches.match(request, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const name = url.href.startsWith(registration.scope)
    ? url.href.slice(registration.scope.length).split(/[?#]/)[0]
    : undefined;
  if (request.method !== "GET" || name === undefined) {
    return;
  }
  if (name === "" || name === "index.html") {
    event.respondWith(page(request));
  } else if (FILES.includes(name)) {
    event.respondWith(file(request));
  }
});
