"use strict";

// The ladder: one column for each place, one row for each message, in the order of time. A message in the data is a list:
const FRAME = 0, AT = 1, FROM = 2, TO = 3, LEG = 4, CALL = 5, FLAGS = 6, TRANSPORT = 7, LABEL = 8, DEFECT = 9, LINES = 10;
const IS_RETRANSMISSION = 1, IS_REQUEST = 2;
const LEG_STYLES = 5;
const SILENCE_US = 300000; // a pause that is worth a line

// Places in the order in which the call reached them.
function placesOf(messages, calls, pairs, seen) {
  const order = [];
  const add = (place) => { if (!order.includes(place)) order.push(place); };
  for (const call of calls) for (const hop of call.hops) { add(hop[0]); add(hop[1]); }
  for (const message of messages) { add(message[FROM]); add(message[TO]); }
  for (const pair of pairs) { add(seen.places.indexOf(pair.from)); add(seen.places.indexOf(pair.to)); }
  return order;
}

// Legs are lettered in the order they are met: A, B … Z, then numbers.
function legLetters(messages) {
  const letters = new Map();
  for (const message of messages)
    if (!letters.has(message[LEG]))
      letters.set(message[LEG], letters.size < 26 ? String.fromCharCode(65 + letters.size) : String(letters.size + 1));
  return letters;
}

// Two half columns to each place, so that arrows begin and end in the middle.
function span(order, from, to) {
  const a = order.indexOf(from), b = order.indexOf(to);
  return { "--start": 2 * Math.min(a, b) + 3, "--end": 2 * Math.max(a, b) + 3 };
}

function arrow(ladder, message) {
  const { seen, order, letters, since } = ladder;
  const from = seen.places[message[FROM]], to = seen.places[message[TO]], leg = letters.get(message[LEG]);
  const again = (message[FLAGS] & IS_RETRANSMISSION) !== 0;
  const way = message[FROM] === message[TO] ? "self" : order.indexOf(message[FROM]) < order.indexOf(message[TO]) ? "right" : "left";
  const style = (leg.length === 1 ? leg.charCodeAt(0) - 65 : Number(leg)) % LEG_STYLES;
  const failed = ladder.marked.has(message[FRAME]);
  const made = element("button", { type: "button", tabindex: -1, "data-number": seen.messages.indexOf(message),
    class: `arrow ${way} leg-${style}` + (again ? " again" : "") + (failed ? " marked" : ""), ...span(order, message[FROM], message[TO]) },
    element("span", { class: "label" }, element("span", { class: "leg", "aria-hidden": "true" }, leg), " ", message[LABEL],
      again ? " again" : "", failed ? " \u2691" : ""),
    element("span", { class: "unheard" }, `, ${from} to ${to}, leg ${leg}, frame ${message[FRAME]}` + (failed ? ", named by a finding" : "")));
  return element("li", { class: "step" }, element("span", { class: "time" }, seconds(message[AT] - since)), made);
}

function bandText(pair) {
  const flows = pair.flows, packets = (way) => flows.filter((flow) => way(flow)).reduce((sum, flow) => sum + flow.packets, 0);
  const there = packets((flow) => flow.from === flows[0].from), back = packets((flow) => flow.from !== flows[0].from);
  const lost = flows.reduce((sum, flow) => sum + flow.lost, 0);
  return `${flows[0].codec} ${there}${back > 0 ? " + " + back : ""}` + (lost > 0 ? `, ${lost} lost` : "");
}

// Audio that began between two messages: one row, and more where they would lie on one another.
function bands(ladder, pairs) {
  if (pairs.length === 0) return null;
  return element("li", { class: "bands" },
    element("span", { class: "time" }, seconds(pairs[0].first_at - ladder.since)),
    pairs.map((pair) => element("span", { class: "band", ...span(ladder.order, ladder.seen.places.indexOf(pair.from),
      ladder.seen.places.indexOf(pair.to)), "--long": Math.min(4, Math.log2(1 + (pair.last_at - pair.first_at) / 1e6)) },
      element("span", {}, bandText(pair), " ", element("span", { class: "length" }, ((pair.last_at - pair.first_at) / 1e6).toFixed(1) + " s")),
      element("span", { class: "unheard" }, ` of ${pair.fax ? "fax" : "audio"} between ${pair.from} and ${pair.to}`))));
}

function pause(before, after) {
  if (before === null || after - before < SILENCE_US) return null;
  return element("li", { class: "pause" }, element("span", {}, ((after - before) / 1e6).toFixed(2) + " s later"));
}

function steps(ladder, messages, pairs) {
  const waiting = [...pairs].sort((a, b) => a.first_at - b.first_at);
  const rows = [];
  let before = null;
  for (const message of messages) {
    const begun = [];
    while (waiting.length > 0 && waiting[0].first_at < message[AT]) begun.push(waiting.shift());
    rows.push(bands(ladder, begun), pause(before, message[AT]), arrow(ladder, message));
    before = message[AT];
  }
  rows.push(bands(ladder, waiting));
  return rows;
}

function heads(ladder, roles) {
  return element("div", { class: "heads" }, element("span", { class: "time" }, "s"),
    ladder.order.map((place) => element("span", { class: "place" }, ladder.seen.places[place],
      element("small", {}, roles.get(ladder.seen.places[place]) || ""))));
}

// One stop for the tabulator; arrow keys go from message to message.
function walkByKeys(list, seen, select) {
  const arrows = [...list.querySelectorAll(".arrow")];
  if (arrows.length > 0) arrows[0].tabIndex = 0;
  const go = (made) => {
    for (const other of arrows) other.tabIndex = other === made ? 0 : -1;
    made.focus();
    select(seen.messages[made.dataset.number], made);
  };
  list.addEventListener("click", (event) => {
    const made = event.target.closest(".arrow");
    if (made) go(made);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, Home: -arrows.length, End: arrows.length }[event.key];
    const at = arrows.indexOf(document.activeElement);
    if (step === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(arrows[Math.max(0, Math.min(arrows.length - 1, at + step))]);
  });
  return (frame) => {
    const made = arrows.find((other) => seen.messages[other.dataset.number][FRAME] === frame);
    if (made) go(made);
    return made !== undefined;
  };
}

function drawLadder(chosen, roles, marked, select) {
  const { seen, messages, calls, flows } = chosen;
  const pairs = audioPairs(seen, flows);
  const ladder = { seen, order: placesOf(messages, calls, pairs, seen), letters: legLetters(messages), marked,
    since: messages.length > 0 ? messages[0][AT] : 0 };
  const list = element("ol", { class: "steps" }, steps(ladder, messages, pairs));
  const box = element("div", { class: "ladder", "--places": ladder.order.length },
    heads(ladder, roles),
    element("div", { class: "lifelines", "aria-hidden": "true" }, element("span", {}), ladder.order.map(() => element("span", { class: "lifeline" }))),
    list);
  return { box: element("div", { class: "wide ladder-box" }, box), goTo: walkByKeys(list, seen, select) };
}
