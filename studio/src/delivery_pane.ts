// A queue: its accounts over time, the fate of one event, and dead letters by reason; an event that could not be mapped
// opens in the event pane, and is mapped again once the rules are better.

import { ask, hasFindings, Refused, type Answer } from "./api";
import { count, h, replace, type Child } from "./dom";
import type { GoTo } from "./rows";
import { store } from "./store";
import { findingsList } from "./work_panes";

interface Letter {
  number: number;
  code: string;
  reason: string;
  mapping: string | null;
  endpoint: string | null;
  event: string | null;
}

interface Accounts {
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
}

interface Wait {
  cause: "held back" | "rate" | "retry";
  number: number;
  first: number; // seconds of the wall clock
  last: number;
  reason: string;
}

interface Delivery {
  waits: Wait[];
  queue: string;
  accounts: Accounts;
  letters: Letter[];
}

interface Sample {
  seconds: number;
  accounts: Accounts;
}

const PERIOD = 2000; // milliseconds between two looks at the queue
const MOST_SAMPLES = 300;

// The pane looks at the queue again and again while it is on the screen, so that a sender can be watched.
export class DeliveryPane {
  private samples: Sample[] = [];
  private letters: Letter[] = [];
  private dead = -1;

  constructor(
    private readonly openEvent: (text: string) => void,
    private readonly goTo: GoTo,
  ) {}

  pane(): Node {
    const accounts = h("div", {}, h("p", { class: "quiet", role: "status" }, "Working…"));
    const letters = h("div", {});
    this.dead = -1;
    void this.follow(accounts, letters);
    return h("div", {}, accounts, fateOfEvent(), letters);
  }

  private async follow(accounts: HTMLElement, letters: HTMLElement): Promise<void> {
    do {
      try {
        let answer = await ask<Delivery>("delivery");
        if (answer.accounts.dead !== this.dead) {
          answer = await ask<Delivery>("delivery", { with_letters: true });
          this.dead = answer.accounts.dead;
          this.letters = answer.letters;
          replace(letters, this.reasons(answer));
        }
        this.samples = [...this.samples, { seconds: performance.now() / 1000, accounts: answer.accounts }].slice(-MOST_SAMPLES);
        replace(accounts, accountsOf(answer, this.samples));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        replace(accounts, h("p", { class: "problem" }, error.message));
      }
      await new Promise((done) => setTimeout(done, PERIOD));
    } while (accounts.isConnected);
  }

  private reasons({ accounts, queue }: Delivery): Child[] {
    return [
      Object.entries(accounts.dead_codes).map(([code, number]) => {
        const samples = this.letters.filter((letter) => letter.code === code);
        return h(
          "article",
          { class: "card failed" },
          h("h3", {}, code, h("span", { class: "end failed" }, count(number, "dead letter"))),
          h("ul", { class: "plain" }, samples.map((letter) => sample(letter, this.openEvent))),
          samples.some((letter) => letter.event !== null) && this.retry(code),
        );
      }),
      accounts.dead > 0 && h("p", { class: "quiet" }, "Requests that the destination refused are sent again by ", h("code", {}, `rulewright dead-letters retry --queue ${queue}`), "."),
    ];
  }

  // Events that never became a request, mapped again by the rules on the page.
  private retry(code: string): Node {
    if (!store.session.may_write) return h("p", { class: "quiet" }, "Start the studio with --write to map these events again by better rules.");
    const said = h("div", { role: "status" });
    const run = async () => {
      try {
        const answer = await ask<Answer<{ sentences: string[] }>>("retry", store.question({ code }));
        replace(said, hasFindings(answer) ? findingsList(answer.findings, this.goTo) : h("ul", { class: "plain" }, answer.sentences.map((one) => h("li", {}, one))));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        replace(said, h("p", { class: "problem" }, error.message));
      }
    };
    return h("div", {}, h("button", { class: "primary", onclick: () => void run() }, "Map these events again by the rules on this page"), said);
  }
}

const WAITS: Record<Wait["cause"], [noun: string, what: string]> = {
  "held back": ["user", "held back by the destination"],
  rate: ["user", "over the rate of one user"],
  retry: ["request", "to be tried again"],
};

// What the sender waits for, and until when.
function waitsOf(waits: Wait[]): Child {
  const clock = (seconds: number) => new Date(seconds * 1000).toLocaleTimeString();
  const line = ({ cause, number, first, last, reason }: Wait) => {
    const [noun, what] = WAITS[cause];
    const until = clock(first) === clock(last) ? `until ${clock(last)}` : `until ${clock(first)}, the last until ${clock(last)}`;
    return h("li", {}, h("b", {}, count(number, noun)), ` ${what}, ${until}`, reason && h("small", {}, ` ${reason}`));
  };
  return waits.length > 0 && h("div", { class: "card no" }, h("h3", {}, "The sender waits"), h("ul", { class: "plain" }, waits.map(line)));
}

function accountsOf({ accounts, queue, waits }: Delivery, samples: readonly Sample[]): Child[] {
  const mapped = accounts.events - accounts.unmatched - accounts.dropped;
  const figures = { "events read": accounts.events, "taken by rules": mapped, "parts accepted": accounts.accepted, pending: accounts.pending, delivered: accounts.delivered, dead: accounts.dead };
  return [
    h("p", { class: "bar-of-pane" }, h("code", {}, queue), h("span", { class: "quiet every" }, "read every 2 s")),
    h("dl", { class: "figures" }, Object.entries(figures).map(([name, number]) => [h("dt", {}, name), h("dd", {}, number.toLocaleString("en"))])),
    h(
      "p",
      { class: "quiet" },
      `${accounts.unmatched.toLocaleString("en")} events matched nothing, ${accounts.dropped.toLocaleString("en")} were dropped.`,
      accounts.oldest_seconds !== null && ` The oldest pending part has waited for ${count(Math.round(accounts.oldest_seconds), "second")}.`,
      waits.length === 0 && isHeldBack(samples) && " Nothing was delivered for a while: no sender works, or the destination holds it back.",
    ),
    waitsOf(waits),
    (!accounts.balanced || accounts.lost > 0) && h("p", { class: "problem" }, "The accounts do not agree with what is in the file."),
    overTime(samples),
  ];
}

const HELD_BACK = 10; // seconds without a delivery while parts wait

function isHeldBack(samples: readonly Sample[]): boolean {
  const last = samples.at(-1)!;
  const before = samples.filter((one) => one.seconds <= last.seconds - HELD_BACK).at(-1);
  return before !== undefined && last.accounts.pending > 0 && before.accounts.delivered === last.accounts.delivered;
}

const WIDTH = 220;
const HEIGHT = 44;

// What went on since the pane was opened, as three small curves.
function overTime(samples: readonly Sample[]): Node {
  const curves: [string, (one: Sample, before: Sample) => number][] = [
    ["delivered per second", (one, before) => rate(one.accounts.delivered - before.accounts.delivered, one, before)],
    ["pending", (one) => one.accounts.pending],
    ["oldest, seconds", (one) => one.accounts.oldest_seconds ?? 0],
    ["dead", (one) => one.accounts.dead],
  ];
  return h(
    "div",
    { class: "curves" },
    curves.map(([name, value]) => curve(name, samples.map((one, number) => value(one, samples[Math.max(number - 1, 0)]!)))),
  );
}

function rate(difference: number, one: Sample, before: Sample): number {
  return one === before ? 0 : difference / (one.seconds - before.seconds);
}

function curve(name: string, values: number[]): Node {
  const most = Math.max(...values, 1);
  const x = (number: number) => (values.length > 1 ? (number / (values.length - 1)) * WIDTH : 0);
  const points = values.map((value, number) => `${x(number).toFixed(1)},${(HEIGHT - 2 - (value / most) * (HEIGHT - 6)).toFixed(1)}`);
  const label = `${name}: ${rounded(values.at(-1) ?? 0)}, at most ${rounded(Math.max(...values, 0))}`;
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, preserveAspectRatio: "none" });
  picture.append(svg("polyline", { points: points.join(" "), fill: "none" }));
  return h("figure", {}, picture, h("figcaption", {}, label));
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString("en");
}

function svg(name: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
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
