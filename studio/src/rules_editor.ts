// The editors of the rule files: one for each file, and one of them on the screen.

import { json } from "@codemirror/lang-json";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { StudioFile } from "./api";
import { openChanges } from "./dialogs";
import { byId, count, h, replace, sentence } from "./dom";
import { nonce, setup } from "./editor_setup";
import { Language, type RuleDiagnostic } from "./language_client";
import { links } from "./links";
import { marksOf, showLit, showMarks } from "./rule_marks";
import { colors, rulesLanguage } from "./rules_language";
import { store } from "./store";

export class RulesEditor {
  readonly views = new Map<string, EditorView>();
  shown = "";
  private readonly language = new Language(({ uri, diagnostics }) => this.found(uri, diagnostics), (isThere) => this.onServer(isThere));
  private readonly diagnostics = new Map<string, readonly RuleDiagnostic[]>();
  private uncovered = new Map<string, Map<number, string[]>>();

  constructor(
    private readonly onSave: () => void,
    private readonly onServer: (isThere: boolean) => void,
  ) {
    for (const file of store.session.files) this.open(file);
    this.language.connect();
    store.on("evaluation", () => this.mark());
    store.on("survey", () => this.mark());
    links.onLight((lit) => {
      for (const file of store.session.files) showLit(this.view(file.name), file.file, lit);
    });
    this.show(store.session.files[0]!.name);
  }

  view(name: string): EditorView {
    return this.views.get(name)!;
  }

  private open(file: StudioFile): void {
    const isJson = file.kind === "snapshots";
    const editable = file.is_given
      ? [
          isJson ? [] : this.language.client.plugin(file.uri, "rulewright"),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) store.setText(file.name, update.state.doc.toString());
          }),
        ]
      : [EditorState.readOnly.of(true)];
    const change = { key: "Mod-.", preventDefault: true, run: () => (void this.changeAtCursor(), true) };
    const save = { key: "Mod-s", preventDefault: true, run: () => (this.onSave(), true) };
    const view = new EditorView({
      doc: file.text,
      extensions: [
        keymap.of([save, change]),
        setup(nonce),
        isJson ? json() : rulesLanguage,
        colors,
        EditorView.lineWrapping,
        marksOf(file.file),
        editable,
        EditorView.contentAttributes.of({ "aria-label": isJson ? `Snapshots in ${file.name}` : `Rules of ${file.name}`, tabindex: "0" }),
      ],
    });
    if (file.is_given) store.texts[file.name] = store.saved[file.name] = file.text;
    view.dom.hidden = true;
    byId("editors").append(view.dom);
    this.views.set(file.name, view);
  }

  show(name: string): void {
    this.shown = name;
    for (const [other, view] of this.views) view.dom.hidden = other !== name;
    this.view(name).requestMeasure();
    this.listFindings();
    store.tell("texts");
  }

  // Puts the cursor at a place of a file that the page has; whether it has it.
  goTo(file: string, line: number): boolean {
    const found = store.session.files.find((one) => one.file === file);
    if (!found) return false;
    this.show(found.name);
    const view = this.view(found.name);
    const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines)).from;
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    view.focus();
    return true;
  }

  setText(name: string, text: string): void {
    const view = this.view(name);
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "input" });
  }

  append(name: string, text: string): void {
    const view = this.view(name);
    const before = view.state.doc.toString();
    const gap = before.trim() ? (before.endsWith("\n") ? "\n" : "\n\n") : "";
    view.dispatch({ changes: { from: before.length, insert: gap + text }, userEvent: "input" });
  }

  // Makes edits whose offsets count characters, as the server does.
  apply(name: string, edits: readonly { start: number; end: number; text: string }[]): void {
    const view = this.view(name);
    const text = [...view.state.doc.toString()];
    const at = (offset: number) => text.slice(0, offset).join("").length;
    const changes = edits.map((edit) => ({ from: at(edit.start), to: at(edit.end), insert: edit.text }));
    this.show(name);
    view.dispatch({
      changes,
      effects: EditorView.scrollIntoView(changes[0]?.from ?? 0, { y: "center" }),
      userEvent: "input.fix",
    });
  }

  // What can be done at the cursor, to be chosen from.
  async changeAtCursor(): Promise<void> {
    const view = this.view(this.shown);
    openChanges(await this.language.changes(view), () => view.focus());
  }

  async fixAll(): Promise<boolean> {
    return this.language.fixAll(this.view(this.shown));
  }

  showUncovered(uncovered: Map<string, Map<number, string[]>>): void {
    this.uncovered = uncovered;
    this.mark();
  }

  private mark(): void {
    links.take(store.evaluation);
    for (const file of store.session.files) {
      showMarks(this.view(file.name), {
        file: file.file,
        evaluation: store.findings.length ? null : store.evaluation,
        counts: store.counts,
        uncovered: this.uncovered.get(file.file) ?? new Map(),
      });
    }
  }

  private found(uri: string, diagnostics: readonly RuleDiagnostic[]): void {
    const file = store.session.files.find((one) => one.uri === uri);
    if (!file) return;
    this.diagnostics.set(file.name, diagnostics);
    this.listFindings();
    store.tell("texts");
  }

  countOf(name: string): { errors: number; warnings: number } {
    const all = this.diagnostics.get(name) ?? [];
    return {
      errors: all.filter((one) => one.severity === "error").length,
      warnings: all.filter((one) => one.severity === "warning").length,
    };
  }

  // Every finding of the file on the screen, with its fix as a button: nobody has to find the underlined place first.
  private listFindings(): void {
    const all = this.diagnostics.get(this.shown) ?? [];
    const list = byId("findings");
    list.hidden = all.length === 0;
    const view = this.view(this.shown);
    replace(
      list,
      h("h2", {}, count(all.length, "finding")),
      h("ul", {}, ...all.map((one) => h("li", { class: one.severity }, this.finding(view, one)))),
    );
  }

  private finding(view: EditorView, one: RuleDiagnostic) {
    const line = view.state.doc.lineAt(Math.min(one.from, view.state.doc.length)).number;
    const file = store.session.files.find((file) => file.name === this.shown)!;
    const [message, ...more] = one.message.split("\n");
    return [
      h("button", { class: "place", onclick: () => this.goTo(file.file, line) }, `line ${line}`),
      h("span", { class: "what" }, h("b", {}, `${one.severity} `), sentence(message ?? ""), h("small", { class: "code" }, one.source ?? "")),
      ...(one.actions ?? []).map((action) =>
        h("button", { class: "fix", onclick: () => action.apply(view, one.from, one.to) }, "Fix: ", sentence(one.fix)),
      ),
      more.length ? h("div", { class: "help" }, sentence(more.join("\n"))) : null,
    ];
  }
}
