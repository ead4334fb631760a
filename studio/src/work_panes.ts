// Panes whose content is asked for when they are opened: it is kept until the rules change.

import { ask, hasFindings, Refused, type Answer, type Finding } from "./api";
import { h, replace, sentence } from "./dom";
import type { GoTo } from "./rows";
import { store } from "./store";

export class Asked<Kind extends object> {
  answer: Kind | null = null;
  private texts = "";

  constructor(
    private readonly name: string,
    private readonly draw: (answer: Kind, goTo: GoTo) => Node,
    private readonly goTo: GoTo,
  ) {}

  get isCurrent(): boolean {
    return this.answer !== null && this.texts === JSON.stringify(store.texts);
  }

  forget(): void {
    this.texts = "";
  }

  // The pane as it is known, and the new one in its place once it is there.
  pane(): Node {
    const holder = h("div", {});
    if (this.isCurrent) replace(holder, this.draw(this.answer!, this.goTo));
    else void this.load(holder);
    return holder;
  }

  async load(holder: HTMLElement): Promise<void> {
    replace(holder, h("p", { class: "quiet", role: "status" }, "Working…"));
    const texts = JSON.stringify(store.texts);
    try {
      const answer = await ask<Answer<Kind>>(this.name, store.question());
      if (hasFindings(answer)) {
        replace(holder, findingsList(answer.findings, this.goTo));
        return;
      }
      this.answer = answer;
      this.texts = texts;
      replace(holder, this.draw(answer, this.goTo));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      replace(holder, h("p", { class: "problem" }, error.message));
    }
  }
}

export function findingsList(findings: Finding[], goTo: GoTo): Node {
  return h(
    "div",
    { class: "card failed" },
    h("h3", {}, "The rules or their tests have errors"),
    findings.map((one) =>
      h(
        "p",
        {},
        h("button", { class: "place", onclick: () => goTo(one.file, one.line) }, `${one.file.split("/").at(-1)}:${one.line}`),
        " ",
        sentence(one.message),
        one.help.length > 0 && h("small", {}, " ", sentence(one.help.join("; "))),
      ),
    ),
  );
}
