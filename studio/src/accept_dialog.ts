// What a failing test becomes when what came is accepted: the difference is read before it is made in the editor.

import { ask, hasFindings, Refused, type Answer } from "./api";
import { open } from "./dialogs";
import { h, replace, sentence } from "./dom";
import { store } from "./store";
import { findingsList } from "./work_panes";
import type { Edit } from "./why_pane";

interface Acceptance {
  edits: Edit[];
  diff: [sign: " " | "+" | "-" | "@", line: string][];
}

const KINDS = { " ": "same", "+": "added", "-": "removed", "@": "file" };
const SAID = { " ": "", "+": "added: ", "-": "removed: ", "@": "" };

export async function acceptWhatCame(test: string, make: (edits: Edit[]) => void): Promise<void> {
  const body = h("div", {}, h("p", { class: "quiet", role: "status" }, "Working…"));
  const dialog = open("Accept what came", body);
  try {
    const answer = await ask<Answer<Acceptance>>("accept", store.question({ test }));
    if (hasFindings(answer)) return replace(body, findingsList(answer.findings, () => false));
    const accept = () => {
      dialog.close();
      make(answer.edits);
    };
    replace(
      body,
      h("p", {}, "The test ", h("b", {}, test), " then expects what the rules do now. Accept it only if that is what they should do."),
      h("div", { class: "diff", role: "region", tabindex: 0, "aria-label": "The difference" }, answer.diff.map(([sign, line]) => lineOf(sign, line))),
      h("p", {}, h("button", { class: "primary", onclick: accept }, "Accept and run"), h("span", { class: "quiet" }, " Undo takes it back; nothing is written to a file until you save.")),
    );
    body.querySelector<HTMLElement>("button.primary")!.focus();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    replace(body, h("p", { class: "problem", role: "alert" }, sentence(error.message)));
  }
}

function lineOf(sign: Acceptance["diff"][number][0], line: string): Node {
  if (sign === "@") return h("h3", {}, line);
  return h("pre", { class: KINDS[sign] }, h("span", { class: "said" }, SAID[sign]), h("span", { "aria-hidden": "true" }, `${sign} `), line);
}
