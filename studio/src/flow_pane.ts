// The recorded events as a Sankey diagram: type and name, mapping, action, end. A click shows the events.

import { sankey, sankeyLinkHorizontal, type SankeyGraph } from "d3-sankey";
import { h } from "./dom";

export interface Flow {
  done: boolean;
  links: [column: number, source: string, target: string, count: number][];
}

interface Node {
  key: string;
  name: string;
  column: number;
}

interface Link {
  source: number;
  target: number;
  value: number;
}

export type Show = (filter: { start?: string; mapping?: string; end?: string }) => void;

const COLUMNS = ["Events", "Mappings", "Actions", "Ends"];
const MOST = 14; // nodes of a column; the smallest others go together
const WIDTH = 600;

export function flowPane(answer: Flow, show: Show): globalThis.Node {
  if (!answer.links.length) return h("p", { class: "empty" }, "There are no recorded events: start the studio with --events.");
  const { nodes, links } = graph(answer.links);
  const height = Math.max(180, 30 * Math.max(...COLUMNS.map((_, column) => nodes.filter((node) => node.column === column).length)));
  const layout = sankey<Node, object>()
    .nodeId((node) => node.index!)
    .nodeAlign((node) => node.column)
    .nodeWidth(10)
    .nodePadding(14)
    .extent([
      [4, 8],
      [WIDTH - 4, height - 8],
    ]);
  const drawn = layout({ nodes: nodes.map((node) => ({ ...node })), links: links.map((link) => ({ ...link })) });
  return h("div", { class: "flow" }, h("div", { class: "columns", "aria-hidden": "true" }, COLUMNS.map((name) => h("span", {}, name))), svgOf(drawn, height, show));
}

function graph(all: Flow["links"]): { nodes: Node[]; links: Link[] } {
  const weights = new Map<string, number>();
  for (const [column, source, target, value] of all) {
    weights.set(`${column}|${source}`, (weights.get(`${column}|${source}`) ?? 0) + value);
    if (column === 2) weights.set(`3|${target}`, (weights.get(`3|${target}`) ?? 0) + value);
  }
  const kept = new Set<string>();
  for (let column = 0; column < 4; column++) {
    const ofColumn = [...weights].filter(([key]) => key.startsWith(`${column}|`)).sort((a, b) => b[1] - a[1]);
    for (const [key] of ofColumn.slice(0, MOST)) kept.add(key);
  }
  const nodes: Node[] = [];
  const indexes = new Map<string, number>();
  const index = (column: number, name: string): number => {
    const shown = kept.has(`${column}|${name}`) ? name : "(others)";
    const key = `${column}|${shown}`;
    if (!indexes.has(key)) indexes.set(key, nodes.push({ key, name: shown, column }) - 1);
    return indexes.get(key)!;
  };
  const sums = new Map<string, Link>();
  for (const [column, from, to, value] of all) {
    const source = index(column, from);
    const target = index(column + 1, to);
    const key = `${source}|${target}`;
    const known = sums.get(key);
    if (known) known.value += value;
    else sums.set(key, { source, target, value });
  }
  return { nodes, links: [...sums.values()] };
}

function svg(name: string, attributes: Record<string, string | number>, ...children: globalThis.Node[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

function svgOf(drawn: SankeyGraph<Node, object>, height: number, show: Show): SVGElement {
  const path = sankeyLinkHorizontal<Node, object>();
  const bands = drawn.links.map((link) => {
    const end = (link.target as unknown as Node).name;
    return svg("path", { d: path(link) ?? "", class: `band ${kindOf(end)}`, "stroke-width": Math.max(1, link.width ?? 1) });
  });
  const boxes = drawn.nodes.map((node) => box(node as Node & Record<"x0" | "x1" | "y0" | "y1" | "value", number>, show));
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "group", "aria-label": "Flow of the recorded events" }, ...bands, ...boxes);
}

function kindOf(end: string): string {
  if (end.startsWith("failed")) return "failed";
  return { sent: "sent", dropped: "nothing", "taken by nothing": "nothing", "not an event": "failed" }[end] ?? "";
}

function box(node: Node & Record<"x0" | "x1" | "y0" | "y1" | "value", number>, show: Show): SVGElement {
  const isLast = node.column === 3;
  const label = node.name.length > 36 ? `${node.name.slice(0, 35)}…` : node.name;
  const text = svg("text", { x: isLast ? node.x0 - 5 : node.x1 + 5, y: (node.y0 + node.y1) / 2 + 4, "text-anchor": isLast ? "end" : "start" });
  text.textContent = `${label} ${node.value.toLocaleString("en")}`;
  const bar = svg("rect", { x: node.x0, y: node.y0, width: node.x1 - node.x0, height: Math.max(1, node.y1 - node.y0), class: kindOf(node.name) });
  const filter = filterOf(node);
  if (!filter) return svg("g", {}, bar, text);
  const group = svg("g", { role: "button", tabindex: 0, class: "node", "aria-label": `${text.textContent}, in ${COLUMNS[node.column]}: show these events` }, bar, text);
  group.addEventListener("click", () => show(filter));
  group.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      show(filter);
    }
  });
  return group;
}

// What a click on a node shows; an action, and what goes together with others, has no filter.
function filterOf(node: Node): Parameters<Show>[0] | null {
  if (node.name === "(others)" || node.column === 2) return null;
  if (node.column === 0) return { start: node.name };
  if (node.column === 1) return node.name.startsWith("(") ? { end: node.name === "(filter)" ? "dropped" : "nothing" } : { mapping: node.name };
  if (node.name.startsWith("failed")) return { end: "failed" };
  const end = { sent: "sent", dropped: "dropped", "taken by nothing": "nothing", "not an event": "unread" }[node.name];
  return end ? { end } : null;
}
