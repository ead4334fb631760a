// What the page knows, and who is told when it changes.

import { ask, hasFindings, Refused } from "./api";
import type { Answer, Counts, Evaluation, Finding, Session } from "./api";

type Listener = () => void;
export type Topic = "texts" | "evaluation" | "survey" | "event" | "tests" | "error";

const SILENCE = 60; // milliseconds after a keystroke before anything is asked
const LONG_SILENCE = 350; // and before all recorded events are mapped, which compiles all of the rules

export class Store {
  session!: Session;
  texts: Record<string, string> = {};
  saved: Record<string, string> = {};
  event: number | string = 0; // its number, or the text of one that was pasted or edited
  eventText = "";
  evaluation: Evaluation | null = null;
  findings: Finding[] = []; // why there is no newer evaluation
  eventError = "";
  error = "";
  counts: Counts | null = null;
  private listeners = new Map<Topic, Listener[]>();
  private timer = 0;
  private surveyTimer = 0;
  private isAsking = false;
  private round = 0;

  on(topic: Topic, listener: Listener): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener]);
  }

  tell(topic: Topic): void {
    for (const listener of this.listeners.get(topic) ?? []) listener();
  }

  get isSaved(): boolean {
    return Object.entries(this.texts).every(([name, text]) => this.saved[name] === text);
  }

  setText(name: string, text: string): void {
    if (this.texts[name] === text) return;
    this.texts[name] = text;
    this.tell("texts");
    this.askSoon();
  }

  choose(event: number | string): void {
    this.event = event;
    if (typeof event === "string") this.eventText = event;
    this.askSoon();
  }

  question(more: object = {}): object {
    return { texts: this.texts, ...more };
  }

  askSoon(): void {
    this.round += 1;
    clearTimeout(this.timer);
    clearTimeout(this.surveyTimer);
    this.timer = setTimeout(() => void this.evaluate(), SILENCE);
  }

  // One question at a time: what changes meanwhile is asked for when the answer is there.
  private async evaluate(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    let round = -1;
    while (round !== this.round) {
      round = this.round;
      await this.evaluateNow(round);
    }
    this.isAsking = false;
    clearTimeout(this.surveyTimer);
    this.surveyTimer = setTimeout(() => void this.survey(round), this.counts ? LONG_SILENCE : 0);
  }

  private async evaluateNow(round: number): Promise<void> {
    try {
      const answer = await ask<Answer<Evaluation>>("evaluate", this.question({ event: this.event }));
      this.setError("");
      this.eventError = "";
      if (hasFindings(answer)) {
        this.findings = answer.findings;
      } else {
        this.findings = [];
        this.evaluation = answer;
        if (typeof this.event === "number" && this.eventText !== answer.text) {
          this.eventText = answer.text;
          this.tell("event");
        }
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.message.includes("not an event")) this.eventError = error.message;
      else this.setError(error.message);
    }
    if (round === this.round) this.tell("evaluation");
  }

  private async survey(round: number): Promise<void> {
    if (!this.session.events.count || this.findings.length || this.isAsking) return;
    while (round === this.round) {
      const counts = await ask<Answer<Counts>>("survey", this.question()).catch(() => null);
      if (round !== this.round || counts === null || hasFindings(counts)) return;
      this.counts = counts;
      this.tell("survey");
      if (counts.done >= counts.of) return;
    }
  }

  setError(error: string): void {
    if (this.error === error) return;
    this.error = error;
    this.tell("error");
  }
}

export const store = new Store();
