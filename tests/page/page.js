"use strict";

// Opens the report's page from disk in headless Chromium, and uses it as a person does: by mouse, by keyboard, by search.
//
// Usage: node page.js CHROMIUM DIRECTSIP SOURCE [FOLDER FOR SCREENSHOTS]

const { spawnSync } = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const SKIPPED = 77;
const [chromium, directsip, source, pictures] = process.argv.slice(2);
if (!chromium || chromium.endsWith("NOTFOUND")) {
  console.log("skipped: chromium is not installed");
  process.exit(SKIPPED);
}
const { Browser } = require("./browser.js");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "report-"));
let checks = 0, failed = 0;

function check(holds, about) {
  checks++;
  if (holds) return;
  failed++;
  console.log("FAILED: " + about);
}

function same(is, wanted, about) {
  check(is === wanted, `${about}: ${JSON.stringify(is)}, where ${JSON.stringify(wanted)} is wanted`);
}

// Runs a part of the suite; its page is at the path that is given back.
function report(name, words, environment = {}) {
  const out = path.join(folder, name);
  const { status, stdout, stderr } = spawnSync(directsip, ["run", "--root", source, "-q", "-o", out, ...words],
    { cwd: folder, env: { ...process.env, ...environment }, encoding: "utf8" });
  check(status === 0 || status === 1, `${name} exits with ${status}:\n${stdout}${stderr}`);
  return "file://" + path.join(out, "index.html");
}

function quiet(page, name) {
  same(page.complaints.join("\n"), "", name + ": what the browser complains of");
  same(page.requests.filter((url) => !url.startsWith("file://" + folder)).join("\n"), "", name + ": requests");
  same(page.requests.filter((url) => !/\/(index|certificate)\.html$/.test(url)).join("\n"), "", name + ": requests for files");
}

async function picture(page, name, options) {
  if (pictures) await page.screenshot(path.join(pictures, name + ".png"), { whole: true, ...options });
}

const heading = "document.querySelector('main h1').textContent";
const text = (selector) => `document.querySelector(${JSON.stringify(selector)}).textContent`;
const count = (selector) => `document.querySelectorAll(${JSON.stringify(selector)}).length`;

// ---- the first screen ----

async function testOverview(browser, url) {
  const page = await browser.open(url);
  same(await page.evaluate(heading), "1 of 3 runs did not pass", "the headline");
  check((await page.evaluate(text(".failures"))).includes("calls/callee_clears@behind_pbx:bypass_on/ev_to_pstn"), "the failure is not named");
  check(await page.evaluate(count(".failures p")) > 0, "the failure has no sentence");
  await picture(page, "overview");
  await page.click(".matrix .cell.fail a");
  await page.until(heading + " === 'Runs'");
  same(await page.evaluate(count(".runs tbody tr")), 1, "runs behind the cell of the failure");
  await page.goTo("#");
  await page.click("section:last-of-type .cell.fail a");
  await page.until(heading + ".startsWith('Requirements: ')");
  check(await page.evaluate(count("main tbody tr")) > 0, "no requirement is behind the cell");
  await page.click("main tbody a");
  await page.until(heading + " === decodeURIComponent(location.hash).replace('#requirement/', '')");
  check(await page.evaluate(count("main .runs tbody tr")) > 0, "a requirement that failed names no run");
  quiet(page, "overview");
}

// ---- one run ----

async function testRun(browser, url) {
  const page = await browser.open(url);
  await page.click(".failures a");
  await page.until("document.querySelector('.ladder') !== null");
  same(await page.evaluate("document.activeElement.tagName"), "H1", "where the reader is after following a link");
  check((await page.evaluate(text("figcaption"))).includes("alice \u2192 pool \u2192 mediation \u2192 gateway"), "the route is not told in words");
  check(await page.evaluate(count("svg .node")) >= 7 && await page.evaluate(count("svg .hop")) >= 5, "the deployment is not drawn");
  check(await page.evaluate(count(".ladder .band")) > 0, "there is no band of audio");
  check(await page.evaluate(count(".arrow.marked")) > 0, "no arrow is marked by a finding");
  same(await page.evaluate(count(".heads .place")), 6, "columns of the ladder");
  await page.click(".arrow.leg-0");
  check((await page.evaluate(text(".message h3"))).startsWith("INVITE +"), "a click shows no message");
  check((await page.evaluate(text(".message pre"))).includes("m=audio"), "the message has no SDP");
  await testLadderByKeys(page);
  await page.click("section td a[href^='#run/']");
  await page.until(text(".message") + ".includes('frame ' + location.hash.split('/').pop() + ',')");
  check(await page.evaluate(count(".arrow.marked[aria-current]")) === 1, "a finding leads to no arrow that it marks");
  await picture(page, "run");
  quiet(page, "run");
}

async function testLadderByKeys(page) {
  await page.evaluate("document.activeElement.blur()");
  await page.press("l");
  same(await page.evaluate("document.activeElement.className.split(' ')[0]"), "arrow", "where 'l' leads");
  const first = await page.evaluate(text(".message"));
  await page.press("ArrowDown");
  const second = await page.evaluate(text(".message"));
  check(first !== second, "the arrow key leads to no other message");
  check(await page.evaluate(count(".message .line.in")) > 0, "what the next hop added is not marked");
  same(await page.evaluate(count(".arrow[tabindex='0']")), 1, "stops of the tabulator in the ladder");
  await page.press("ArrowUp");
  same(await page.evaluate(text(".message")), first, "the way back up");
}

// Audio takes the short way, or the way through the Mediation Server, and it is seen.
async function testBypass(browser, url) {
  const audio = { on: "alice \u21c4 gateway", off: "alice \u21c4 mediation" };
  for (const bypass of ["on", "off"]) {
    const page = await browser.open(url);
    await page.goTo("#runs?topology=in_front_of_pbx&bypass=" + bypass);
    await page.click(".runs tbody th a");
    await page.until("document.querySelector('figcaption') !== null");
    const words = await page.evaluate(text("figcaption"));
    check(words.includes(audio[bypass]), `with bypass ${bypass}, the drawing says: ${words}`);
    quiet(page, "bypass " + bypass);
  }
}

// ---- the sound ----

// A fifth of all packets is lost on each hop, so that what a relay passes on has holes.
async function testSound(browser) {
  const page = await browser.open(report("lossy", ["-w", "sim", "--seed", "3", "-f", "lose 20% of udp", "calls/callee_clears@in_front_of_pbx:bypass_off/ev_to_pstn"]));
  await page.goTo("#runs");
  await page.click(".runs tbody th a");
  await page.until("document.querySelector('.streams') !== null");
  const rows = await page.evaluate(count(".streams tbody tr"));
  check(rows >= 4, "only " + rows + " streams");
  same(await page.evaluate(count(".streams .wave path")), rows, "streams with a picture");
  same(await page.evaluate(count(".streams .play")), rows, "streams that can be played");
  check(/^MOS$/m.test(await page.evaluate("[...document.querySelectorAll('.streams th[scope=col]')].map((one) => one.textContent).join('\\n')")), "no column for the score");
  const scores = await page.evaluate("[...document.querySelectorAll('.streams tbody tr')].map((one) => one.cells[6].textContent)");
  check(scores.every((score) => /^[1-4]\.\d\d (very good|good|fair|poor|bad)$/.test(score)), "scores without their word: " + scores.join(", "));
  check(new Set(scores).size > 1, "loss changes no score: " + scores.join(", "));
  await testHoles(page);
  await testPlaying(page);
  await testWithoutSound(page);
  quiet(page, "sound");
}

// What is missing is as long as it was, silent, and marked.
async function testHoles(page) {
  check(await page.evaluate(count(".wave .hole")) > 0, "no hole is marked in the pictures");
  check((await page.evaluate("[...document.querySelectorAll('.wave')].map((one) => one.getAttribute('aria-label')).join()")).includes("packets are missing in "), "no hole is spoken of");
  const sound = await page.evaluate(`(() => {
    const { seen, sound } = contentOf(suite.runs[0]);
    return sound.streams.map((line, number) => {
      const { rate, samples } = soundOf(sound, line);
      let lost = 0;
      for (let at = 0; at < line.length; at += 2) if (line[at] === LOST) lost += line[at + 1];
      return { rate, seconds: samples.length / rate, silent: samples.filter((sample) => sample === 0).length, lost, loud: Math.max(...samples),
        should: seen.flows[number].packets * 160 + lost, packets: seen.flows[number].lost };
    });
  })()`);
  for (const one of sound) {
    check(one.loud > 0.05, "a tone cannot be heard: " + one.loud);
    same(one.seconds * one.rate, one.should, "samples of a stream");
    check(one.lost <= one.packets * 160 && (one.packets < 3 || one.lost > 0), `${one.packets} packets leave holes of ${one.lost} samples`);
    check(one.silent >= one.lost, `${one.lost} samples are missing, and ${one.silent} are silent`);
  }
}

async function testPlaying(page) {
  same(await page.evaluate("typeof playing + playing"), "objectnull", "what is played before anybody asks");
  await page.click(".play");
  await page.until("playing !== null && playing.context.state === 'running' && playing.context.currentTime > 0");
  await page.until("playing === null");
  check((await page.evaluate(text(".play"))).startsWith("\u25b6 Play"), "the button does not say that the end was reached");
  const longest = await page.evaluate("(() => { const { seen } = contentOf(suite.runs[0]); return seen.flows.reduce((best, flow, at) => (flow.samples > seen.flows[best].samples ? at : best), 0) + 1; })()");
  const button = `.streams tbody tr:nth-child(${longest}) .play`;
  await page.click(button);
  await page.until(text(button) + ".startsWith('\u25a0 Stop')");
  await page.click(button);
  await page.until("playing === null");
  await page.click(button);
  await page.until("playing !== null");
  await page.goTo("#");
  same(await page.evaluate("playing"), null, "what is played when the run is left");
}

// Of a page that grew too large: the words say where the sound is.
async function testWithoutSound(page) {
  await page.evaluate("delete contentOf(suite.runs[0]).sound; location.hash = '#run/' + suite.runs[0].slug");
  await page.until("document.querySelector('.streams') !== null");
  same(await page.evaluate(count(".play")), 0, "buttons where there is no sound");
  check(await page.evaluate(count(".wave")) > 0, "without sound there is no picture");
  check((await page.evaluate(text(".streams td.sound"))).includes("directsip show run.pcapng --sound 1 -o stream-1.wav"), "nothing says where the sound is");
}

// ---- the certificate ----

function sha256(file) {
  return crypto.createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}

async function testCertificate(browser) {
  const file = path.join(folder, "certificate.html"), out = path.join(folder, "certified");
  report("certified", ["-w", "sim", "--certificate", file, "--defect", "gateway:busy_becomes_480", "calls/busy@voip_only", "calls/callee_clears@in_front_of_pbx"]);
  const page = await browser.open("file://" + file, { width: 794, height: 1123 });
  const runs = fs.readdirSync(out).filter((name) => name !== "index.html");
  const evidence = new Map(await page.evaluate("[...document.querySelectorAll('.evidence tbody tr')].map((one) => [one.querySelector('.path').textContent, one.querySelector('.hash')?.textContent])"));
  for (const run of runs) {
    const capture = path.join(out, run, "run.pcapng");
    if (fs.existsSync(capture)) same(evidence.get(run + "/run.pcapng"), sha256(capture), "the hash of " + run);
  }
  same(evidence.get("scenarios/calls/busy.lua") || evidence.get(path.join(source, "scenarios/calls/busy.lua")), sha256(path.join(source, "scenarios/calls/busy.lua")), "the hash of a scenario");
  same(await page.evaluate(count(".cases tbody tr")), runs.length, "cases");
  check((await page.evaluate("[...document.querySelectorAll('.cases .mark.fail')].map((one) => one.nextSibling.textContent).join()")).includes("CALL-04, frame "), "no failure names what decided it");
  check(await page.evaluate(count("svg .node")) > 0, "no deployment is drawn");
  same(await page.evaluate(count("script")), 0, "scripts of a certificate");
  check((await page.evaluate(text("body"))).includes("RTCC/5.0.0.0 MediationServer"), "no element says what it is");
  check(!/\b20\d\d-\d\d-\d\d/.test(await page.evaluate(text("body"))), "a simulated world has a date");
  await testPaper(page);
  quiet(page, "certificate");
}

async function testPaper(page) {
  await page.send("Emulation.setEmulatedMedia", { media: "print" });
  check(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the certificate is wider than its paper");
  const file = path.join(pictures || folder, "certificate.pdf");
  await page.printTo(file);
  const pdf = fs.readFileSync(file, "latin1");
  check(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/.test(pdf), "the paper is not A4");
  check((pdf.match(/\/Type \/Page\b/g) || []).length > 3, "too few sheets of paper");
  await picture(page, "certificate");
}

async function testHostileCertificate(browser, file) {
  const page = await browser.open("file://" + file);
  same(await page.evaluate("document.querySelectorAll('img, script, iframe, object').length"), 0, "elements that a scenario made in the certificate");
  check((await page.evaluate(text(".cases"))).includes("</script><script>document.title = 'hacked'"), "the scenario's sentence is no text of the certificate");
  check((await page.evaluate(text(".evidence:last-of-type"))).includes("<img src=x onerror=document.title='hacked'>.lua"), "the scenario's name is no text of the certificate");
  same(await page.evaluate("document.title"), "Direct SIP interoperability: report of tests", "the title");
  quiet(page, "hostile certificate");
}

// ---- search, keys ----

async function testSearch(browser, url) {
  const page = await browser.open(url);
  await page.press("/");
  await page.until("document.activeElement.name === 'q'");
  for (const key of "passerelle") await page.press(key);
  await page.until(count(".runs tbody tr") + " === 0");
  await page.evaluate("document.activeElement.select()");
  for (const key of "BYPASS_ON") await page.press(key);
  await page.until(count(".runs tbody tr") + " === 2");
  same(await page.evaluate("location.hash"), "#runs?q=BYPASS_ON", "the address of a search");
  await page.goTo("#runs?q=rtpmap%3A0+pcmu");
  same(await page.evaluate(count(".runs tbody tr")), 3, "runs with a line of SDP");
  await page.goTo("#runs?element=pbx&verdict=FAIL");
  same(await page.evaluate(count(".runs tbody tr")), 1, "failed runs that met the exchange");
  await page.goTo("#runs?requirement=CALL-01&verdict=FAIL");
  same(await page.evaluate(count(".runs tbody tr")), 1, "failed runs that speak of CALL-01");
  await page.goTo("#runs");
  await page.press("?");
  check(await page.evaluate("document.getElementById('keys').open"), "'?' shows no keys");
  await page.press("Escape");
  await page.press("o");
  await page.until(heading + ".endsWith('did not pass')");
  quiet(page, "search");
}

// Landmarks, names and headings: what a screen reader goes by.
async function testNames(browser, url) {
  const page = await browser.open(url);
  for (const hash of ["#", "#runs", "#requirements", "#run/calls-callee_clears-behind_pbx-bypass_on-ev_to_pstn-sim"]) {
    await page.goTo(hash);
    same(await page.evaluate(count("h1")), 1, hash + ": headings of the first order");
    same(await page.evaluate(count("main") + " + " + count("header")), 2, hash + ": landmarks");
    same(await page.evaluate("[...document.querySelectorAll('main table')].filter((one) => !one.caption || !one.querySelector('th[scope=col]')).length"),
      0, hash + ": tables without caption or headings");
    same(await page.evaluate("[...document.querySelectorAll('button, a, select, input, summary')].filter((one) => !(one.textContent.trim() || one.labels?.length)).length"),
      0, hash + ": controls without a name");
    const ids = await page.evaluate("(() => { const ids = [...document.querySelectorAll('[id]')].map((one) => one.id); return ids.length - new Set(ids).size; })()");
    same(ids, 0, hash + ": names given twice");
  }
  const { nodes } = await page.send("Accessibility.getFullAXTree");
  const spoken = nodes.map((node) => node.name?.value || "");
  check(spoken.some((name) => /INVITE.*alice to pool, leg A, frame \d+/.test(name)), "an arrow is not spoken");
  quiet(page, "names");
}

// ---- looks ----

async function testLooks(browser, url) {
  const run = url + "#run/calls-callee_clears-behind_pbx-bypass_on-ev_to_pstn-sim/1";
  for (const [name, size] of [["light", {}], ["dark", { scheme: "dark" }], ["phone", { width: 390, height: 844, mobile: true }]]) {
    const page = await browser.open(run, size);
    const paper = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    same(Number(paper.match(/\d+/)[0]) < 128, name === "dark", name + ": the paper is dark");
    check(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name + ": the page is wider than the window");
    await picture(page, name);
    quiet(page, name);
  }
  const page = await browser.open(run);
  await page.send("Emulation.setEmulatedMedia", { media: "print" });
  same(await page.evaluate("getComputedStyle(document.querySelector('header nav')).display"), "none", "the menu on paper");
  await picture(page, "print");
  quiet(page, "print");
}

// ---- hostile text ----

function hostilePacket() {
  const evil = "<img src=x onerror=\"document.title='hacked'\">";
  const packet = ["INVITE sip:+12065550199@pstn.contoso.example SIP/2.0",
    "Via: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bKevil", `From: "${evil}</script>" <sip:evil@127.0.0.1>;tag=1`,
    "To: <sip:+12065550199@pstn.contoso.example>", "Call-ID: <script>document.title='hacked'</script>", "CSeq: 1 INVITE",
    `Subject: ${evil} \u2028 \u202egnp.exe`, "X-Half: \u0000", "Max-Forwards: 70", "Content-Length: 0", "", ""].join("\r\n");
  const file = path.join(folder, "packet");
  fs.writeFileSync(file, Buffer.concat([Buffer.from(packet.replace("X-Half: \u0000", "X-Half: \u00ed\u00a0\u0080"), "utf8")]));
  return file;
}

async function testHostile(browser) {
  const file = path.join(folder, "<img src=x onerror=document.title='hacked'>.lua");
  fs.copyFileSync(path.join(source, "tests/page/hostile.lua"), file);
  const certificate = path.join(folder, "hostile", "certificate.html");
  const page = await browser.open(report("hostile", ["--certificate", certificate, file], { PAGE_PACKET: hostilePacket() }));
  const whole = () => page.evaluate("document.title + ' ' + document.querySelectorAll('img, iframe, object, main script').length");
  check((await page.evaluate(text(".failures"))).includes("<script>document.title = 'hacked'"), "the scenario's sentence is not shown as text");
  check(/^1? ?.*report 0$/.test(await whole()) && !(await whole()).includes("hacked"), "markup of a scenario came to life: " + await whole());
  await page.click(".failures a");
  await page.until("document.querySelector('.ladder') !== null");
  await page.evaluate("[...document.querySelectorAll('.parts input')].pop()?.click()");
  const arrows = await page.evaluate(count(".arrow"));
  let shown = "";
  for (let index = 0; index < arrows; index++) {
    await page.evaluate(`document.querySelectorAll(".arrow")[${index}].click()`);
    shown += await page.evaluate(text(".message"));
  }
  check(shown.includes("<img src=x onerror="), "the display name is not shown as it was sent");
  check(shown.includes("\u27e8U+202E\u27e9gnp.exe"), "a change of direction is not made visible");
  for (const summary of ["details", "summary"]) await page.evaluate(`for (const one of document.querySelectorAll("${summary}")) one.open = true`);
  same(await page.evaluate("document.querySelectorAll('img, iframe, object, main script').length"), 0, "elements that a packet made");
  check(!(await page.evaluate("document.title")).startsWith("hacked"), "markup of a packet came to life");
  await picture(page, "hostile");
  quiet(page, "hostile");
  await testHostileCertificate(browser, certificate);
}

// ---- many ----

// The aim is two seconds on a machine of its own; a busy one is given more, and what it took is said.
async function testThousand(browser) {
  const url = report("thousand", ["-w", "sim", "--repeat", "7", "calls/callee_clears", "calls/busy"]);
  const page = await browser.open(url);
  const runs = await page.evaluate("suite.runs.length");
  check(runs >= 1000, "only " + runs + " runs");
  const megabytes = fs.statSync(url.slice("file://".length)).size / 1e6;
  await page.goTo("#runs");
  same(await page.evaluate(count(".runs tbody tr")), runs, "rows of the list");
  const searchMs = await page.evaluate(`(() => {
    const from = performance.now();
    const field = document.querySelector(".filter input");
    field.value = "486 busy";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return performance.now() - from;
  })()`);
  console.log(`${runs} runs, ${megabytes.toFixed(1)} MB: open after ${page.openedAfterMs.toFixed(0)} ms, first search ${searchMs.toFixed(0)} ms`);
  check(page.openedAfterMs < 10000, "it opens after " + page.openedAfterMs + " ms");
  quiet(page, "thousand");
}

async function main() {
  const url = report("small", ["-w", "sim", "--defect", "pbx:no_ack", ...["behind_pbx:bypass_on", "in_front_of_pbx:bypass_on",
    "in_front_of_pbx:bypass_off"].map((place) => `calls/callee_clears@${place}/ev_to_pstn`)]);
  const browser = new Browser(chromium);
  try {
    for (const test of [testOverview, testRun, testBypass, testSearch, testNames, testLooks]) await test(browser, url);
    await testSound(browser);
    await testCertificate(browser);
    await testHostile(browser);
    await testThousand(browser);
  } finally {
    await browser.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${checks} checks, ${failed} failed`);
  process.exitCode = failed === 0 && checks > 0 ? 0 : 1;
}

main().catch((trouble) => {
  console.log(trouble.stack);
  process.exitCode = 1;
});
