// Rows of values, each with the text that made it and its place, lit together with both.

import type { Place, Row } from "./api";
import { h } from "./dom";
import { links } from "./links";
import { store } from "./store";

export type GoTo = (file: string, line: number) => boolean;

export function shown(value: unknown): string {
  if (value === undefined) return "—";
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

export function placeButton(place: Place | null, goTo: GoTo, isDefault = false) {
  if (!place) return null;
  const name = place.file.split("/").at(-1) ?? place.file;
  const label = `${name}:${place.line}`;
  if (isDefault) return h("span", { class: "place", title: `a default of the action: ${label}` }, "default");
  return h("button", { class: "place", onclick: () => goTo(place.file, place.line) }, label);
}

export function rowsTable(label: string, rows: [string, Row][], goTo: GoTo) {
  return h(
    "table",
    { class: "rows" },
    h("caption", {}, label),
    h(
      "tbody",
      {},
      rows.map(([id, row]) =>
        h(
          "tr",
          {
            "data-id": id,
            class: row.default_of ? "default" : "own",
            onmouseenter: () => links.lightRow(id),
            onmouseleave: () => links.lightRow(null),
            onfocusin: () => links.lightRow(id),
            onfocusout: () => links.lightRow(null),
          },
          h("th", { scope: "row" }, row.name),
          h("td", { class: "value" }, shown(row.value)),
          h("td", { class: "source" }, `← ${row.source}`, why(row)),
          h("td", {}, placeButton(row.place, goTo, row.default_of !== null)),
        ),
      ),
    ),
  );
}

// In the place of a pane that needs an evaluation.
export function nothingYet() {
  return h("p", { class: "empty" }, store.eventError ? "This is not an event, so nothing is sent." : store.findings.length ? "The rules have errors: correct them to see what they send." : "Working…");
}

function why(row: Row) {
  const reasons = [row.coerced_from && `from ${row.coerced_from}`, row.reason].filter(Boolean);
  return reasons.length ? h("small", {}, ` ${reasons.join("; ")}`) : null;
}
