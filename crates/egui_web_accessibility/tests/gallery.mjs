// Uses the gallery as assistive technology does, in Chromium: node gallery.mjs FOLDER PROGRAM [TEST]
// FOLDER has the gallery as a page, PROGRAM is the gallery as a program.
import { execFileSync } from "node:child_process";
import { serve, browser, told } from "./browser.mjs";

const [folder, expected, only] = process.argv.slice(2);
const site = await serve(folder);
let failures = 0;
let passes = 0;

/** A fresh page, with functions that find and do things in its mirror by role and name. */
async function open(query, { ready = true, width, height, flags, ratio, touch } = {}) {
  const page = await browser({ width, height, flags });
  if (touch) {
    await page.send("Emulation.setDeviceMetricsOverride", { width: 800, height: 1000, deviceScaleFactor: 1, mobile: true });
    await page.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  }
  if (ratio) {
    await page.send("Emulation.setDeviceMetricsOverride", { width: 800, height: 1000, deviceScaleFactor: ratio, mobile: false });
  }
  await page.send("Page.navigate", { url: site.url + query });
  if (ready) await page.until("the mirror", `document.querySelectorAll("[id^=egui-accessibility-0-]").length > 10`);
  const find = async (role, name) => {
    const found = (await told(page)).filter((line) => line.role === role && line.name === name);
    if (found.length !== 1) throw new Error(`${found.length} times ${role} "${name}"`);
    return found[0];
  };
  const run = async (role, name, body) => {
    const { backend } = await find(role, name);
    const { object } = await page.send("DOM.resolveNode", { backendNodeId: backend });
    const answer = await page.send("Runtime.callFunctionOn", {
      objectId: object.objectId, functionDeclaration: `function() { ${body} }`, returnByValue: true,
    });
    await page.sleep(150);
    return answer.result.value;
  };
  const focus = async (role, name) => {
    await page.send("DOM.focus", { backendNodeId: (await find(role, name)).backend });
    await page.sleep(150);
  };
  const focused = async () => {
    const lines = (await told(page)).filter((line) => line.states.focused && line.role !== "RootWebArea");
    return lines.map((line) => `${line.role} ${line.name}`).join(", ");
  };
  const texts = async () => (await told(page)).filter((line) => line.role === "StaticText").map((line) => line.name);
  return { ...page, find, run, focus, focused, texts };
}

function equal(got, wanted, what) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: got ${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
  }
}
/** Waits, as frames take their time where other programs run. */
async function becomes(look, wanted, what) {
  let got;
  for (let time = 0; time < 60; time++) {
    got = await look().catch((error) => error.message);
    if (JSON.stringify(got) === JSON.stringify(wanted)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  equal(got, wanted, what);
}
async function says(page, text) {
  for (let time = 0; time < 40; time++) {
    if ((await page.texts()).includes(text)) return;
    await page.sleep(50);
  }
  throw new Error(`nobody says "${text}"`);
}

/** What AccessKit calls a role, as Chromium calls it. */
const roles = {
  Button: "button", CheckBox: "checkbox", ColumnHeader: "columnheader", Cell: "cell", ComboBox: "combobox",
  DisclosureTriangle: "button", Heading: "heading", Label: "StaticText", Link: "link", List: "list", ListBox: "listbox",
  ListItem: "listitem", MultilineTextInput: "textbox", PasswordInput: "textbox", ProgressIndicator: "progressbar",
  RadioButton: "radio", Row: "row", Slider: "slider", SpinButton: "spinbutton", Splitter: "separator", Status: "status",
  Table: "table", TextInput: "textbox", Window: "dialog",
};
const named = ["cell", "columnheader", "heading", "listitem", "StaticText", "status"];
const numbers = ["slider", "spinbutton", "progressbar"];

/** A line for what egui_kittest sees. */
function seen(node, index, all) {
  let role = roles[node.role] ?? node.role;
  // ARIA calls what is in a list to choose from an option.
  const list = all.slice(0, index).findLast((other) => other.role === "ListBox");
  const isOption = list && role === "button" && all.slice(all.indexOf(list) + 1, index + 1).every((other) => other.role === "Button");
  if (isOption) role = "option";
  const line = { role, name: node.label ?? "" };
  if (named.includes(role)) line.name = node.label ?? node.value ?? "";
  if (["textbox", "combobox"].includes(role)) line.value = node.value ?? "";
  if (numbers.includes(role)) line.value = node.number;
  if (node.description) line.description = node.description;
  if (node.toggled) line[role === "button" ? "pressed" : isOption ? "selected" : "checked"] = node.toggled;
  if (node.disabled) line.disabled = true;
  if (node.expanded !== null) line.expanded = node.expanded;
  if (node.readOnly) line.readonly = true;
  if (node.required) line.required = true;
  if (node.invalid) line.invalid = true;
  return line;
}

/** The same of what Chromium tells: without the canvas, eframe's input, and the text that is a name. */
function heard(lines) {
  const left = [];
  let last;
  for (const { role, name, value, description, states, inside } of lines) {
    if (["RootWebArea", "main", "generic", "InlineTextBox", "LineBreak", "none"].includes(role)) continue;
    if (["group", "textbox"].includes(role) && name === "Gallery") continue;
    if (role === "StaticText") {
      if (["status", "listitem"].includes(inside)) last.name = name;
      // Elsewhere it is the name or value of what it is in.
      else if (["main", "dialog"].includes(inside)) left.push({ role, name });
      continue;
    }
    const line = { role, name };
    if (["textbox", "combobox"].includes(role)) line.value = value ?? "";
    if (numbers.includes(role)) line.value = value;
    if (description) line.description = description;
    for (const state of ["pressed", "checked"]) if (states[state] !== undefined) line[state] = states[state];
    if (role === "option") line.selected = String(states.selected);
    if (states.disabled) line.disabled = true;
    if (states.expanded !== undefined && role !== "combobox") line.expanded = states.expanded;
    if (states.readonly && role === "textbox") line.readonly = true;
    if (states.required) line.required = true;
    if (states.invalid && states.invalid !== "false") line.invalid = true;
    left.push(line);
    last = line;
  }
  return left;
}

/** Clicks, and compares what egui_kittest sees with what Chromium tells. */
async function compare(clicks) {
  const page = await open("");
  for (const [role, name] of clicks) await page.run(role, name, "this.click()");
  await page.sleep(500);
  const names = clicks.map(([, name]) => name);
  const wanted = JSON.parse(execFileSync(expected, names)).map(seen).map((line) => JSON.stringify(line));
  const got = heard(await told(page)).map((line) => JSON.stringify(line));
  const missing = wanted.filter((line, index) => got[index] !== line);
  if (missing.length || got.length !== wanted.length) {
    const rows = wanted.map((line, index) => (got[index] === line ? "" : `\n      kittest ${line}\n      browser ${got[index]}`));
    throw new Error(`${got.length} of ${wanted.length} ${rows.join("")}`);
  }
  console.log("    the same:", got.length);
  return page;
}

const tests = {
  "the browser tells what egui_kittest sees": () => compare([]),
  "the same with all open": () => compare([["checkbox", "Show a window"], ["button", "More"], ["button", "Count"], ["radio", "Plum"]]),
  async "a click presses a button"() {
    const page = await open("");
    await page.run("button", "Count", "this.click()");
    await says(page, "Clicked 1 times");
    return page;
  },
  async "a key presses what has the focus"() {
    const page = await open("");
    await page.focus("checkbox", "Remember me");
    await becomes(async () => await page.focused(), "checkbox Remember me", "focus");
    await page.key(" ", { code: "Space", text: " " });
    await becomes(async () => (await page.find("checkbox", "Remember me")).states.checked, "false", "checked");
    return page;
  },
  async "Tab moves both focuses"() {
    const page = await open("");
    await page.focus("button", "Count");
    await page.key("Tab");
    await becomes(async () => await page.focused(), "link The project", "after Tab");
    await page.key("Tab");
    await page.key("Tab", { modifiers: 8 });
    await becomes(async () => await page.focused(), "link The project", "after Shift+Tab");
    return page;
  },
  async "Tab before assistive technology leaves the keyboard to the canvas"() {
    const page = await open("");
    // Where the keyboard comes in, the first widget has it.
    await page.evaluate(`document.getElementById("canvas").focus()`);
    await page.sleep(200);
    await becomes(async () => await page.evaluate(`document.activeElement.id`), "canvas", "the browser's focus");
    const active = `document.getElementById(document.activeElement.getAttribute("aria-activedescendant")).textContent`;
    await becomes(async () => await page.evaluate(active), "Count", "the one that is named");
    const { states } = await page.find("group", "Gallery");
    const count = await page.find("button", "Count");
    equal(states.activedescendant.relatedNodes[0].backendDOMNodeId, count.backend, "what is told");
    return page;
  },
  async "a person types into a field of the canvas"() {
    const page = await open("");
    const rect = await page.run("textbox", "Name", "const r = this.getBoundingClientRect(); return [r.right - 20, r.y + r.height / 2]");
    for (const type of ["mousePressed", "mouseReleased"]) {
      await page.send("Input.dispatchMouseEvent", { type, x: rect[0], y: rect[1], button: "left", clickCount: 1 });
    }
    await page.sleep(200);
    await becomes(async () => await page.evaluate(`document.activeElement === document.querySelector("canvas ~ input")`), true, "eframe's input has the keyboard");
    await page.type("xy");
    await says(page, "Hello, Adaxy");
    await becomes(async () => (await page.find("textbox", "Name")).value, "Adaxy", "value");
    return page;
  },
  async "a person types into a field of the mirror"() {
    const page = await open("");
    await page.focus("textbox", "Name");
    await page.key("End");
    await page.type("xy");
    await says(page, "Hello, Adaxy");
    await page.key("Home");
    await page.type("z");
    await page.key("Backspace");
    await page.key("ArrowRight");
    await page.type("q");
    await says(page, "Hello, Aqdaxy");
    await becomes(async () => await page.run("textbox", "Name", "return this.selectionStart"), 2, "caret");
    await becomes(async () => await page.focused(), "textbox Name", "focus");
    await page.key("Tab");
    await becomes(async () => await page.focused(), "textbox Note", "after Tab");
    return page;
  },
  async "an input method writes into the mirror"() {
    const page = await open("");
    await page.focus("textbox", "Name");
    await page.key("End");
    await page.send("Input.imeSetComposition", { text: "ni", selectionStart: 2, selectionEnd: 2 });
    await page.sleep(150);
    await page.send("Input.imeSetComposition", { text: "ni h", selectionStart: 4, selectionEnd: 4 });
    await page.sleep(150);
    await page.send("Input.insertText", { text: "你好" });
    await says(page, "Hello, Ada你好");
    await becomes(async () => (await page.find("textbox", "Name")).value, "Ada你好", "value");
    return page;
  },
  async "a password is edited in its middle"() {
    const page = await open("");
    await page.focus("textbox", "Secret");
    await page.key("Home");
    await page.key("ArrowRight");
    await page.type("x");
    await page.key("ArrowRight");
    await page.key("Backspace");
    await page.run("checkbox", "Show the secret", "this.click()");
    await page.sleep(200);
    await becomes(async () => (await page.find("textbox", "Secret")).value, "rxisin", "secret");
    await becomes(async () => await page.focused(), "textbox Secret", "the field that was made anew has the focus");
    return page;
  },
  async "assistive technology sets values"() {
    const page = await open("");
    await page.run("textbox", "Name", `this.value = "Grace"; this.dispatchEvent(new Event("input", { bubbles: true }))`);
    await says(page, "Hello, Grace");
    await page.run("slider", "Volume", `this.value = 55; this.dispatchEvent(new Event("input", { bubbles: true }))`);
    await becomes(async () => (await page.find("spinbutton", "Volume")).value, 55, "volume");
    await page.run("spinbutton", "Amount", `this.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }))`);
    await becomes(async () => (await page.find("spinbutton", "Amount")).value, 8, "amount");
    await page.focus("slider", "Volume");
    await page.key("ArrowRight");
    await becomes(async () => (await page.find("slider", "Volume")).value, 60, "volume by keyboard");
    return page;
  },
  async "a number is written"() {
    const page = await open("");
    await page.focus("spinbutton", "Amount");
    await becomes(async () => await page.focused(), "spinbutton Amount", "focus");
    await page.key("a", { code: "KeyA", modifiers: 2 });
    await page.type("9");
    await page.key("Enter");
    await becomes(async () => (await page.find("spinbutton", "Amount")).value, 9, "amount");
    return page;
  },
  async "scrolling to an element scrolls egui"() {
    const page = await open("?rows=300");
    const row = async () => (await told(page)).find((line) => line.role === "StaticText" && line.name === "Row 200");
    const { object } = await page.send("DOM.resolveNode", { backendNodeId: (await row()).backend });
    const call = (functionDeclaration) => page.send("Runtime.callFunctionOn", { objectId: object.objectId, functionDeclaration, returnByValue: true });
    await call(`function() { this.parentElement.scrollIntoView({ block: "center" }) }`);
    await page.sleep(500);
    const { result } = await call(`function() { const r = this.parentElement.getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight }`);
    equal(result.value, true, "the row is in view");
    await page.run("heading", "Gallery", "this.scrollIntoView()");
    await page.sleep(500);
    await becomes(async () => await page.run("heading", "Gallery", "return this.getBoundingClientRect().top >= 0"), true, "the top is in view");
    return page;
  },
  async "a menu opens and its choice counts"() {
    const page = await open("");
    await page.run("combobox", "Fruit", "this.click()");
    await page.sleep(300);
    await becomes(async () => (await page.find("combobox", "Fruit")).states.expanded, true, "expanded");
    await page.run("option", "Plum", "this.click()");
    await becomes(async () => (await page.find("combobox", "Fruit")).value, "Plum", "choice");
    return page;
  },
  async "what opens comes into the mirror"() {
    const page = await open("");
    await page.run("button", "More", "this.click()");
    await says(page, "That was hidden");
    await becomes(async () => (await page.find("button", "More")).states.expanded, true, "expanded");
    await page.run("checkbox", "Show a window", "this.click()");
    await says(page, "In the window");
    await page.find("dialog", "Extra");
    return page;
  },
  async "elements lie where the widgets are"() {
    for (const ratio of [1, 2, 1.25]) {
      const page = await open("", { ratio });
      const [x, y] = await page.run("button", "Count", "const r = this.getBoundingClientRect(); return [r.x + r.width - 4, r.y + r.height - 4]");
      for (const type of ["mousePressed", "mouseReleased"]) {
        await page.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
      }
      await says(page, "Clicked 1 times");
      if (ratio === 1.25) return page;
      await page.close();
    }
  },
  async "a finger finds elements, and taps once"() {
    const page = await open("?ask", { ready: false, touch: true });
    await page.until("the button", `document.querySelector("main > button") !== null`);
    equal(await page.evaluate(`matchMedia("(pointer: coarse)").matches`), true, "there is a finger");
    await page.run("button", "Enable accessibility", "this.click()");
    await page.until("the mirror", `document.querySelectorAll("[id^=egui-accessibility-0-]").length > 10`);
    const [x, y] = await page.run("button", "Count", "const r = this.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]");
    await becomes(async () => await page.evaluate(`document.elementFromPoint(${x}, ${y}).textContent`), "Count", "below the finger");
    await page.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
    await page.sleep(100);
    await page.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await says(page, "Clicked 1 times");
    // A click within a second would be taken for the tap's own.
    await page.sleep(1100);
    await says(page, "Clicked 1 times");
    await page.run("button", "Count", "this.click()");
    await says(page, "Clicked 2 times");
    return page;
  },
  async "the mirror waits until it is asked for, and is remembered"() {
    const page = await open("?ask", { ready: false });
    await page.until("the button", `document.querySelector("main > button") !== null`);
    await page.sleep(500);
    await becomes(async () => await page.evaluate(`document.querySelectorAll("[id^=egui-accessibility-0-]").length`), 0, "elements");
    await page.run("button", "Enable accessibility", "this.click()");
    await page.until("the mirror", `document.querySelectorAll("[id^=egui-accessibility-0-]").length > 10`);
    await becomes(async () => await page.evaluate(`document.querySelector("main > button")`), null, "the button has gone");
    await becomes(async () => await page.focused(), "button Count", "what has the keyboard after that");
    await becomes(async () => await page.evaluate(`document.activeElement.textContent`), "Count", "the browser's focus");
    await page.send("Page.reload");
    await page.sleep(1500);
    await page.until("the mirror again", `document.querySelectorAll("[id^=egui-accessibility-0-]").length > 10`);
    return page;
  },
  async "a still page is left alone"() {
    const page = await open("");
    await page.sleep(1000);
    await page.evaluate(`window.changes = 0;
      new MutationObserver((list) => (window.changes += list.length)).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })`);
    for (let x = 300; x < 340; x += 2) {
      await page.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y: 700 });
    }
    await page.sleep(300);
    await becomes(async () => await page.evaluate("window.changes"), 0, "changes");
    await page.run("button", "Count", "this.click()");
    await says(page, "Clicked 1 times");
    console.log("    changes by a click:", await page.evaluate("window.changes"));
    return page;
  },
};

for (const [name, test] of Object.entries(tests)) {
  if (only && !name.includes(only)) continue;
  let page;
  try {
    page = await test();
    passes += 1;
    console.log("ok  ", name);
  } catch (error) {
    failures += 1;
    console.log("FAIL", name, "\n    ", error.message);
  }
  await page?.close();
}
site.close();
// As Rust's own suites end.
const verdict = failures === 0 ? "ok" : "FAILED";
console.log(`test result: ${verdict}. ${passes} passed; ${failures} failed; 0 ignored; 0 measured; 0 filtered out`);
process.exit(failures === 0 ? 0 : 1);
