"use strict";

// Drives a headless Chromium by its DevTools protocol over a pipe: no package, no port, no network.

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const PATIENCE_MS = 60000;

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage", "--hide-scrollbars",
  "--force-color-profile=srgb", "--remote-debugging-pipe"];

class Browser {
  constructor(program) {
    this.profile = fs.mkdtempSync(path.join(os.tmpdir(), "page-"));
    this.process = spawn(program, [...FLAGS, "--user-data-dir=" + this.profile, "about:blank"],
      { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.waiting = new Map();
    this.listeners = [];
    this.count = 0;
    this.heard = "";
    this.process.stdio[4].setEncoding("utf8");
    this.process.stdio[4].on("data", (text) => this.hear(text));
    this.process.on("exit", () => this.failAll("the browser has ended"));
    this.process.on("error", (trouble) => this.failAll(trouble.message));
  }

  failAll(sentence) {
    for (const { reject } of this.waiting.values()) reject(new Error(sentence));
    this.waiting.clear();
  }

  hear(text) {
    const parts = (this.heard + text).split("\0");
    this.heard = parts.pop();
    for (const part of parts) this.take(JSON.parse(part));
  }

  take(message) {
    const asked = this.waiting.get(message.id);
    if (asked === undefined) {
      for (const listener of this.listeners) listener(message);
      return;
    }
    this.waiting.delete(message.id);
    if (message.error) asked.reject(new Error(message.error.message));
    else asked.resolve(message.result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.count;
    const sent = JSON.stringify({ id, method, params, sessionId });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(method + " was not answered")), PATIENCE_MS);
      const settle = (end) => (value) => { clearTimeout(late); end(value); };
      this.waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      this.process.stdio[3].write(sent + "\0");
    });
  }

  async open(url, size) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId);
    await page.start(url, size);
    return page;
  }

  async close() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.send("Browser.close").catch(() => {});
    await ended;
    fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const KEYS = { Enter: 13, Tab: 9, ArrowDown: 40, ArrowUp: 38, Escape: 27, Home: 36, End: 35 };

class Page {
  constructor(browser, session) {
    this.browser = browser;
    this.session = session;
    this.complaints = []; // console errors, exceptions, breaches of the policy
    this.requests = [];
    browser.listeners.push((message) => { if (message.sessionId === session) this.notice(message); });
  }

  notice({ method, params }) {
    if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    else if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.exception?.description || params.exceptionDetails.text);
    else if (method === "Runtime.consoleAPICalled" && params.type !== "log") this.complaints.push(params.args.map((arg) => arg.value || arg.description).join(" "));
    else if (method === "Log.entryAdded" && params.entry.level !== "info") this.complaints.push(params.entry.text);
    else if (method === "Page.loadEventFired") this.loaded?.();
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  async start(url, { width = 1280, height = 900, mobile = false, scheme = "light" } = {}) {
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await this.send(domain + ".enable");
    await this.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile });
    await this.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    const loaded = new Promise((resolve) => { this.loaded = resolve; });
    const from = process.hrtime.bigint();
    await this.send("Page.navigate", { url });
    await loaded;
    await this.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
    this.openedAfterMs = Number(process.hrtime.bigint() - from) / 1e6;
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
    return result.value;
  }

  // Until the expression is true: the page answers in its own time.
  async until(expression) {
    return this.evaluate(`new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error("it never came to be that " + ${JSON.stringify(expression)})), 20000);
      const look = () => { if (${expression}) { clearTimeout(late); done(true); } else requestAnimationFrame(look); };
      look();
    })`);
  }

  // The viewer listens for the same event, and did so first.
  async goTo(hash) {
    await this.evaluate(`new Promise((done) => {
      const before = location.href;
      location.hash = ${JSON.stringify(hash)};
      if (location.href === before) done();
      else window.addEventListener("hashchange", () => done(), { once: true });
    })`);
  }

  async press(key) {
    const code = KEYS[key] || key.toUpperCase().charCodeAt(0);
    const event = { key, windowsVirtualKeyCode: code, text: KEYS[key] ? (key === "Enter" ? "\r" : undefined) : key };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key, windowsVirtualKeyCode: code });
  }

  // A real click, at the middle of the element.
  async click(selector) {
    const at = await this.evaluate(`(() => {
      const found = document.querySelector(${JSON.stringify(selector)});
      if (found === null) return null;
      found.scrollIntoView({ block: "center" });
      const box = found.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    })()`);
    if (at === null) throw new Error("there is no " + selector + " to click");
    for (const type of ["mousePressed", "mouseReleased"])
      await this.send("Input.dispatchMouseEvent", { type, ...at, button: "left", clickCount: 1 });
  }

  async screenshot(file, { whole = false } = {}) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole,
      ...(whole ? { clip: await this.wholeSize() } : {}) });
    fs.writeFileSync(file, Buffer.from(data, "base64"));
  }

  async wholeSize() {
    const { cssContentSize } = await this.send("Page.getLayoutMetrics");
    return { x: 0, y: 0, width: cssContentSize.width, height: Math.min(cssContentSize.height, 8000), scale: 1 };
  }

  async printTo(file) {
    const { data } = await this.send("Page.printToPDF", { printBackground: false, preferCSSPageSize: true });
    fs.writeFileSync(file, Buffer.from(data, "base64"));
  }
}

module.exports = { Browser };
