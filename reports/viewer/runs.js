"use strict";

// The list of runs, and what narrows it.

const FILTERS = ["q", "verdict", "element", "requirement", "topology", "call", "bypass", "world"];
let chosenRuns = suite.runs; // what the list shows: next and previous walk through it

const TESTS = {
  q: (run, value) => haystackOf(run).includes(value.toLowerCase()),
  verdict: (run, value) => (value === "bad" ? isBad(run) : run.result === value),
  element: (run, value) => elementsOf(run).includes(value),
  requirement: (run, value) => "fpun".includes(run.proofs[requirementNumbers.get(value.toUpperCase())] || "-"),
  topology: (run, value) => run.topology === value || placeOf(run) === value,
  call: (run, value) => callName(run) === value,
  bypass: (run, value) => run.bypass === (value === "on"),
  world: (run, value) => run.world === value,
};

function chosenBy(query) {
  const asked = FILTERS.filter((name) => query.get(name));
  return suite.runs.filter((run) => asked.every((name) => TESTS[name](run, query.get(name))));
}

function runRow(run) {
  return row(link("#run/" + run.slug, nameOfRun(run, run.scenario)), badge(run.result), placeOf(run), callName(run).replaceAll("_", " "),
    run.bypass ? "on" : "off", run.seconds.toFixed(2), element("td", { class: "why" }, run.sentence || ""));
}

function runTable(runs) {
  return table(plural(runs.length, "run"), ["Scenario", "Verdict", "Deployment", "Call", "Bypass", "Seconds", "Why"],
    runs.map(runRow), { class: "runs" });
}

function choice(name, label, options, query) {
  return element("label", {}, label, element("select", { name },
    element("option", { value: "" }, "any"),
    options.map(([value, word]) => element("option", { value, selected: query.get(name) === value }, word))));
}

function same(values) {
  return [...new Set(values)].sort().map((value) => [value, value.replaceAll("_", " ")]);
}

function elementChoices() {
  return same(everyDeployment().flatMap((deployment) => deployment.nodes.map((node) => node.name)));
}

function filterForm(query) {
  return element("form", { class: "filter", role: "search", "aria-label": "Choose runs" },
    element("label", { class: "search" }, "Search", element("input", { type: "search", name: "q", value: query.get("q") || "",
      placeholder: "in names, sentences and messages", "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false" })),
    choice("verdict", "Verdict", [["bad", "not passed"],
      ...["pass", "FAIL", "unclear", "not-seen", "skip", "ERROR"].map((name) => [name, VERDICTS[name].word])], query),
    choice("element", "Element", elementChoices(), query),
    choice("requirement", "Requirement", suite.requirements.map(([id]) => [id, id]), query),
    choice("topology", "Deployment", same([...suite.runs.map((run) => run.topology), ...suite.runs.map(placeOf)]), query),
    choice("call", "Call", same(suite.runs.map(callName)), query),
    choice("bypass", "Bypass", [["on", "on"], ["off", "off"]], query),
    worlds.length > 1 ? choice("world", "World", same(worlds), query) : null,
    element("button", { type: "reset" }, "Clear"));
}

function queryOf(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") query.set(name, value);
  return query;
}

function showRuns(query) {
  const form = filterForm(query);
  const list = element("div", { class: "listed" });
  const count = element("p", { role: "status", class: "quiet" });
  const show = (asked) => {
    chosenRuns = chosenBy(asked);
    list.replaceChildren(runTable(chosenRuns));
    count.replaceChildren(chosenRuns.length + " of " + plural(suite.runs.length, "run"));
  };
  const change = () => {
    const asked = queryOf(form);
    history.replaceState(null, "", "#runs" + (asked.toString() === "" ? "" : "?" + asked));
    show(asked);
  };
  form.addEventListener("input", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const field of form.elements) if (field.name) field.value = "";
    change();
  });
  show(query);
  return [element("h1", { tabindex: -1 }, "Runs"), form, count, list];
}
