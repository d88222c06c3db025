"use strict";

// What the report holds, read when it is first asked for.

function read(id) {
  const holder = document.getElementById(id);
  return holder === null ? null : JSON.parse(holder.textContent);
}

const suite = read("suite-0") || { runs: [], requirements: [], version: "", hostname: "", started: "", seconds: 0 };
const kept = { runs: new Map(), deployments: new Map(), haystacks: new Map(), scenarios: null };

function remember(store, number, make) {
  if (!store.has(number)) store.set(number, make());
  return store.get(number);
}

// The folder of a run is its name in links, as it is the same after every run of the suite.
function slugOf(run, number) {
  const folder = (run.capture || "").replace(/\/?[^/]*$/, "");
  return folder === "" ? "number-" + number : folder;
}

suite.runs.forEach((run, number) => {
  run.number = number;
  run.slug = slugOf(run, number);
  run.requirements = null;
});
const worlds = [...new Set(suite.runs.map((run) => run.world))];
const runsBySlug = new Map(suite.runs.map((run) => [run.slug, run]));
const requirementNumbers = new Map(suite.requirements.map((requirement, number) => [requirement[0], number]));

function contentOf(run) {
  return remember(kept.runs, run.number, () =>
    read("run-" + run.number) || { deployment: -1, findings: [], log: "", left_out: false });
}

function deploymentOf(run) {
  const number = contentOf(run).deployment;
  return number < 0 ? null : remember(kept.deployments, number, () => read("deployment-" + number));
}

function everyDeployment() {
  const found = [];
  for (let number = 0; document.getElementById("deployment-" + number) !== null; number++)
    found.push(remember(kept.deployments, number, () => read("deployment-" + number)));
  return found;
}

function scenarioText(path) {
  if (kept.scenarios === null) kept.scenarios = new Map(read("scenarios-0") || []);
  return kept.scenarios.get(path);
}

// All that a search looks through: names, sentences, and every line of every message.
function haystackOf(run) {
  return remember(kept.haystacks, run.number, () => {
    const content = contentOf(run);
    const seen = content.seen || { lines: [], places: [] };
    return [run.id, run.sentence || "", run.result, run.option || "", seen.places.join("\n"), seen.lines.join("\n"),
      content.findings.map((finding) => finding[0] + " " + finding[3]).join("\n")].join("\n").toLowerCase();
  });
}

function elementsOf(run) {
  const content = contentOf(run);
  return content.seen === undefined ? [] : content.seen.places;
}

// What all runs together say of a requirement: one failure is one too many; short of that, one proof is enough.
const LETTERS = [["f", "fail"], ["p", "pass"], ["u", "unclear"], ["n", "not-seen"]];

function verdictOn(number, runs) {
  for (const [letter, verdict] of LETTERS)
    if (runs.some((run) => run.proofs[number] === letter)) return verdict;
  return "no-scenario";
}

function resultOf(runs) {
  for (const result of ["ERROR", "FAIL", "unclear", "not-seen"])
    if (runs.some((run) => run.result === result)) return result;
  return runs.some((run) => run.result === "pass") ? "pass" : "skip";
}

function isBad(run) {
  return run.result !== "pass" && run.result !== "skip";
}

function placeOf(run) {
  return run.topology + (run.variant ? ":" + run.variant : "");
}

// Where a suite was run in several worlds, a name says in which.
function nameOfRun(run, name) {
  return worlds.length > 1 ? `${name} (${run.world})` : name;
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const item of list) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}
