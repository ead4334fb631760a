// What an event did to the rules, shown in them: clauses, the lines of values, and how many events a mapping took.

import { RangeSet, StateEffect, StateField, type EditorState, type Range } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, WidgetType, type DecorationSet } from "@codemirror/view";
import type { Counts, Evaluation } from "./api";
import { links, type Link } from "./links";

interface Marks {
  file: string;
  evaluation: Evaluation | null;
  counts: Counts | null;
  uncovered: Map<number, string[]>;
}

const LONGEST_VALUE = 40;

const setMarks = StateEffect.define<Marks>();
const setLit = StateEffect.define<ReadonlySet<number>>();

class Sign extends GutterMarker {
  constructor(
    readonly text: string,
    readonly kind: string,
    readonly title: string,
  ) {
    super();
  }
  override eq(other: Sign): boolean {
    return this.text === other.text && this.kind === other.kind && this.title === other.title;
  }
  override toDOM(): Node {
    const element = document.createElement("span");
    element.className = `sign ${this.kind}`;
    element.textContent = this.text;
    element.title = this.title;
    return element;
  }
}

const clauses = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let updated = decorations.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMarks)) updated = clausesOf(effect.value, transaction.state);
    return updated;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const signs = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(markers, transaction) {
    let updated = markers.map(transaction.changes);
    for (const effect of transaction.effects) if (effect.is(setMarks)) updated = signsOf(effect.value, transaction.state);
    return updated;
  },
});

const litLine = Decoration.line({ class: "lit-line" });
const lit = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let updated = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setLit)) continue;
      const lines = [...effect.value].filter((line) => line <= transaction.state.doc.lines).sort((a, b) => a - b);
      updated = Decoration.set(lines.map((line) => litLine.range(transaction.state.doc.line(line).from)));
    }
    return updated;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function offset(state: EditorState, line: number, column: number): number {
  const at = state.doc.line(Math.min(line, state.doc.lines));
  // Columns count characters, and the editor UTF-16 units.
  return Math.min(at.from + [...at.text].slice(0, column - 1).join("").length, at.to);
}

const STATES = { true: "is true for this event", false: "is false for this event", unreached: "was not reached" };

function clausesOf(marks: Marks, state: EditorState): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const one of marks.evaluation?.clauses ?? []) {
    if (one.file !== marks.file) continue;
    const from = offset(state, one.line, one.column);
    const to = offset(state, one.end_line, one.end_column);
    const mark = Decoration.mark({ class: `clause ${one.state}`, attributes: { title: STATES[one.state] } });
    if (from < to) ranges.push(mark.range(from, to));
  }
  for (const [line, value] of valuesOf(marks)) {
    if (line > state.doc.lines) continue;
    ranges.push(Decoration.widget({ widget: new Value(value), side: 1 }).range(state.doc.line(line).to));
  }
  return Decoration.set(ranges, true);
}

// The value that each line makes for the chosen event; of a line that makes several, the first.
function valuesOf({ evaluation, file }: Marks): Map<number, string> {
  const found = new Map<number, string>();
  for (const mapping of evaluation?.mappings ?? []) {
    for (const row of mapping.requests.flatMap((request) => request.parts.flatMap((part) => part.fields))) {
      const { place } = row;
      if (row.default_of !== null || place?.file !== file || found.has(place.line)) continue;
      found.set(place.line, cut(JSON.stringify(row.value) ?? ""));
    }
  }
  return found;
}

function cut(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

class Value extends WidgetType {
  constructor(readonly text: string) {
    super();
  }
  override eq(other: Value): boolean {
    return this.text === other.text;
  }
  override toDOM(): HTMLElement {
    const element = document.createElement("span");
    element.className = "value-here";
    element.textContent = `→ ${this.text}`;
    element.title = "the value for the chosen event";
    return element;
  }
}

function signsOf(marks: Marks, state: EditorState): RangeSet<GutterMarker> {
  const found = new Map<number, Sign>();
  const { evaluation, counts, file } = marks;
  for (const link of evaluation ? links.all : []) {
    if (link.file === file && !link.id.includes("|out|")) found.set(link.line, new Sign("●", "sent", "a value of this event is sent from here"));
  }
  for (const one of evaluation?.clauses ?? []) {
    if (one.file !== file) continue;
    const before = found.get(one.line);
    if (one.state === "false") found.set(one.line, new Sign("✘", "no", "a clause here is false for this event"));
    else if (one.state === "true" && before?.kind !== "no") found.set(one.line, new Sign("✔", "yes", "true for this event"));
  }
  for (const mapping of evaluation?.mappings ?? []) {
    for (const failure of mapping.failures) {
      const place = evaluation?.places.find((one) => one.mapping === mapping.name);
      const line = failure.place?.file === file ? failure.place.line : place?.file === file ? place.defaults_line : null;
      if (line) found.set(line, new Sign("!", "failed", failure.message));
    }
  }
  for (const place of evaluation?.places ?? []) {
    const taken = counts?.mappings[place.mapping];
    if (place.file !== file || !taken) continue;
    const failed = taken.failed ? `, ${taken.failed} fail` : "";
    const title = `"${place.mapping}" takes ${taken.taken} of ${counts.done} recorded events${failed}`;
    found.set(place.line, new Sign(taken.taken.toLocaleString("en"), taken.failed ? "count failing" : "count", title));
  }
  for (const [line, never] of marks.uncovered) {
    found.set(line, new Sign("○", "uncovered", `not tested: ${never.join("; ")}`));
  }
  const ranges = [...found].filter(([line]) => line > 0 && line <= state.doc.lines);
  return RangeSet.of(ranges.map(([line, sign]) => sign.range(state.doc.line(line).from)), true);
}

export function marksOf(file: string) {
  return [
    clauses,
    signs,
    lit,
    gutter({ class: "signs", markers: (view) => view.state.field(signs), initialSpacer: () => new Sign("1,000", "", "") }),
    EditorView.domEventHandlers({
      mousemove(event, view) {
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (at !== null) links.lightLine(file, view.state.doc.lineAt(at).number, false);
      },
      mouseleave: () => links.lightRow(null),
    }),
    EditorView.updateListener.of((update) => {
      if (!update.selectionSet || !update.view.hasFocus) return;
      links.lightLine(file, update.state.doc.lineAt(update.state.selection.main.head).number, true);
    }),
  ];
}

export function showMarks(view: EditorView, marks: Marks): void {
  view.dispatch({ effects: setMarks.of(marks) });
}

export function showLit(view: EditorView, file: string, all: ReadonlySet<Link>): void {
  const lines = new Set([...all].filter((link) => link.file === file && link.line > 0).map((link) => link.line));
  view.dispatch({ effects: setLit.of(lines) });
}
