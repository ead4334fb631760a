// The event as JSON, to be read and edited; the values that the rules read are marked.

import { json } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { StateEffect, StateField, Transaction, type Range } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { nonce, setup } from "./editor_setup";
import { placesOf, type JsonPlace } from "./json_places";
import { links, type Link } from "./links";

const setShown = StateEffect.define<{ places: JsonPlace[]; read: ReadonlySet<string>; lit: ReadonlySet<string> }>();

const shown = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    let updated = decorations.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setShown)) continue;
      const { places, read, lit } = effect.value;
      const ranges: Range<Decoration>[] = [];
      for (const { path, from, to } of places) {
        const name = lit.has(path) ? "read lit" : read.has(path) ? "read" : "";
        if (name && path && to <= transaction.state.doc.length && from < to) {
          ranges.push(Decoration.mark({ class: name }).range(from, to));
        }
      }
      updated = Decoration.set(ranges, true);
    }
    return updated;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const style = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-field)" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
]);

export class EventEditor {
  readonly view: EditorView;
  private places: JsonPlace[] = [];
  private lit: ReadonlySet<string> = new Set();

  constructor(parent: HTMLElement, onEdit: (text: string) => void) {
    this.view = new EditorView({
      parent,
      extensions: [
        setup(nonce),
        json(),
        syntaxHighlighting(style),
        shown,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "Event as JSON", tabindex: "0" }),
        EditorView.domEventHandlers({
          mousemove: (event, view) => this.point(view.posAtCoords({ x: event.clientX, y: event.clientY })),
          mouseleave: () => links.lightRow(null),
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.places = placesOf(update.state.doc.toString());
          const byHand = update.transactions.some((one) => one.annotation(Transaction.userEvent));
          if (update.docChanged && byHand) onEdit(update.state.doc.toString());
          if (update.selectionSet && update.view.hasFocus) this.point(update.state.selection.main.head);
        }),
      ],
    });
    links.onLight((lit, reveal) => this.light(lit, reveal));
  }

  show(text: string): void {
    if (this.view.state.doc.toString() === text) return;
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text } });
    this.view.scrollDOM.scrollTop = 0;
  }

  // Marks the values that the rules read.
  mark(): void {
    const read = new Set(links.all.flatMap((link) => link.paths));
    this.view.dispatch({ effects: setShown.of({ places: this.places, read, lit: this.lit }) });
  }

  private light(all: ReadonlySet<Link>, reveal: boolean): void {
    this.lit = new Set([...all].flatMap((link) => link.paths));
    this.mark();
    const first = this.places.find((place) => this.lit.has(place.path));
    if (first && reveal) this.view.dispatch({ effects: EditorView.scrollIntoView(first.from, { y: "nearest", yMargin: 40 }) });
  }

  private point(at: number | null): void {
    if (at === null) return;
    const line = this.view.state.doc.lineAt(at);
    const inside = this.places.filter((place) => place.from <= at && at <= place.to).at(-1);
    // Beside a value, what begins on its line is meant.
    const beside = this.places.find((place) => line.from <= place.from && place.from <= line.to);
    const place = inside && inside.from >= line.from ? inside : beside;
    links.lightPath(place?.path ?? null);
  }
}
