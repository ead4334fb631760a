// The command line that says the same as a pane.

import { h } from "./dom";
import { store } from "./store";

export function command(name: string, ...options: string[]) {
  const file = store.session.files[0]!.file;
  const isChanged = !store.isSaved && " (of what is saved)";
  return h("p", { class: "quiet command" }, "On the command line: ", h("code", {}, ["rulewright", name, quoted(file), ...options].join(" ")), isChanged);
}

// The options that name the chosen event; none for an event that is in no file.
export function eventOptions(): string[] | null {
  const { path } = store.session.events;
  return typeof store.event === "number" && path ? [quoted(path), "--line", String(store.event + 1)] : null;
}

function quoted(text: string): string {
  return /^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
