// Every mapping: whether it took the event, by which clause it did or did not, and what to write instead.

import { ask, hasFindings, Refused } from "./api";
import type { Answer, ExplainedMapping, MappingPlace } from "./api";
import { h, replace, sentence } from "./dom";
import { rowId } from "./links";
import { nothingYet, placeButton, rowsTable, type GoTo } from "./rows";
import { store } from "./store";

export interface Edit {
  file: string;
  start: number; // in characters of the file, as the server counts them
  end: number;
  text: string;
}

export interface Suggestion {
  sentence: string;
  edits: Edit[];
}

export type Apply = (suggestion: Suggestion) => void;

export function whyPane(goTo: GoTo, apply: Apply) {
  const evaluation = store.evaluation;
  if (!evaluation) return nothingYet();
  const { dropped_by: dropped, opted_out: optedOut, mappings, disabled } = evaluation;
  const taken = mappings.filter((one) => one.matched);
  const others = mappings.filter((one) => !one.matched);
  const places = new Map(evaluation.places.map((one) => [one.mapping, one]));
  return h(
    "div",
    {},
    optedOut && h("p", { class: "problem" }, `The event opts out of the destination: ${optedOut}.`),
    dropped &&
      h(
        "article",
        { class: "card no" },
        h("h3", {}, "Dropped by a filter ", placeButton(dropped.place, goTo)),
        h("p", {}, h("code", {}, dropped.text)),
        dropped.clause && h("p", {}, dropped.clause.sentence),
      ),
    taken.map((one) => card(one, places.get(one.name) ?? null, goTo, apply)),
    others.length > 0 && h("h3", { class: "divider" }, taken.length ? "These do not take it" : "No mapping takes this event"),
    others.map((one) => card(one, places.get(one.name) ?? null, goTo, apply)),
    disabled.length > 0 && h("p", { class: "quiet" }, `Disabled: ${disabled.join(", ")}`),
  );
}

function card(mapping: ExplainedMapping, place: MappingPlace | null, goTo: GoTo, apply: Apply) {
  const failed = mapping.failures.length > 0;
  const end = !mapping.matched ? "no" : failed ? "failed" : "sent";
  const label = { no: "does not take it", failed: "takes it, and fails", sent: "takes it" }[end];
  return h(
    "article",
    { class: `card ${end}` },
    h("h3", {}, mapping.name, h("span", { class: `end ${end}` }, label), place && placeButton({ ...place, column: 1 }, goTo)),
    h("p", {}, mapping.clause.sentence),
    mapping.failures.map((failure) => [
      h("p", { class: "problem" }, failure.field && h("code", {}, failure.field), " ", sentence(failure.message), " ", placeButton(failure.place, goTo)),
    ]),
    mapping.refused.length > 0 &&
      rowsTable("what the rules made", mapping.refused.map((row) => [rowId(mapping, "refused", "", row), row]), goTo),
    mapping.clause.help && h("p", { class: "help" }, "It would be true as ", h("code", {}, mapping.clause.help)),
    (failed || !mapping.matched) && suggestions(mapping, apply, failed),
  );
}

// What would help is tried by the server, so of a mapping that did not take the event only when somebody asks.
function suggestions(mapping: ExplainedMapping, apply: Apply, atOnce: boolean) {
  const holder = h("div", { class: "suggestions" });
  const load = async () => {
    replace(holder, h("span", { class: "quiet" }, "Looking for a change that helps…"));
    try {
      const question = store.question({ event: store.event, mapping: mapping.name });
      const answer = await ask<Answer<{ suggestions: Suggestion[] }>>("suggest", question);
      const found = hasFindings(answer) ? [] : answer.suggestions;
      replace(
        holder,
        found.length === 0 && h("span", { class: "quiet" }, "No small change of the rules makes it take this event."),
        found.map((one) =>
          h("p", {}, h("button", { class: "fix", onclick: () => apply(one) }, "Fix: ", sentence(one.sentence))),
        ),
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      replace(holder, h("span", { class: "problem" }, error.message));
    }
  };
  if (atOnce) void load();
  else replace(holder, h("button", { onclick: () => void load() }, "What would make it take this event?"));
  return holder;
}
