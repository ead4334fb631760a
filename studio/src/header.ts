// The bar at the top: files, what is not saved, and what can be done with all of it.

import { byId, h, replace, sentence } from "./dom";
import type { StudioFile } from "./api";
import type { RulesEditor } from "./rules_editor";
import { store } from "./store";

export class Header {
  constructor(
    private readonly editor: RulesEditor,
    private readonly actions: Record<string, { title: string; run: () => void }>,
    private readonly save: () => void,
  ) {}

  draw(): void {
    replace(byId("files"), store.session.files.filter(isShown).map((file) => this.file(file)));
    byId("state").textContent = store.findings.length ? "The rules have errors; results are of before." : "";
    const { errors, warnings } = this.editor.countOf(this.editor.shown);
    const canFix = errors + warnings > 0;
    replaceKeepingFocus(
      byId("actions"),
      h("button", { onclick: () => void this.editor.fixAll(), disabled: !canFix, title: "Make every safe change that a finding suggests" }, "Fix all"),
      Object.entries(this.actions).map(([name, { title, run }]) => h("button", { onclick: run, title }, name)),
      store.session.may_write
        ? h("button", { class: "primary", disabled: store.isSaved, onclick: this.save }, store.isSaved ? "Saved" : "Save")
        : h("span", { class: "quiet", title: "Start the studio with --write to save here" }, "nothing is saved"),
    );
  }

  private file(file: StudioFile) {
    const { errors, warnings } = this.editor.countOf(file.name);
    const isChanged = store.texts[file.name] !== undefined && store.texts[file.name] !== store.saved[file.name];
    return h(
      "button",
      { "aria-current": file.name === this.editor.shown ? "page" : null, onclick: () => this.editor.show(file.name), title: file.file },
      file.name.split("/").at(-1),
      isChanged && h("span", { class: "changed", title: "not saved" }, " ●"),
      !file.is_given && h("span", { class: "quiet" }, " read only"),
      errors > 0 && h("span", { class: "badge error", title: `${errors} errors` }, errors),
      errors === 0 && warnings > 0 && h("span", { class: "badge warning", title: `${warnings} warnings` }, warnings),
    );
  }
}

// Snapshots are a file of the page once there are some.
function isShown({ kind, name, version }: StudioFile): boolean {
  return kind !== "snapshots" || version !== "" || store.texts[name] !== "";
}

// A button that is drawn again keeps the focus that it had.
function replaceKeepingFocus(element: Element, ...children: Parameters<typeof replace>[1][]): void {
  const focused = [...element.children].indexOf(document.activeElement as Element);
  replace(element, ...children);
  if (focused >= 0) (element.children[focused] as HTMLElement | undefined)?.focus();
}

export function showError(text: string): void {
  const element = byId("error");
  element.hidden = !text;
  replace(element, sentence(text));
}
