// Drives the gallery in Chromium by its debugging protocol, over a pipe.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const types = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };

/** Serves a folder, on a port of the system's choice. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    const name = path === "/" ? "index.html" : path.slice(1);
    try {
      const body = await readFile(join(folder, name.replaceAll("..", "")));
      response.writeHead(200, { "content-type": types[name.split(".").pop()] ?? "text/plain" });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A browser with one page. */
export async function browser({ width = 800, height = 1200, flags = [] } = {}) {
  const profile = mkdtempSync(join(tmpdir(), "accessibility-"));
  const child = spawn(
    process.env.CHROMIUM ?? "chromium",
    [
      "--headless=new", "--no-sandbox", "--remote-debugging-pipe", `--user-data-dir=${profile}`,
      "--force-renderer-accessibility", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
      `--window-size=${width},${height}`, ...flags, "about:blank",
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const [, , , to, from] = child.stdio;
  const waiting = new Map();
  const heard = [];
  let number = 0;
  let rest = "";
  from.setEncoding("utf8");
  from.on("data", (part) => {
    const parts = (rest + part).split("\0");
    rest = parts.pop();
    for (const text of parts) {
      const message = JSON.parse(text);
      if (message.id === undefined) {
        heard.push(message);
        continue;
      }
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error) reject(new Error(JSON.stringify(message.error)));
      else resolve(message.result);
    }
  });
  let session;
  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(++number, { resolve, reject });
      to.write(JSON.stringify({ id: number, method, params, sessionId: session }) + "\0");
    });
  const { targetInfos } = await send("Target.getTargets");
  const page = targetInfos.find((target) => target.type === "page");
  ({ sessionId: session } = await send("Target.attachToTarget", { targetId: page.targetId, flatten: true }));
  await send("Page.enable");
  await send("Runtime.enable");
  await send("Log.enable");
  await send("Accessibility.enable");
  await send("Emulation.setFocusEmulationEnabled", { enabled: true });

  const evaluate = async (expression) => {
    const answer = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
    return answer.result.value;
  };
  const sleep = (time) => new Promise((done) => setTimeout(done, time));
  const until = async (what, expression, time = 20_000) => {
    const end = Date.now() + time;
    let last;
    do {
      last = await evaluate(expression).catch((error) => error);
      if (last === true) return;
      await sleep(50);
    } while (Date.now() < end);
    throw new Error(`waited in vain for ${what}: ${last}`);
  };
  const key = async (key, { code = key, text, modifiers = 0 } = {}) => {
    const codes = { Tab: 9, Enter: 13, Escape: 27, Backspace: 8, ArrowUp: 38, ArrowDown: 40, ArrowLeft: 37, ArrowRight: 39, Home: 36, End: 35, " ": 32 };
    const windowsVirtualKeyCode = codes[key] ?? key.toUpperCase().charCodeAt(0);
    const event = { key, code, windowsVirtualKeyCode, modifiers };
    await send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...event });
    await send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    await sleep(80);
  };
  const type = async (words) => {
    for (const letter of words) await key(letter, { text: letter, code: `Key${letter.toUpperCase()}` });
  };
  const close = async () => {
    await send("Browser.close").catch(() => {});
    await new Promise((done) => child.on("exit", done));
    rmSync(profile, { recursive: true, force: true });
  };
  return { send, evaluate, sleep, until, key, type, close, heard };
}

/** What assistive technology is told of the page: elements with their names, values and states. */
export async function told(page) {
  const { nodes } = await page.send("Accessibility.getFullAXTree");
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines = [];
  const role = (node) => node.role?.value;
  const walk = (node, inside) => {
    if (!node) return;
    if (!node.ignored) {
      const states = {};
      for (const { name, value } of node.properties ?? []) states[name] = value.value ?? value;
      lines.push({ role: role(node), name: node.name?.value ?? "", value: node.value?.value, description: node.description?.value, states, inside, backend: node.backendDOMNodeId });
    }
    const around = node.ignored || role(node) === "generic" ? inside : role(node);
    for (const child of node.childIds ?? []) walk(byId.get(child), around);
  };
  walk(nodes[0]);
  return lines;
}
