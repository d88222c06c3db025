"use strict";

// The first screen: what ran, what failed and why, and where the holes are.

const MOST_FAILURES = 50;

function headline() {
  const bad = suite.runs.filter(isBad).length;
  if (suite.runs.length === 0) return "Nothing was run";
  if (bad > 0) return bad + " of " + plural(suite.runs.length, "run") + " did not pass";
  return suite.runs.length === 1 ? "The run passed" : "All " + plural(suite.runs.length, "run") + " passed";
}

function origin() {
  const where = worlds.length === 1 && worlds[0] === "sim" ? "in the simulated world" : "on " + suite.hostname;
  return element("p", { class: "quiet" }, "directsip " + suite.version + ", " + where + ", begun ",
    element("time", { datetime: suite.started }, suite.started.replace("T", " ").replace("Z", " UTC")),
    "; " + suite.seconds.toFixed(1) + " s of calls in " + plural(new Set(suite.runs.map(placeOf)).size, "deployment") + ".");
}

function tally() {
  const groups = groupBy(suite.runs, (run) => run.result);
  return element("ul", { class: "tally", "aria-label": "Runs by verdict" },
    ["FAIL", "ERROR", "unclear", "not-seen", "pass", "skip"].filter((result) => groups.has(result)).map((result) =>
      element("li", {}, link("#runs?verdict=" + result,
        element("strong", {}, groups.get(result).length.toLocaleString("en")), badge(result)))));
}

function failures() {
  const bad = suite.runs.filter(isBad);
  if (bad.length === 0) return null;
  return section("What did not pass",
    element("ol", { class: "failures" }, bad.slice(0, MOST_FAILURES).map((run) =>
      element("li", { class: VERDICTS[run.result].kind }, badge(run.result), " ", link("#run/" + run.slug, nameOfRun(run, run.id)),
        element("p", {}, run.sentence || "no reason was given"),
        run.where ? element("p", { class: "quiet" }, element("code", {}, run.where)) : null))),
    bad.length > MOST_FAILURES ? element("p", {}, link("#runs?verdict=bad", "All " + bad.length)) : null);
}

// ---- deployments by calls by bypass ----

function callName(run) {
  return run.call || "other";
}

function matrixCell(runs, query) {
  if (runs.length === 0) return element("td", { class: "empty" }, element("span", { class: "unheard" }, "none"));
  const passed = runs.filter((run) => run.result === "pass").length, result = resultOf(runs);
  const known = VERDICTS[result];
  return element("td", { class: "cell " + known.kind }, element("a", { href: "#runs?" + query },
    element("span", { class: "sign", "aria-hidden": "true" }, known.sign), " ",
    passed === runs.length ? String(passed) : passed + "/" + runs.length,
    element("span", { class: "unheard" }, passed === runs.length ? " passed" : " passed, " + known.word)));
}

function matrixHead(calls) {
  return [element("th", { scope: "col" }, "Deployment"), element("th", { scope: "col" }, "Bypass"),
    calls.map((call) => element("th", { scope: "col" }, call.replaceAll("_", " ")))].flat();
}

function matrixRow(topology, runs, bypass, calls, isFirst, rowspan) {
  const word = bypass ? "on" : "off";
  const option = (runs[0] && runs[0].option) || "";
  return element("tr", { class: isFirst ? "first" : "" },
    isFirst ? element("th", { scope: "rowgroup", rowspan }, link("#runs?topology=" + encodeURIComponent(topology), topology),
      option !== topology ? element("small", {}, option) : null) : null,
    element("th", { scope: "row" }, word),
    calls.map((call) => matrixCell(runs.filter((run) => run.bypass === bypass && callName(run) === call),
      new URLSearchParams({ topology, call, bypass: word }).toString())));
}

function callMatrix() {
  const calls = [...new Set(suite.runs.map(callName))];
  const rows = [...groupBy(suite.runs, (run) => run.topology)].flatMap(([topology, runs]) => {
    const switches = [false, true].filter((bypass) => runs.some((run) => run.bypass === bypass));
    return switches.map((bypass, index) => matrixRow(topology, runs, bypass, calls, index === 0, switches.length));
  });
  return section("Deployments by calls",
    table("Runs that passed, by deployment, media bypass and call", matrixHead(calls), rows, { class: "matrix" }));
}

function showOverview() {
  return [element("h1", { tabindex: -1 }, headline()), origin(), tally(), failures(),
    suite.runs.length === 0 ? null : [callMatrix(), requirementMatrix()]];
}
