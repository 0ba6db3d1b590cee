// Has the page kept for when there is no network, and says when there is a newer one. Only where
// `cargo xtask web` has built it: then <meta name="offline"> names the worker and the build.

const root = document.documentElement;
const [worker, build] = document.querySelector("meta[name=offline]")?.content.split(" ") ?? [];

const keep = async () => {
  const container = navigator.serviceWorker;
  const registration = await container.register(new URL(worker, document.baseURI));

  // One that waits is asked whether it is of this build: then the page itself is new, and it may begin.
  const ask = (waiting) => {
    if (container.controller) {
      waiting.postMessage({ build });
    }
  };
  container.addEventListener("message", ({ data }) => {
    if (data.newer) {
      root.dataset.newer = "";
      document.getElementById("newer").hidden = false;
    }
  });
  container.startMessages();
  if (registration.waiting) {
    ask(registration.waiting);
  }
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing.addEventListener("statechange", () => {
      if (installing.state === "installed") {
        ask(installing);
      }
    });
  });

  document.getElementById("load-newer").addEventListener("click", () => {
    container.addEventListener("controllerchange", () => location.reload());
    if (registration.waiting) {
      registration.waiting.postMessage({ takeOver: true });
    } else {
      location.reload();
    }
  });
  // Who comes back to a page that was open for days is told then. Without a network there is nothing to tell.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      registration.update().catch(() => {});
    }
  });
};

// After the program has drawn itself, which is what a person waits for. Browsers have no worker where the page is not
// secure.
const begin = () => {
  if (root.dataset.state === "running") {
    watcher.disconnect();
    setTimeout(() => {
      keep().catch((why) => console.warn("The page is not kept for offline use:", why));
    }, 1000);
  }
};
const watcher = new MutationObserver(begin);
if (worker && navigator.serviceWorker) {
  watcher.observe(root, { attributeFilter: ["data-state"] });
  begin();
}
