// Lineage: which paths of events reach which fields, and which of them hold personal data.

import { h, replace } from "./dom";
import { placeButton, type GoTo } from "./rows";

interface FlowOfData {
  mapping: string | null;
  action: string | null;
  source: string;
  field: string | null;
  role: "decides" | "value";
  functions: string[];
  personal: string[];
  file: string;
  line: number;
  column: number;
}

export interface Lineage {
  flows: FlowOfData[];
}

export function dataPane(answer: Lineage, goTo: GoTo): Node {
  const holder = h("div", {});
  const search = h("input", { type: "search", placeholder: "Path or field", "aria-label": "Search paths and fields", oninput: () => draw() });
  const personal = h("input", { type: "checkbox", id: "only-personal", onchange: () => draw() });
  const draw = () => {
    const sought = search.value.toLowerCase();
    const flows = answer.flows.filter(
      (one) =>
        (!personal.checked || (one.personal.length > 0 && one.role === "value")) &&
        `${one.source} ${one.field ?? ""} ${one.mapping ?? ""}`.toLowerCase().includes(sought),
    );
    replace(holder, flows.length ? table(flows, goTo) : h("p", { class: "empty" }, "No path fits."));
  };
  draw();
  return h("div", {}, h("p", { class: "bar-of-pane" }, search, personal, h("label", { for: "only-personal" }, "only personal data that is sent")), holder);
}

function table(flows: FlowOfData[], goTo: GoTo): Node {
  return h(
    "table",
    { class: "rows data" },
    h("thead", {}, h("tr", {}, ["Path of the event", "Mapping", "Field", "Place"].map((name) => h("th", { scope: "col" }, name)))),
    h(
      "tbody",
      {},
      flows.map((one) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, one.source, one.personal.length > 0 && h("span", { class: "end failed" }, "personal")),
          h("td", {}, one.mapping ?? "filter"),
          h("td", {}, one.role === "decides" ? h("i", {}, "decides only") : one.field, one.functions.length > 0 && h("small", {}, ` by ${one.functions.join(", ")}`)),
          h("td", {}, placeButton(one, goTo, one.file.startsWith("amplitude/") || !one.file.includes("."))),
        ),
      ),
    ),
  );
}
