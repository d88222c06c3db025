"use strict";

// One run: what it is, the deployment with the call laid over it, the ladder, findings, streams.

const VERDICT_ORDER = ["fail", "unclear", "not-seen", "pass"];

function copyButton(text) {
  const status = element("span", { role: "status" });
  return [element("button", { type: "button", onclick: () => {
    const told = (word) => status.replaceChildren(" " + word);
    if (!navigator.clipboard) return told("select it, and copy");
    navigator.clipboard.writeText(text).then(() => told("copied"), () => told("select it, and copy"));
  } }, "Copy"), status];
}

function pathLink(path) {
  return link(path.split("/").map(encodeURIComponent).join("/"), path);
}

function whereLink(run, where) {
  if (!where) return null;
  const line = where.match(/:(\d+)$/);
  if (line === null || where.slice(0, -line[0].length) !== run.scenario_path || scenarioText(run.scenario_path) === undefined)
    return element("code", {}, where);
  return element("button", { type: "button", class: "as-link", onclick: () => showSource(Number(line[1])) }, element("code", {}, where));
}

function about(run) {
  const entries = [["Deployment", [link("#runs?topology=" + encodeURIComponent(placeOf(run)), placeOf(run)), run.option ? " (" + run.option + ")" : ""]],
    ["Call", run.call ? run.call.replaceAll("_", " ") : "as the scenario says"], ["Media bypass", run.bypass ? "on" : "off"], ["World", [run.world, ", seed ", run.seed]],
    ["Took", run.seconds.toFixed(3) + " s"], ["Evidence", run.evidence || "none"],
    ...(run.defects ? [["Misbehaviours switched on", run.defects.replaceAll(" ", ", ")]] : []),
    ["Capture", run.capture ? pathLink(run.capture) : "none"],
    ["Again", run.rerun ? [element("code", {}, run.rerun), " ", copyButton(run.rerun)] : "not known"]];
  return element("dl", { class: "about" }, entries.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
}

// ---- which part of the capture ----

function partsOf(seen) {
  const parts = seen.calls.map((call, number) => ({ seen, calls: [call], flows: seen.flows.filter((flow) => flow.call === number),
    messages: seen.messages.filter((message) => message[CALL] === number),
    name: `${call.from || "?"} \u2192 ${call.to || "?"}, ${call.outcome}` + (call.status > 0 && call.outcome !== "answered" ? ` (${call.status})` : "") }));
  const rest = seen.messages.filter((message) => message[CALL] < 0);
  if (rest.length > 0 || parts.length === 0) parts.push({ seen, calls: [], flows: [], messages: rest, name: "Outside calls" });
  if (parts.length > 1) parts.push({ seen, calls: seen.calls, flows: seen.flows, messages: seen.messages, name: "Everything" });
  return parts;
}

function partChoice(parts, show) {
  if (parts.length < 2) return null;
  return element("fieldset", { class: "parts" }, element("legend", {}, "Show"), parts.map((part, index) =>
    element("label", {}, element("input", { type: "radio", name: "part", value: index, checked: index === 0,
      onchange: () => show(part) }), " ", part.name)));
}

// ---- the tables ----

function frameLink(run, frame, frames) {
  return frames.has(frame) ? link("#run/" + run.slug + "/" + frame, "#" + frame) : "#" + frame;
}

function findingRow(run, frames, [id, verdict, , sentence, where, named]) {
  return row(id ? link("#requirement/" + id, id) : "scenario", badge(verdict),
    [sentence || (requirementNumbers.has(id) ? suite.requirements[requirementNumbers.get(id)][1] : ""), where ? [" ", whereLink(run, where)] : null],
    named.map((frame, index) => [index > 0 ? " " : "", frameLink(run, frame, frames)]));
}

function findingTable(run, frames, findings, caption) {
  return table(caption, ["Requirement", "Verdict", "What was seen", "Frames"], findings.map((finding) => findingRow(run, frames, finding)), {});
}

function findingSection(run, content, frames) {
  const sorted = [...content.findings].sort((a, b) => VERDICT_ORDER.indexOf(a[1]) - VERDICT_ORDER.indexOf(b[1]));
  const open = sorted.filter((finding) => finding[1] !== "pass" && finding[2]);
  const proven = sorted.filter((finding) => finding[1] === "pass" && finding[2]);
  const rest = sorted.filter((finding) => !finding[2]);
  const folded = (list, word) => (list.length === 0 ? null : element("details", {},
    element("summary", {}, plural(list.length, "finding") + " " + word), findingTable(run, frames, list, "Findings " + word)));
  return section("Findings", open.length > 0 ? findingTable(run, frames, open, "What keeps this run from passing") : null,
    folded(proven, "that this run is to prove, and does"), folded(rest, "beside what this run is to prove"));
}

// What came by, and what its listener said of it: a packet may be lost behind the place of the capture.
function lossOf({ packets, lost, told_lost: told }) {
  return [`${lost}` + (lost > 0 ? ` (${(100 * lost / (packets + lost)).toFixed(1)} %)` : ""),
    told > lost ? element("small", {}, `; its listener missed ${told}`) : null];
}

function streamRow(run, content, flow, number) {
  const seen = content.seen;
  return row([seen.places[flow.from], " \u2192 ", seen.places[flow.to]], element("td", { class: "sound" }, isFax(flow) ? "none" : soundCell(run, content, flow, number)), flow.codec,
    String(flow.packets), lossOf(flow), flow.jitter_ms.toFixed(2), isFax(flow) ? "none" : score(flow.mos),
    `${((flow.last_at - flow.first_at) / 1e6).toFixed(2)} s`, flow.talker || (isFax(flow) ? "a fax machine" : "nobody clear"), flow.digits || "none", `#${flow.first_frame}\u2013${flow.last_frame}`);
}

function streamSection(run, content) {
  const seen = content.seen;
  if (seen.flows.length === 0) return section("Streams", element("p", {}, "No audio was seen."));
  const mos = element("th", { scope: "col" }, element("abbr", { title: "mean opinion score, 1 to 4.5 (ITU-T G.107)" }, "MOS"));
  return section("Streams", table(plural(seen.flows.length, "stream") + (seen.flows.some(isFax) ? " of RTP and T.38" : " of RTP"),
    ["From and to", "Sound", "Codec", "Packets", "Lost", "Jitter, ms", mos, "Length", "Heard", "Digits", "Frames"],
    seen.flows.map((flow, number) => streamRow(run, content, flow, number)), { class: "streams" }),
    seen.flows_left_out > 0 ? element("p", { class: "quiet" }, seen.flows_left_out + " more are in the capture.") : null);
}

function sourceSection(run, content) {
  const text = scenarioText(run.scenario_path);
  if (text === undefined) return null;
  const named = new Set([run.where, ...content.findings.map((finding) => finding[4])].filter(Boolean)
    .filter((where) => where.startsWith(run.scenario_path + ":")).map((where) => Number(where.match(/\d+$/))));
  return element("details", { class: "source", id: "source" }, element("summary", {}, "The scenario, " + run.scenario_path),
    element("pre", { tabindex: 0 }, text.replace(/\n$/, "").split("\n").map((line, index) =>
      element("span", { class: "line" + (named.has(index + 1) ? " named" : ""), id: "source-" + (index + 1) },
        element("span", { class: "number", "aria-hidden": "true" }, String(index + 1)), line, "\n"))));
}

function showSource(line) {
  const source = document.getElementById("source"), at = document.getElementById("source-" + line);
  source.open = true;
  if (at) at.scrollIntoView({ block: "center" });
}

// ---- the whole ----

function captureSection(run, content, frame) {
  const seen = content.seen, deployment = deploymentOf(run);
  const marked = new Set(content.findings.filter((finding) => finding[1] === "fail" && finding[2]).flatMap((finding) => finding[5]));
  const roles = new Map((deployment ? deployment.nodes : []).map((node) => [node.name, node.role]));
  const parts = partsOf(seen);
  const picture = element("div", {}), ladder = element("div", { class: "ladder-place" });
  const aside = element("aside", { class: "message", "aria-label": "Message", "aria-live": "polite" },
    element("p", { class: "quiet" }, "Choose an arrow to read its message."));
  let goTo = () => false;
  const select = (message, made) => {
    for (const other of ladder.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
    made.setAttribute("aria-current", "true");
    aside.replaceChildren(...showMessage(seen, message).filter(Boolean));
    history.replaceState(null, "", "#run/" + run.slug + "/" + message[FRAME]);
  };
  const show = (part) => {
    if (deployment) picture.replaceChildren(drawDeployment(deployment, seen, part.calls, part.flows));
    const made = drawLadder(part, roles, marked, select);
    ladder.replaceChildren(made.box);
    goTo = made.goTo;
  };
  const wanted = parts.find((part) => part.messages.some((message) => message[FRAME] === frame)) || parts[0];
  show(wanted);
  const choices = partChoice(parts, show);
  if (choices) choices.querySelectorAll("input")[parts.indexOf(wanted)].checked = true;
  return { goTo: (number) => goTo(number), parts: [choices, section("Deployment", picture),
    section("Ladder", element("div", { class: "conversation" }, ladder, aside),
      seen.calls_left_out > 0 ? element("p", { class: "quiet" }, plural(seen.calls_left_out, "more call") + " left out here; the capture has them.") : null,
      seen.messages_left_out > 0 ? element("p", { class: "quiet" }, plural(seen.messages_left_out, "more message") + " left out here; the capture has them.") : null),
    seen.gaps.length > 0 ? section("Gaps in the capture", element("ul", {}, seen.gaps.map(([number, sentence]) =>
      element("li", {}, number > 0 ? `#${number}: ` : "", sentence)))) : null] };
}

function neighbours(run) {
  const at = chosenRuns.indexOf(run);
  const to = (other, word, key) => (other ? element("a", { href: "#run/" + other.slug, rel: word.toLowerCase(), "aria-keyshortcuts": key }, word) : null);
  return element("nav", { class: "neighbours", "aria-label": "Other runs" }, to(chosenRuns[at - 1], "Previous", "p"), " ",
    at >= 0 ? to(chosenRuns[at + 1], "Next", "n") : null);
}

function showRun(slug, frame) {
  const run = runsBySlug.get(slug);
  if (run === undefined) return { parts: notFound("There is no run " + slug + " in this report.") };
  const content = contentOf(run);
  const capture = content.seen === undefined ? null : captureSection(run, content, frame);
  const frames = new Set(capture ? content.seen.messages.map((message) => message[FRAME]) : []);
  return { focus: capture && frame ? () => capture.goTo(frame) : null, parts: [
    neighbours(run), element("h1", { tabindex: -1 }, nameOfRun(run, run.id)),
    element("p", { class: "lead" }, badge(run.result), " ", run.sentence || "", " ", whereLink(run, run.where)),
    about(run), isBad(run) ? findingSection(run, content, frames) : null,
    capture ? capture.parts : element("p", {}, content.left_out ? "The page has grown large enough: what this run's capture shows is left out of it."
      : "This page shows no capture of the run."),
    isBad(run) ? null : findingSection(run, content, frames), capture ? streamSection(run, content) : null, sourceSection(run, content),
    content.log ? element("details", {}, element("summary", {}, "The story of the run"), element("pre", { tabindex: 0 }, content.log)) : null] };
}
