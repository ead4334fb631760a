// A queue: its accounts, the fate of one event, and dead letters by reason; an event that could not be mapped opens in
// the event pane.

import { ask, Refused } from "./api";
import { count, h, replace } from "./dom";

interface Letter {
  number: number;
  code: string;
  reason: string;
  mapping: string | null;
  endpoint: string | null;
  event: string | null;
}

export interface Delivery {
  queue: string;
  accounts: {
    accepted: number;
    delivered: number;
    dead: number;
    pending: number;
    events: number;
    unmatched: number;
    dropped: number;
    oldest_seconds: number | null;
    dead_codes: Record<string, number>;
    balanced: boolean;
    lost: number;
  };
  letters: Letter[];
}

export function deliveryPane(answer: Delivery, openEvent: (text: string) => void, again: () => void): Node {
  const { accounts } = answer;
  const figures = (["accepted", "delivered", "pending", "dead"] as const).map((name) => [
    h("dt", {}, name),
    h("dd", {}, accounts[name].toLocaleString("en")),
  ]);
  return h(
    "div",
    {},
    h("p", { class: "bar-of-pane" }, h("code", {}, answer.queue), h("button", { onclick: again }, "Look again")),
    h("dl", { class: "figures" }, figures),
    h(
      "p",
      { class: "quiet" },
      `${count(accounts.events, "event")} read: ${accounts.unmatched.toLocaleString("en")} matched nothing, ${accounts.dropped.toLocaleString("en")} dropped.`,
      accounts.oldest_seconds !== null && ` The oldest pending has waited for ${count(Math.round(accounts.oldest_seconds), "second")}.`,
    ),
    (!accounts.balanced || accounts.lost > 0) && h("p", { class: "problem" }, "The accounts do not agree with what is in the file."),
    fateOfEvent(),
    Object.entries(accounts.dead_codes).map(([code, number]) =>
      h(
        "article",
        { class: "card failed" },
        h("h3", {}, code, h("span", { class: "end failed" }, count(number, "dead letter"))),
        h(
          "ul",
          { class: "plain" },
          answer.letters.filter((letter) => letter.code === code).map((letter) => sample(letter, openEvent)),
        ),
      ),
    ),
    accounts.dead > 0 &&
      h("p", { class: "quiet" }, "Retry refused requests with ", h("code", {}, `rulewright dead-letters retry --queue ${answer.queue}`), "; send events again once the rules take them."),
  );
}

interface Fates {
  id: string;
  fates: string[][];
}

function fateOfEvent(): Node {
  const answer = h("div", { role: "status" });
  const id = h("input", { type: "search", placeholder: "message ID", "aria-label": "Message ID of an event" });
  const find = async (event: Event) => {
    event.preventDefault();
    if (id.value.trim() === "") return;
    try {
      replace(answer, fatesList(await ask<Fates>("fate", { id: id.value })));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      replace(answer, h("p", { class: "problem" }, error.message));
    }
  };
  return h("form", { class: "fate", onsubmit: (event) => void find(event) }, h("p", { class: "bar-of-pane" }, id, h("button", {}, "What became of it?")), answer);
}

function fatesList(found: Fates): Node {
  if (found.fates.length === 0) {
    return h("p", { class: "quiet" }, `No event with the ID ${found.id} was accepted in the last seven days by \`serve\` or an outbox.`);
  }
  return h(
    "ul",
    { class: "plain" },
    found.fates.map(([head, ...rest]) => h("li", {}, h("b", {}, head), h("ul", {}, rest.map((line) => h("li", {}, line.trim()))))),
  );
}

function sample(letter: Letter, openEvent: (text: string) => void) {
  return h(
    "li",
    {},
    h("span", { class: "quiet" }, `${letter.number} `),
    letter.mapping && h("b", {}, `${letter.mapping} `),
    letter.reason,
    letter.endpoint && h("small", {}, ` ${letter.endpoint}`),
    letter.event !== null && h("button", { class: "place", onclick: () => openEvent(letter.event!) }, "open the event"),
  );
}
