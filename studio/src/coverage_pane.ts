// What the tests try of the rules, and what they do not.

import type { Place } from "./api";
import { h, sentence } from "./dom";
import { placeButton, type GoTo } from "./rows";

export interface Never {
  sentence: string;
  mapping: string | null;
  place: Place;
  reason?: string;
}

interface Share {
  tried: number;
  of: number;
  percent: number;
}

export interface Coverage {
  triggers: Share;
  fields: Share;
  percent: number;
  never: Never[];
  undecided: Never[];
}

export function coveragePane(answer: Coverage, goTo: GoTo, writeTests: () => void): Node {
  return h(
    "div",
    {},
    h("p", {}, h("b", {}, `${Math.floor(answer.percent)} %`), " of the rules were tried by tests."),
    share("Triggers", answer.triggers),
    share("Fields", answer.fields),
    answer.never.length
      ? h("h3", { class: "divider" }, "Not tested")
      : h("p", { class: "quiet" }, "Every clause was true and false, every branch and every fallback was taken."),
    answer.never.length > 0 && h("button", { class: "primary", onclick: writeTests }, "Write the missing tests"),
    h(
      "ul",
      { class: "plain" },
      answer.never.map((one) => h("li", {}, placeButton(one.place, goTo), one.mapping && h("b", {}, ` ${one.mapping} `), sentence(one.sentence))),
    ),
  );
}

function share(name: string, one: Share) {
  const label = `${name}: ${one.tried} of ${one.of}`;
  return h("p", { class: "share" }, h("span", {}, label), h("meter", { min: 0, max: Math.max(one.of, 1), value: one.tried, "aria-label": label }));
}

export function uncoveredLines(answer: Coverage): Map<string, Map<number, string[]>> {
  const files = new Map<string, Map<number, string[]>>();
  for (const { place, sentence } of answer.never) {
    const lines = files.get(place.file) ?? new Map<number, string[]>();
    lines.set(place.line, [...(lines.get(place.line) ?? []), sentence]);
    files.set(place.file, lines);
  }
  return files;
}
