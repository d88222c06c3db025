"use strict";

// Requirements by verdict, and one requirement with the runs that speak of it.

const REQUIREMENT_VERDICTS = ["fail", "unclear", "not-seen", "pass", "no-scenario"];
const REQUIREMENT_WORDS = { "pass": "proven", "fail": "failed", "unclear": "unclear", "not-seen": "not seen",
  "no-scenario": "no scenario" };

function familyOf(requirement) {
  return requirement[0].replace(/-.*/, "");
}

function verdictsOfAll() {
  return suite.requirements.map((_, number) => verdictOn(number, suite.runs));
}

function familyCell(family, verdict, found) {
  if (found.length === 0) return element("td", { class: "empty" }, element("span", { class: "unheard" }, "none"));
  return element("td", { class: "cell " + VERDICTS[verdict].kind },
    link("#requirements?family=" + family + "&verdict=" + verdict,
      element("span", { class: "sign", "aria-hidden": "true" }, VERDICTS[verdict].sign), " ", String(found.length),
      element("span", { class: "unheard" }, " " + REQUIREMENT_WORDS[verdict])));
}

function requirementMatrix() {
  const verdicts = verdictsOfAll();
  const numbers = suite.requirements.map((_, number) => number);
  const rows = [...groupBy(numbers, (number) => familyOf(suite.requirements[number]))].map(([family, members]) =>
    row(link("#requirements?family=" + family, family), ...REQUIREMENT_VERDICTS.map((verdict) =>
      familyCell(family, verdict, members.filter((number) => verdicts[number] === verdict)))));
  return section("Requirements by verdict",
    table("Requirements, by their family and what all runs together say of them",
      ["Family", ...REQUIREMENT_VERDICTS.map((verdict) => REQUIREMENT_WORDS[verdict])], rows, { class: "matrix" }));
}

function requirementRow(number, verdict) {
  const [id, sentence] = suite.requirements[number];
  return row(link("#requirement/" + id, id), badge(verdict, REQUIREMENT_WORDS[verdict]), sentence);
}

function showRequirements(query) {
  const verdicts = verdictsOfAll();
  const rows = [];
  suite.requirements.forEach((requirement, number) => {
    if (query.get("family") && familyOf(requirement) !== query.get("family")) return;
    if (query.get("verdict") && verdicts[number] !== query.get("verdict")) return;
    rows.push(requirementRow(number, verdicts[number]));
  });
  const chosen = [query.get("family"), REQUIREMENT_WORDS[query.get("verdict")]].filter(Boolean).join(", ");
  return [element("h1", { tabindex: -1 }, "Requirements" + (chosen ? ": " + chosen : "")),
    chosen ? element("p", {}, link("#requirements", "All requirements")) : null,
    table(plural(rows.length, "requirement"), ["Id", "Verdict", "What must hold"], rows, {})];
}

function showRequirement(id) {
  const number = requirementNumbers.get(id);
  if (number === undefined) return notFound("There is no requirement " + id + " in this report.");
  const [, sentence, source, grade] = suite.requirements[number];
  const verdict = verdictOn(number, suite.runs);
  return [element("h1", { tabindex: -1 }, id), element("p", { class: "lead" }, sentence),
    element("p", {}, badge(verdict, REQUIREMENT_WORDS[verdict])),
    element("p", { class: "quiet" }, "Source: " + source + " (" + grade + ")"),
    LETTERS.map(([letter, verdictName]) => {
      const runs = suite.runs.filter((run) => run.proofs[number] === letter);
      return runs.length === 0 ? null : section(REQUIREMENT_WORDS[verdictName] + " in " + plural(runs.length, "run"),
        runTable(runs));
    })];
}

function notFound(sentence) {
  return [element("h1", { tabindex: -1 }, "Not in this report"), element("p", {}, sentence), element("p", {}, link("#", "Overview"))];
}
