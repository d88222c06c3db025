"use strict";

// One message, with what the hop before it made otherwise.

const MOST_COMPARED_LINES = 400;

function linesOf(seen, message) {
  return message[LINES].map((number) => seen.lines[number]);
}

// "INVITE" of a request, "200 (BYE)" of a response.
function kindOf(message) {
  return (message[FLAGS] & IS_REQUEST) !== 0 ? message[LABEL].split(" ", 1)[0] : message[LABEL].replace(" SDP", "");
}

// What came in at the place that sent this one: the same request or response of the same call, or none.
function hopBefore(seen, message) {
  let found = null;
  for (const other of seen.messages) {
    if (other === message) break;
    if (other[CALL] === message[CALL] && message[CALL] >= 0 && other[TO] === message[FROM] && other[FROM] !== message[TO] &&
        kindOf(other) === kindOf(message)) found = other;
  }
  return found;
}

// The longest common subsequence of lines: what is in both stays, the rest was taken out or put in.
function compareLines(before, after) {
  const common = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--)
    for (let k = after.length - 1; k >= 0; k--)
      common[i][k] = before[i] === after[k] ? common[i + 1][k + 1] + 1 : Math.max(common[i + 1][k], common[i][k + 1]);
  const out = [];
  let i = 0, k = 0;
  while (i < before.length || k < after.length) {
    if (i < before.length && k < after.length && before[i] === after[k]) { out.push(["same", after[k++]]); i++; }
    else if (i < before.length && (k === after.length || common[i + 1][k] >= common[i][k + 1])) out.push(["out", before[i++]]);
    else out.push(["in", after[k++]]);
  }
  return out;
}

function nameOf(line) {
  const colon = line.indexOf(":");
  return colon > 0 && !line.startsWith("SIP/") && /^[\w-]+\s*$/.test(line.slice(0, colon)) ? line.slice(0, colon).trim().toLowerCase() : line.slice(0, 2);
}

// What was taken out stands before what was put in under the same name; the message keeps its order.
function sortChanges(changes) {
  const out = changes.filter(([kind]) => kind === "out"), into = changes.filter(([kind]) => kind === "in");
  const sorted = [], taken = new Set();
  for (const change of into) {
    for (const before of out)
      if (!taken.has(before) && nameOf(before[1]) === nameOf(change[1])) {
        sorted.push(before);
        taken.add(before);
      }
    sorted.push(change);
  }
  return sorted.concat(out.filter((before) => !taken.has(before)));
}

function besideTheirNames(lines) {
  const sorted = [];
  for (let from = 0; from < lines.length;) {
    let to = from;
    while (to < lines.length && lines[to][0] !== "same") to++;
    sorted.push(...sortChanges(lines.slice(from, to)));
    if (to < lines.length) sorted.push(lines[to]);
    from = to + 1;
  }
  return sorted;
}

const SIGNS = { same: " ", in: "+", out: "\u2212" };
const SPOKEN = { in: "added: ", out: "removed: " };

function printLine([kind, text], isBody) {
  const colon = isBody ? -1 : text.indexOf(":");
  const head = /^[A-Za-z-]+\s*$/.test(text.slice(0, Math.max(0, colon))) ? text.slice(0, colon + 1) : "";
  return element("span", { class: "line " + kind + (isBody ? " body" : "") },
    element("span", { class: "sign", "aria-hidden": "true" }, SIGNS[kind]),
    SPOKEN[kind] ? element("span", { class: "unheard" }, SPOKEN[kind]) : null,
    head ? [element("b", {}, head), text.slice(head.length)] : text, "\n");
}

function printMessage(lines) {
  const end = lines.findIndex(([kind, text]) => text === "" && kind !== "out");
  return element("pre", { tabindex: 0, "aria-label": "The message" },
    lines.map((line, index) => printLine(line, end >= 0 && index > end)));
}

function facts(seen, message) {
  return element("p", { class: "quiet" }, seen.places[message[FROM]], " \u2192 ", seen.places[message[TO]],
    `, ${message[TRANSPORT]}, frame ${message[FRAME]}, ${seconds(message[AT])} s`,
    (message[FLAGS] & IS_RETRANSMISSION) !== 0 ? ", sent before" : "");
}

function body(seen, message, before) {
  const lines = linesOf(seen, message);
  if (lines.length === 0)
    return element("p", {}, "This message is left out of the page, which has grown large enough; the capture has it.");
  const old = before === null ? [] : linesOf(seen, before);
  if (old.length === 0 || old.length > MOST_COMPARED_LINES || lines.length > MOST_COMPARED_LINES)
    return printMessage(lines.map((line) => ["same", line]));
  return printMessage(besideTheirNames(compareLines(old, lines)));
}

function showMessage(seen, message) {
  const before = hopBefore(seen, message);
  return [element("h3", {}, message[LABEL]), facts(seen, message),
    message[DEFECT] ? element("p", { class: "warning" }, "A strict reader refuses it: " + message[DEFECT]) : null,
    before === null ? null : element("p", { class: "quiet" }, `Compared with frame ${before[FRAME]}, `,
      seen.places[before[FROM]], " \u2192 ", seen.places[before[TO]], ": ", element("ins", {}, "+ added"), ", ", element("del", {}, "\u2212 removed")),
    body(seen, message, before)];
}
