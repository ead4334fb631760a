// The tests: which pass, and of one that does not, what was expected, what came, and which line of the rules does it.

import type { Place } from "./api";
import { count, h, sentence } from "./dom";
import { placeButton, shown, type GoTo } from "./rows";

interface Difference {
  place: string;
  expected?: unknown;
  got?: unknown;
}

interface Because {
  text: string;
  reason: string | null;
  place: Place | null;
}

interface Miss {
  expectation: string;
  place: Place;
  expected: string | null;
  got: string | null;
  differences: Difference[];
  because: Because[];
}

interface TestResult {
  name: string;
  place: Place;
  passed: boolean;
  misses: Miss[];
}

export interface Tests {
  tests: number;
  failed: number;
  suites: { tests: TestResult[] }[];
}

interface Actions {
  goTo: GoTo;
  again: () => void;
  accept: (test: string) => void;
}

export function testsPane(answer: Tests, { goTo, again, accept }: Actions, fresh: string): Node {
  const all = answer.suites.flatMap((suite) => suite.tests);
  // What was just saved is what a person looks for.
  const isFresh = (one: TestResult) => fresh !== "" && (one.name === fresh || one.name.startsWith(`${fresh} ›`));
  const sorted = [...all].sort((a, b) => Number(a.passed) - Number(b.passed) || Number(isFresh(b)) - Number(isFresh(a)));
  const summary = answer.failed ? `${answer.failed} of ${count(answer.tests, "test")} failed` : `${count(answer.tests, "test")} passed`;
  return h(
    "div",
    {},
    h(
      "p",
      { class: "bar-of-pane" },
      h("span", { class: `end ${answer.failed ? "failed" : "sent"}`, role: "status" }, summary),
      h("button", { onclick: again }, "Run again"),
    ),
    all.length === 0 && h("p", { class: "empty" }, "There is no test yet: choose an event, and save it as a test."),
    sorted.map((one) =>
      h(
        "article",
        { class: `card ${one.passed ? "sent" : "failed"}${isFresh(one) ? " fresh" : ""}` },
        h("h3", {}, one.passed ? "✔ " : "✘ ", one.name, isFresh(one) && h("span", { class: "end sent" }, "new"), placeButton(one.place, goTo)),
        one.misses.map((miss) => missed(miss, goTo)),
        !one.passed && h("button", { onclick: () => accept(one.name) }, "Accept what came…"),
      ),
    ),
  );
}

function missed(miss: Miss, goTo: GoTo) {
  return h(
    "div",
    { class: "miss" },
    h("p", {}, h("code", {}, miss.expectation), placeButton(miss.place, goTo)),
    (miss.expected || miss.got) &&
      h("dl", {}, miss.expected && [h("dt", {}, "expected"), h("dd", {}, miss.expected)], miss.got && [h("dt", {}, "found"), h("dd", {}, miss.expected ? miss.got : sentence(miss.got))]),
    miss.differences.length > 0 &&
      h(
        "table",
        { class: "rows" },
        h("thead", {}, h("tr", {}, ["place", "expected", "found"].map((name) => h("th", { scope: "col" }, name)))),
        h(
          "tbody",
          {},
          miss.differences.map((one) =>
            h("tr", {}, h("th", { scope: "row" }, one.place), h("td", { class: "value" }, shown(one.expected)), h("td", { class: "value" }, shown(one.got))),
          ),
        ),
      ),
    miss.because.map((one) =>
      h("p", { class: "help" }, "because ", h("code", {}, one.text), one.reason ? ` ${one.reason}` : "", placeButton(one.place, goTo)),
    ),
  );
}
