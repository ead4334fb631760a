// Where each value stands in the text of an event, by the path that leads to it.

import { jsonLanguage } from "@codemirror/lang-json";
import type { SyntaxNode } from "@lezer/common";
import { pointer } from "./links";
import type { Step } from "./api";

export interface JsonPlace {
  path: string;
  from: number; // of the value, or of the key where there is one
  to: number;
}

export function placesOf(text: string): JsonPlace[] {
  const places: JsonPlace[] = [];
  const top = jsonLanguage.parser.parse(text).topNode.firstChild;
  if (top) walk(top, [], top.from);
  return places;

  function walk(node: SyntaxNode, steps: Step[], from: number): void {
    places.push({ path: pointer(steps), from, to: node.to });
    if (node.name === "Object") {
      for (const property of node.getChildren("Property")) {
        const name = property.getChild("PropertyName");
        const value = property.lastChild;
        if (name && value && value !== name) walk(value, [...steps, keyOf(text.slice(name.from, name.to))], name.from);
      }
    } else if (node.name === "Array") {
      let index = 0;
      for (let child = node.firstChild; child; child = child.nextSibling) {
        if (/^(Object|Array|String|Number|True|False|Null)$/.test(child.name)) walk(child, [...steps, index++], child.from);
      }
    }
  }
}

function keyOf(written: string): string {
  try {
    return JSON.parse(written) as string;
  } catch {
    return written;
  }
}
