// Dialogs: save the event as a test, share the rules, import Segment's JSON.

import { ask, hasFindings, Refused, type Answer } from "./api";
import { byId, h, replace, sentence, type Child } from "./dom";
import { fragmentOf } from "./share";
import { store } from "./store";
import { findingsList } from "./work_panes";

export function open(title: string, ...children: Child[]): HTMLDialogElement {
  const dialog = byId<HTMLDialogElement>("dialog");
  const close = h("button", { class: "close", "aria-label": "Close", onclick: () => dialog.close() }, "✕");
  dialog.setAttribute("aria-label", title);
  replace(dialog, h("div", { class: "bar" }, h("h2", {}, title), h("span", { class: "space" }), close), h("div", { class: "body" }, children));
  dialog.showModal();
  return dialog;
}

export interface SavedTest {
  text: string;
  file: string;
}

export async function saveAsTest(add: (test: SavedTest) => void): Promise<void> {
  const name = h("input", { type: "text", id: "test-name", autocomplete: "off" });
  const preview = h("pre", { class: "preview", tabindex: 0, "aria-label": "The test" });
  const save = h("button", { class: "primary", type: "submit" }, "Save and run");
  let test: SavedTest | null = null;
  const load = async () => {
    const asked = name.value;
    try {
      const answer = await ask<Answer<SavedTest>>("event_as_test", store.question({ event: store.event, name: asked }));
      if (asked !== name.value) return;
      if (hasFindings(answer)) replace(preview, findingsList(answer.findings, () => false));
      else {
        test = answer;
        preview.textContent = answer.text;
        if (!name.value) name.value = nameOf(answer.text);
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      preview.textContent = error.message;
    }
    save.disabled = test === null;
  };
  name.addEventListener("input", () => void load());
  const form = h(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        if (test) add(test);
        dialog.close();
      },
    },
    h("label", { for: "test-name" }, "Name of the test"),
    name,
    h("p", { class: "quiet" }, "It expects what the rules do with this event now: read it before you keep it. The event is saved whole; take out what is personal."),
    preview,
    save,
  );
  const dialog = open("Save event as test", form);
  await load();
  name.select();
}

export function nameOf(test: string): string {
  const found = /^test ("(?:[^"\\]|\\.)*")/.exec(test);
  return found ? (JSON.parse(found[1]!) as string) : "";
}

export async function share(): Promise<void> {
  const withEvent = h("input", { type: "checkbox", id: "with-event", onchange: () => void draw() });
  const link = h("textarea", { readonly: true, rows: 5, "aria-label": "The end of a link", class: "link" });
  const copied = h("span", { role: "status", class: "quiet" });
  const draw = async () => {
    link.value = await fragmentOf(store.texts, withEvent.checked ? store.eventText : null);
  };
  open(
    "Share the rules",
    h("p", {}, "This text carries the rules themselves, and nothing is uploaded. Put it behind the address of any studio, up to its last slash, to open them there."),
    h("p", { class: "quiet" }, "The address of this studio is not in it: whoever has that may write in it."),
    h("p", {}, withEvent, h("label", { for: "with-event" }, " with the event, which may hold personal data")),
    link,
    h(
      "p",
      {},
      h("button", { class: "primary", onclick: () => void navigator.clipboard.writeText(link.value).then(() => (copied.textContent = " copied")) }, "Copy"),
      copied,
    ),
  );
  await draw();
  link.select();
}

export function openChanges(changes: Map<string, () => void>, after: () => void): void {
  const make = (change: () => void) => () => {
    dialog.close();
    change();
    after();
  };
  const dialog = open(
    "Change the rules here",
    changes.size === 0 && h("p", { class: "empty" }, "Nothing can be changed at the cursor. Paste an event or Segment's JSON, and it becomes rules."),
    [...changes].map(([title, change]) => h("p", {}, h("button", { class: "fix", onclick: make(change) }, sentence(title)))),
  );
  dialog.addEventListener("close", after, { once: true });
}

export function importSegment(add: (text: string) => void): void {
  const document = h("textarea", { rows: 10, "aria-label": "Segment JSON", spellcheck: "false", placeholder: "Paste the JSON of subscriptions, or of one mapping" });
  const said = h("div", { "aria-live": "polite" });
  const run = async () => {
    try {
      const answer = await ask<Answer<{ text: string; findings_of_import: string[] }>>("import", { document: document.value });
      if (hasFindings(answer)) return replace(said, findingsList(answer.findings, () => false));
      replace(
        said,
        h("pre", { class: "preview", tabindex: 0, "aria-label": "The rules" }, answer.text),
        h("ul", {}, answer.findings_of_import.map((one) => h("li", {}, sentence(one)))),
        h("button", { class: "primary", onclick: () => (add(answer.text), dialog.close()) }, "Add to the rules"),
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      replace(said, h("p", { class: "problem" }, error.message));
    }
  };
  const dialog = open("Import from Segment", document, h("p", {}, h("button", { class: "primary", onclick: () => void run() }, "Translate")), said);
}
