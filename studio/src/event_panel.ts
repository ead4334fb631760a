// The event: picked from the recorded ones, pasted, or edited in place.

import { ask } from "./api";
import type { Counts, End, EventRow } from "./api";
import { byId, h, replace } from "./dom";
import { EventEditor } from "./event_editor";
import { store } from "./store";

export const ENDS: Record<End, string> = {
  sent: "sent",
  failed: "failed",
  dropped: "dropped",
  nothing: "taken by nothing",
  unread: "not an event",
};

const SILENCE = 120; // milliseconds after a keystroke before it is searched

interface Filter {
  text: string;
  start: string;
  mapping: string;
  end: string;
}

export class EventPanel {
  private readonly filter: Filter = { text: "", start: "", mapping: "", end: "" };
  private rows: EventRow[] = [];
  private found = 0;
  private readonly head = h("div", { class: "bar" });
  private readonly chips = h("div", { class: "chips", role: "group", "aria-label": "Show events by how they end" });
  private readonly problem = h("p", { class: "problem", role: "alert", hidden: true });
  private readonly list = h("div", { class: "list", hidden: true });
  private readonly holder = h("div", { class: "holder" });
  private readonly editor: EventEditor;
  private readonly search: HTMLInputElement;
  private round = 0;
  private timer = 0;

  constructor(private readonly onSaveAsTest: () => void) {
    this.search = h("input", {
      type: "search",
      placeholder: "Search events",
      title: "A name, a user, or any other text of an event",
      "aria-label": "Search events",
      oninput: () => this.searchSoon(),
    });
    replace(byId("event"), this.head, this.chips, this.problem, this.list, this.holder);
    this.editor = new EventEditor(this.holder, (text) => store.choose(text));
    store.on("event", () => this.editor.show(store.eventText));
    store.on("evaluation", () => this.refresh());
    store.on("survey", () => this.drawChips());
    this.drawHead();
    this.drawChips();
  }

  // Shows the events that fit; what is not named stays as it is.
  narrow(filter: Partial<Filter>): void {
    Object.assign(this.filter, filter);
    this.search.value = this.filter.text;
    this.isList = true;
    void this.load();
  }

  private searchSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.narrow({ text: this.search.value }), SILENCE);
  }

  // Shows an event that is not one of the recorded ones, laid out.
  showText(text: string): void {
    this.isList = false;
    try {
      store.eventText = JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      store.eventText = text;
    }
    this.editor.show(store.eventText);
  }

  only(filter: Partial<Filter>): void {
    this.narrow({ text: "", start: "", mapping: "", end: "", ...filter });
  }

  private get isList(): boolean {
    return !this.list.hidden;
  }

  private set isList(on: boolean) {
    this.list.hidden = !on;
    this.holder.hidden = on;
    this.drawHead();
    this.drawChips();
  }

  private refresh(): void {
    this.problem.hidden = !store.eventError;
    this.problem.textContent = store.eventError;
    this.editor.mark();
    this.drawHead();
  }

  private drawHead(): void {
    const { count } = store.session.events;
    const number = typeof store.event === "number" ? store.event : null;
    const label = number === null ? "Event of your own" : `Event ${(number + 1).toLocaleString("en")} of ${count.toLocaleString("en")}`;
    const step = (by: number) => () => void this.step(by);
    replace(
      this.head,
      h("h2", {}, label),
      count > 0 && [
        h("button", { onclick: step(-1), "aria-label": "Previous event", title: "Previous event" }, "‹"),
        h("button", { onclick: step(1), "aria-label": "Next event", title: "Next event" }, "›"),
        this.search,
      ],
      h("span", { class: "space" }),
      h("button", { onclick: this.onSaveAsTest, title: "A test of what the rules do with this event" }, "Save event as test"),
    );
  }

  private drawChips(): void {
    const counts = store.counts;
    this.chips.hidden = store.session.events.count === 0;
    const isPart = counts !== null && counts.done < counts.of;
    const chip = (end: string, label: string) =>
      h(
        "button",
        {
          class: `chip ${end}`,
          "aria-pressed": String(this.isList && this.filter.end === end),
          onclick: () => (this.isList && this.filter.end === end ? (this.isList = false) : this.narrow({ end })),
        },
        label,
      );
    const ends = (Object.keys(ENDS) as End[]).filter((end) => counts?.ends[end]);
    replace(
      this.chips,
      chip("", this.isList ? "All events" : "Choose an event"),
      ends.map((end) => chip(end, `${counts!.ends[end]!.toLocaleString("en")} ${ENDS[end]}`)),
      isPart && this.progress(counts),
      this.filter.start && this.isList && this.narrowed("start", this.filter.start),
      this.filter.mapping && this.isList && this.narrowed("mapping", `by "${this.filter.mapping}"`),
    );
  }

  private progress({ done, of }: Counts) {
    const far = `${done.toLocaleString("en")} of ${of.toLocaleString("en")} events tried`;
    return h(
      "span",
      { class: "progress" },
      h("progress", { max: of, value: done, "aria-label": far }),
      store.isStopped && h("span", { class: "quiet" }, far),
      store.isStopped ? h("button", { class: "chip", onclick: () => store.resumeSurvey() }, "Go on") : h("button", { class: "chip", onclick: () => store.stopSurvey() }, "Stop"),
    );
  }

  private narrowed(name: "start" | "mapping", label: string) {
    return h("button", { class: "chip", title: "Show others as well", onclick: () => this.narrow({ [name]: "" }) }, `${label} ✕`);
  }

  private async load(offset = 0): Promise<void> {
    const round = ++this.round;
    const answer = await ask<{ count: number; rows: EventRow[] }>("events", { ...this.filter, offset });
    if (round !== this.round) return;
    this.rows = offset ? [...this.rows, ...answer.rows] : answer.rows;
    this.found = answer.count;
    this.drawList();
  }

  private drawList(): void {
    const more = this.found - this.rows.length;
    replace(
      this.list,
      this.rows.length === 0 && h("p", { class: "empty" }, "No event fits."),
      h(
        "ul",
        { "aria-label": "Events" },
        this.rows.map((row) =>
          h(
            "li",
            {},
            h(
              "button",
              { class: "event", "aria-current": row.number === store.event ? "true" : null, onclick: () => this.pick(row.number) },
              h("span", { class: "number" }, (row.number + 1).toLocaleString("en")),
              h("span", { class: "name" }, row.type || "?", row.name && h("b", {}, ` ${row.name}`)),
              h("span", { class: "user" }, row.user),
              h("span", { class: `end ${row.end ?? ""}` }, row.end ? ENDS[row.end] : ""),
            ),
          ),
        ),
      ),
      more > 0 && h("button", { onclick: () => void this.load(this.rows.length) }, `Show more (${more.toLocaleString("en")})`),
    );
  }

  private pick(number: number): void {
    this.isList = false;
    store.choose(number);
    this.editor.view.focus();
  }

  // The event before or after, of those that were found.
  private async step(by: number): Promise<void> {
    const numbers = this.rows.map((row) => row.number);
    const at = typeof store.event === "number" ? store.event : -1;
    const index = numbers.indexOf(at);
    const next = index >= 0 ? numbers[index + by] : at + by;
    if (next !== undefined && next >= 0 && next < store.session.events.count) store.choose(next);
    if (this.isList) this.drawList();
  }
}
