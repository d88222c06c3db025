"use strict";

// Where the reader is stands in the address behind '#': #runs?verdict=FAIL, #requirement/BYP-01, #run/FOLDER/FRAME.

const main = document.getElementById("main");
const keysDialog = document.getElementById("keys");
let keysAreOn = true;

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function viewOf(hash) {
  const [path, query] = hash.replace(/^#/, "").split(/\?(.*)/s);
  const [view, name, frame] = path.split("/").map(decoded);
  const asked = new URLSearchParams(query || "");
  if (view === "runs") return { parts: showRuns(asked), view, title: "Runs" };
  if (view === "requirements") return { parts: showRequirements(asked), view, title: "Requirements" };
  if (view === "requirement") return { parts: showRequirement(name), view: "requirements", title: name };
  if (view === "run") return { ...showRun(name, Number(frame) || 0), view: "runs", title: name };
  return { parts: showOverview(), view: "overview", title: headline() };
}

function show(mayFocus) {
  stopPlaying();
  const { parts, view, title, focus } = viewOf(location.hash);
  main.replaceChildren(...parts.flat(Infinity).filter(Boolean));
  document.title = visible(title) + " \u2013 directsip report";
  for (const item of document.querySelectorAll("header nav a"))
    if (item.dataset.view === view) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  window.scrollTo(0, 0);
  if (focus && focus()) return;
  const heading = main.querySelector("h1");
  if (mayFocus && heading) heading.focus({ preventScroll: true });
}

// ---- keys ----

const KEYS = [["/", "Search"], ["o", "Overview"], ["r", "Runs"], ["q", "Requirements"], ["n", "Next run of the list"],
  ["p", "Previous run of the list"], ["l", "To the ladder; \u2191 and \u2193 walk through it"], ["?", "This list"]];

function press(key) {
  const goes = { o: "#", r: "#runs", q: "#requirements" }[key];
  if (goes !== undefined) location.hash = goes;
  else if (key === "n" || key === "p") main.querySelector(`.neighbours [rel=${key === "n" ? "next" : "previous"}]`)?.click();
  else if (key === "l") main.querySelector(".arrow[tabindex='0']")?.focus();
  else if (key === "?") keysDialog.showModal();
  else if (key === "/") {
    if (!main.querySelector(".filter")) {
      history.pushState(null, "", "#runs");
      show(false);
    }
    main.querySelector(".filter input").focus();
  } else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, dialog") !== null;
  if (!keysAreOn || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (press(event.key)) event.preventDefault();
});

keysDialog.append(element("h2", { id: "keys-title" }, "Keys"),
  element("dl", {}, KEYS.map(([key, meaning]) => element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, meaning)))),
  element("label", {}, element("input", { type: "checkbox", checked: true, onchange: (event) => { keysAreOn = event.target.checked; } }),
    " Single keys do this"),
  element("form", { method: "dialog" }, element("button", {}, "Close")));
document.getElementById("show-keys").addEventListener("click", () => keysDialog.showModal());
window.addEventListener("hashchange", () => show(true));
window.addEventListener("beforeprint", () => {
  for (const folded of main.querySelectorAll("details")) folded.open = true;
});
show(false);
