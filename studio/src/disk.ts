// What is on the disk and what is on the page: a file that somebody else has changed is read again, or asked about.

import { ask, Refused, type Session, type StudioFile } from "./api";
import { open } from "./dialogs";
import { h } from "./dom";
import { store } from "./store";

type SetText = (name: string, text: string) => void;

// Looks at the disk again when the person comes back to this window, and where saving found another text.
export class Disk {
  private isLooking = false;

  constructor(private readonly setText: SetText) {
    addEventListener("focus", () => void this.look());
  }

  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      const { files } = await ask<Session>("session");
      for (const file of store.session.files) {
        const now = files.find((other) => other.name === file.name);
        if (now && now.version !== file.version) await this.reconcile(file, now);
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    } finally {
      this.isLooking = false;
    }
  }

  private async reconcile(file: StudioFile, now: StudioFile): Promise<void> {
    const { name } = file;
    const isChanged = store.texts[name] !== undefined && store.texts[name] !== store.saved[name];
    const isGone = now.version === ""; // its text stays on the page, not saved
    const takesDisk = !isGone && (!isChanged || (await asked(file)));
    file.version = now.version;
    store.saved[name] = now.text;
    if (takesDisk) this.setText(name, now.text);
    store.tell("texts");
    store.askSoon();
  }
}

// Whether the text of the disk takes the place of what is on the page.
function asked(file: StudioFile): Promise<boolean> {
  return new Promise((answer) => {
    const choose = (takesDisk: boolean) => () => {
      answer(takesDisk);
      dialog.close();
    };
    const dialog = open(
      "Changed on the disk",
      h("p", {}, h("b", {}, file.name), " was changed by another program or window, and has changes on this page that are not saved."),
      h(
        "p",
        { class: "bar-of-pane" },
        h("button", { class: "primary", onclick: choose(false) }, "Keep this page's text"),
        h("button", { onclick: choose(true) }, "Take the text of the disk"),
      ),
      h("p", { class: "quiet" }, "Keeping it writes nothing yet: the file is replaced when you save. What you take from the disk can be undone."),
    );
    dialog.querySelector<HTMLElement>(".primary")!.focus();
    dialog.addEventListener("close", () => answer(false), { once: true });
  });
}
