// What would be sent, each value with the text and the place in the event that made it.

import type { ExplainedMapping, Row } from "./api";
import { count, h, sentence } from "./dom";
import { rowId } from "./links";
import { nothingYet, rowsTable, type GoTo } from "./rows";
import { store } from "./store";

export function requestsPane(goTo: GoTo, showWhy: () => void) {
  const evaluation = store.evaluation;
  if (!evaluation) return nothingYet();
  const taken = evaluation.mappings.filter((mapping) => mapping.matched);
  if (!taken.some((mapping) => mapping.requests.length || mapping.failures.length)) {
    return h(
      "div",
      { class: "empty" },
      h("p", {}, "Nothing is sent for this event."),
      h("button", { class: "primary", onclick: showWhy }, "Why not?"),
    );
  }
  return h("div", {}, taken.map((mapping) => mappingCard(mapping, goTo, showWhy)));
}

function mappingCard(mapping: ExplainedMapping, goTo: GoTo, showWhy: () => void) {
  return h(
    "article",
    { class: "card" },
    mapping.failures.length > 0 && [
      h("h3", {}, mapping.name, h("span", { class: "end failed" }, "not sent")),
      mapping.failures.map((failure) => h("p", { class: "problem" }, failure.field && h("code", {}, failure.field), " ", sentence(failure.message))),
      h("button", { class: "primary", onclick: showWhy }, "Why, and what to do"),
    ],
    mapping.requests.map((request, number) => [
      h("h3", {}, h("span", { class: "method" }, request.method), ` ${request.url} `, h("span", { class: "by" }, mapping.name)),
      request.parts.map((part) => rowsTable(part.part || "body", part.fields.map((row) => [rowId(mapping, number, part.part, row), row]), goTo)),
    ]),
    mapping.warnings.length > 0 && [
      h("h4", {}, "Changed so that the rest could be sent"),
      h("ul", {}, mapping.warnings.map((one) => h("li", {}, h("code", {}, one.field), " ", sentence(one.message)))),
    ],
    folded(mapping, "left_out", "out", "left out", goTo),
    folded(mapping, "not_sent", "unused", "set by the rules, and not used for this event", goTo),
  );
}

function folded(mapping: ExplainedMapping, key: "left_out" | "not_sent", name: string, label: string, goTo: GoTo) {
  const rows = mapping[key];
  if (!rows.length) return null;
  const named = rows.map((row): [string, Row] => [rowId(mapping, name, "", row), row]);
  return h(
    "details",
    {},
    h("summary", {}, `${count(rows.length, "field")} ${label}`),
    rowsTable(label, named, goTo),
  );
}
