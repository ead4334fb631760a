// A value of a request, its line of the rules and its place in the event: who points at one lights the others.

import type { Evaluation, Row, Step } from "./api";

export interface Link {
  id: string;
  file: string;
  line: number;
  paths: string[];
}

type Listener = (lit: ReadonlySet<Link>, reveal: boolean) => void;

export function pointer(steps: readonly Step[]): string {
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

export class Links {
  all: Link[] = [];
  private byId = new Map<string, Link>();
  private listeners: Listener[] = [];

  onLight(listener: Listener): void {
    this.listeners.push(listener);
  }

  // The links of an evaluation; a default of the action stands at the line of `use defaults`.
  take(evaluation: Evaluation | null): void {
    const places = new Map(evaluation?.places.map((one) => [one.mapping, one]));
    this.all = [];
    for (const mapping of evaluation?.mappings ?? []) {
      const own = places.get(mapping.name);
      for (const [id, row] of rowsOf(mapping)) {
        const isDefault = row.default_of !== null && own?.defaults_line;
        const line = isDefault ? (own?.defaults_line ?? 0) : (row.place?.line ?? 0);
        const file = isDefault ? (own?.file ?? "") : (row.place?.file ?? "");
        this.all.push({ id, file, line, paths: row.event_places.map(pointer) });
      }
    }
    this.byId = new Map(this.all.map((link) => [link.id, link]));
  }

  of(id: string): Link | undefined {
    return this.byId.get(id);
  }

  lightRow(id: string | null): void {
    this.light(id === null ? [] : this.all.filter((link) => link.id === id), true);
  }

  // With `reveal`, what is lit elsewhere is scrolled into view: not while the pointer only passes over a text.
  lightLine(file: string, line: number, reveal: boolean): void {
    this.light(this.all.filter((link) => link.file === file && link.line === line), reveal);
  }

  lightPath(path: string | null): void {
    const lit = path === null ? [] : this.all.filter((link) => link.paths.some((one) => one === path || isBelow(path, one)));
    this.light(lit, false);
  }

  private light(links: Link[], reveal: boolean): void {
    const lit = new Set(links);
    for (const listener of this.listeners) listener(lit, reveal);
  }
}

function isBelow(path: string, above: string): boolean {
  return path.startsWith(`${above}/`);
}

export function rowId(mapping: { name: string }, request: number | string, part: string, row: Row): string {
  return [mapping.name, request, part, row.name].join("|");
}

// Each row of a mapping with a name of its own.
function* rowsOf(mapping: Evaluation["mappings"][number]): Generator<[string, Row]> {
  for (const [number, request] of mapping.requests.entries()) {
    for (const part of request.parts) {
      for (const row of part.fields) yield [rowId(mapping, number, part.part, row), row];
    }
  }
  for (const row of mapping.left_out) yield [rowId(mapping, "out", "", row), row];
  for (const row of mapping.not_sent) yield [rowId(mapping, "unused", "", row), row];
  for (const row of mapping.refused) yield [rowId(mapping, "refused", "", row), row];
}

export const links = new Links();
