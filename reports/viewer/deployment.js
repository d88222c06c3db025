"use strict";

// The deployment as its planner knows it: sites as boxes, elements in columns by role, trunks between them. A call's
// signalling takes the upper side, its audio the lower, so that a Mediation Server that is passed by is seen to be.

const COLUMN_OF_ROLE = { client: 0, edge: 1, pool: 2, mediation: 3, um: 3, conferencing: 3, gateway: 4, sbc: 4, pbx: 5, phone: 6, pstn: 6 };
const BOX = { width: 108, height: 44 }, PITCH = { x: 158, y: 72 }, PAD = { side: 16, top: 46, bottom: 40 };
const MOST_STRANGERS = 6;

function withStrangers(deployment, places) {
  const known = new Set(deployment.nodes.map((node) => node.name));
  const strangers = places.filter((place) => !known.has(place)).slice(0, MOST_STRANGERS);
  if (strangers.length === 0) return deployment;
  return { ...deployment,
    sites: [...deployment.sites, { name: "elsewhere", net: "", mask: "", bypass_id: "", external: true }],
    nodes: [...deployment.nodes, ...strangers.map((name) =>
      ({ name, role: "unknown", site: "elsewhere", address: name, number: "", defects: [], real: true }))] };
}

// ---- where everything stands ----

function columnsOf(nodes) {
  const used = [...new Set(nodes.map((node) => COLUMN_OF_ROLE[node.role] ?? 7))].sort((a, b) => a - b);
  return new Map(nodes.map((node) => [node.name, used.indexOf(COLUMN_OF_ROLE[node.role] ?? 7)]));
}

function siteShape(site, nodes, columns) {
  const stacks = groupBy(nodes.filter((node) => node.site === site.name), (node) => columns.get(node.name));
  const taken = [...stacks.keys()];
  return { site, stacks, first: Math.min(...taken), last: Math.max(...taken),
    high: Math.max(...[...stacks.values()].map((stack) => stack.length)) };
}

// Sites share a row where none of their columns meet.
function rowsOfSites(deployment, columns) {
  const rows = [];
  const shapes = deployment.sites.map((site) => siteShape(site, deployment.nodes, columns)).filter((shape) => shape.stacks.size > 0);
  shapes.sort((a, b) => a.first - b.first || b.last - a.last);
  for (const shape of shapes) {
    const free = rows.find((row) => row.every((other) => other.last < shape.first || other.first > shape.last));
    if (free) free.push(shape);
    else rows.push([shape]);
  }
  return rows;
}

function layOut(deployment) {
  const columns = columnsOf(deployment.nodes);
  const at = new Map(), sites = [];
  let y = 8;
  for (const shapes of rowsOfSites(deployment, columns)) {
    const high = Math.max(...shapes.map((shape) => shape.high));
    const height = PAD.top + (high - 1) * PITCH.y + BOX.height + PAD.bottom;
    for (const shape of shapes) {
      sites.push({ site: shape.site, x: 8 + shape.first * PITCH.x, y, height,
        width: (shape.last - shape.first) * PITCH.x + BOX.width + 2 * PAD.side });
      for (const [column, stack] of shape.stacks)
        stack.forEach((node, index) => at.set(node.name, { column, row: y,
          x: 8 + column * PITCH.x + PAD.side + BOX.width / 2, y: y + PAD.top + BOX.height / 2 + index * PITCH.y }));
    }
    y += height + 18;
  }
  const width = 16 + Math.max(...columns.values()) * PITCH.x + BOX.width + 2 * PAD.side;
  return { at, sites, width, height: y - 10 };
}

// ---- what is drawn ----

function drawSite({ site, x, y, width, height }) {
  return drawn("g", { class: site.external ? "site external" : "site" },
    drawn("title", {}, site.name + " " + site.net + (site.bypass_id ? ", bypass ID " + site.bypass_id : "")),
    drawn("rect", { x, y, width, height, rx: 10 }));
}

// Over what passes below them.
function drawSiteWords({ site, x, y, height }) {
  const bypass = site.bypass_id ? "bypass ID " + site.bypass_id.slice(0, 8) + "\u2026" : "no bypass ID";
  return [drawn("text", { x: x + 12, y: y + 19, class: "site-name" }, site.name),
    drawn("text", { x: x + 12, y: y + height - 10, class: "site-about" }, site.name === "elsewhere" ? "not in the topology" : bypass)];
}

function drawNode(node, { x, y }, part) {
  const cut = node.name.length > 15 ? node.name.slice(0, 14) + "\u2026" : node.name;
  return drawn("g", { class: "node " + part + (node.defects.length > 0 ? " broken" : "") },
    drawn("title", {}, [node.name, node.role, node.address, node.number, ...node.defects].filter(Boolean).join(", ")),
    drawn("rect", { x: x - BOX.width / 2, y: y - BOX.height / 2, width: BOX.width, height: BOX.height, rx: 7 }),
    drawn("text", { x, y: y - 2 }, cut),
    drawn("text", { x, y: y + 13, class: "role" }, node.defects.length > 0 ? "misbehaves" : node.role + (node.real && node.role !== "unknown" ? ", real" : "")));
}

// Between neighbours straight; past others in a bow that clears them. `side`: -1 above, 1 below.
function curve(from, to, side) {
  const lift = side * 11, level = from.row === to.row && from.y === to.y;
  const a = { x: from.x, y: from.y + lift }, b = { x: to.x, y: to.y + lift };
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  let bend = { ...middle };
  if (level && Math.abs(from.column - to.column) > 1) bend.y += side * 76;
  else if (!level) {
    const length = Math.hypot(b.x - a.x, b.y - a.y) || 1, away = side * Math.min(46, length / 5);
    const sign = b.x >= a.x ? 1 : -1;
    bend = { x: middle.x - sign * ((b.y - a.y) / length) * away, y: middle.y + sign * ((b.x - a.x) / length) * away };
  }
  return { path: `M${a.x} ${a.y}Q${bend.x} ${bend.y} ${b.x} ${b.y}`,
    x: (a.x + 2 * bend.x + b.x) / 4, y: (a.y + 2 * bend.y + b.y) / 4,
    angle: Math.atan2(b.y - a.y, b.x - a.x) * 180 / Math.PI };
}

function drawTrunk(trunk, at) {
  const a = at.get(trunk.a), b = at.get(trunk.b);
  if (a === undefined || b === undefined) return null;
  return drawn("g", { class: "trunk" },
    drawn("title", {}, trunk.a + " to " + trunk.b + ": " + trunk.kind + " trunk, bypass " + (trunk.bypass ? "on" : "off")),
    drawn("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y }),
    drawn("text", { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 + 4 }, trunk.kind));
}

function drawHop(hop, number, at) {
  const from = at.get(hop.from), to = at.get(hop.to);
  if (from === undefined || to === undefined) return null;
  const way = curve(from, to, -1);
  return drawn("g", { class: "hop" }, drawn("title", {}, number + ": " + hop.from + " to " + hop.to + ", " + hop.transport),
    drawn("path", { d: way.path }),
    drawn("g", { transform: `translate(${way.x} ${way.y})` },
      drawn("path", { class: "head", d: "M7 -6L16 0L7 6Z", transform: `rotate(${way.angle})` }),
      drawn("circle", { r: 9 }), drawn("text", { y: 4 }, String(number))));
}

function drawAudio(pair, at) {
  const from = at.get(pair.from), to = at.get(pair.to);
  if (from === undefined || to === undefined) return null;
  const way = curve(from, to, 1);
  return drawn("g", { class: "audio" }, drawn("title", {}, pair.from + (pair.back ? " and " : " to ") + pair.to + (pair.fax ? ": T.38" : ": audio")),
    drawn("path", { class: "band", d: way.path }), drawn("path", { class: "core", d: way.path }),
    pair.back ? null : drawn("path", { class: "head", d: "M-5 -7L8 0L-5 7Z", transform: `translate(${way.x} ${way.y}) rotate(${way.angle})` }));
}

// ---- what a call did ----

function routeOf(seen, call) {
  const hops = [];
  for (const [from, to, transport, status] of call.hops) {
    const hop = { from: seen.places[from], to: seen.places[to], transport, status };
    if (!hops.some((other) => other.from === hop.from && other.to === hop.to)) hops.push(hop);
  }
  return hops;
}

const isFax = (flow) => flow.codec === "T.38";

// Streams between the same two places, whichever way; fax by T.38 is apart from the audio.
function audioPairs(seen, flows) {
  const pairs = [];
  for (const flow of flows) {
    const from = seen.places[flow.from], to = seen.places[flow.to];
    const fax = isFax(flow);
    const pair = pairs.find((other) => other.fax === fax &&
      ((other.from === from && other.to === to) || (other.from === to && other.to === from)));
    if (pair === undefined) pairs.push({ from, to, fax, back: false, flows: [flow], first_at: flow.first_at, last_at: flow.last_at });
    else {
      pair.back = pair.back || pair.from === to;
      pair.flows.push(flow);
      pair.first_at = Math.min(pair.first_at, flow.first_at);
      pair.last_at = Math.max(pair.last_at, flow.last_at);
    }
  }
  return pairs;
}

// From the caller's end on, as the signalling went.
function alongTheRoute(pairs, hops) {
  const order = hops.flatMap((hop) => [hop.from, hop.to]);
  const at = (place) => (order.includes(place) ? order.indexOf(place) : order.length);
  return pairs.map((pair) => (pair.back && at(pair.to) < at(pair.from) ? { ...pair, from: pair.to, to: pair.from } : pair))
    .sort((a, b) => at(a.from) - at(b.from));
}

function inWords(hops, pairs) {
  const ways = [];
  for (const hop of hops) {
    const way = ways.find((other) => other[other.length - 1] === hop.from);
    if (way) way.push(hop.to);
    else ways.push([hop.from, hop.to]);
  }
  return [element("span", { class: "key-hop" }, "Signalling"), " ",
    ways.length === 0 ? "none" : ways.map((way) => way.join(" \u2192 ")).join("; "), element("br"),
    element("span", { class: "key-audio" }, "Audio"), " ",
    pairs.length === 0 ? "none" : pairs.map((pair) => pair.from + (pair.back ? " \u21c4 " : " \u2192 ") + pair.to + (pair.fax ? " (T.38)" : "")).join(", ")];
}

function drawDeployment(given, seen, calls, flows) {
  const hops = calls.flatMap((call) => routeOf(seen, call)), pairs = alongTheRoute(audioPairs(seen, flows), hops);
  const touched = new Set([...hops, ...pairs].flatMap((way) => [way.from, way.to]));
  const deployment = withStrangers(given, [...touched]);
  const { at, sites, width, height } = layOut(deployment);
  const picture = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-labelledby": "deployment-words" },
    sites.map(drawSite), deployment.trunks.map((trunk) => drawTrunk(trunk, at)),
    pairs.map((pair) => drawAudio(pair, at)), hops.map((hop) => drawHop(hop, "", at)),
    deployment.nodes.map((node) => drawNode(node, at.get(node.name), touched.size === 0 || touched.has(node.name) ? "" : "apart")),
    sites.map(drawSiteWords),
    hops.map((hop, index) => drawHop(hop, index + 1, at)).map((hop) => hop && hop.querySelector("g")));
  return element("figure", { class: "deployment" },
    element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Drawing of the deployment" }, picture),
    element("figcaption", { id: "deployment-words" }, inWords(hops, pairs)));
}
