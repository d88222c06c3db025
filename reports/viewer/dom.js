"use strict";

// Elements are made here and nowhere else, and text only ever becomes text: there is no markup in strings.

// What a reader would not see, or would see in a place where it is not: controls, zero widths, changes of direction.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function visible(text) {
  return String(text).replace(UNSEEN, (unseen) =>
    "\u27e8U+" + unseen.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "\u27e9");
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) made.style.setProperty(name, value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    made.append(child instanceof Node ? child : visible(child));
  }
  return made;
}

// element("a", { href: "#" }, "text", anotherElement)
function element(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function drawn(name, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function link(href, ...children) {
  return element("a", { href }, ...children);
}

function section(title, ...children) {
  const id = "about-" + title.toLowerCase().replace(/[^a-z]+/g, "-");
  return element("section", { "aria-labelledby": id }, element("h2", { id }, title), ...children);
}

// A table that may be wider than a phone: the box around it scrolls, also by keyboard.
function table(caption, headings, rows, attributes) {
  return element("div", { class: "wide", tabindex: 0, role: "region", "aria-label": caption },
    element("table", attributes || {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, headings.map((heading) =>
        heading instanceof Node ? heading : element("th", { scope: "col" }, heading)))),
      element("tbody", {}, rows)));
}

function row(heading, ...cells) {
  return element("tr", {}, element("th", { scope: "row" }, heading), cells.map((cell) =>
    cell instanceof HTMLTableCellElement ? cell : element("td", {}, cell)));
}

function plural(count, one, many) {
  return count.toLocaleString("en") + " " + (count === 1 ? one : many || one + "s");
}

function seconds(microseconds) {
  return (microseconds / 1e6).toFixed(3);
}

// Verdicts differ by shape and word, not by colour alone.
const VERDICTS = {
  "pass": { sign: "\u2713", kind: "pass", word: "passed" },
  "FAIL": { sign: "\u2717", kind: "fail", word: "failed" },
  "fail": { sign: "\u2717", kind: "fail", word: "failed" },
  "ERROR": { sign: "!", kind: "fail", word: "error" },
  "unclear": { sign: "?", kind: "unsure", word: "unclear" },
  "not-seen": { sign: "\u25cb", kind: "unsure", word: "not seen" },
  "skip": { sign: "\u2013", kind: "none", word: "skipped" },
  "no-scenario": { sign: "\u00b7", kind: "none", word: "no scenario" },
};

function badge(verdict, word) {
  const known = VERDICTS[verdict] || VERDICTS.unclear;
  return element("span", { class: "badge " + known.kind },
    element("span", { class: "sign", "aria-hidden": "true" }, known.sign), " ", word || known.word);
}
