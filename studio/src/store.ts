// What the page knows, and who is told when it changes.

import { ask, hasFindings, Refused } from "./api";
import type { Answer, Counts, Evaluation, Finding, NotAnEvent, Session } from "./api";

type Listener = () => void;
export type Topic = "texts" | "evaluation" | "survey" | "event" | "tests" | "error";

const SILENCE = 60; // milliseconds after a keystroke before anything is asked
const LONG_SILENCE = 350; // and before all recorded events are mapped, where that takes more than one question

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
  isStopped = false; // the person wants no more events mapped, until the rules change
  private listeners = new Map<Topic, Listener[]>();
  private timer = 0;
  private surveyTimer = 0;
  private isAsking = false;
  private isSlow = false;
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
    this.isStopped = false;
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
    this.surveyTimer = setTimeout(() => void this.survey(round), this.isSlow ? LONG_SILENCE : 0);
  }

  stopSurvey(): void {
    this.isStopped = true;
    this.tell("survey");
  }

  resumeSurvey(): void {
    this.isStopped = false;
    void this.survey(this.round);
  }

  private async evaluateNow(round: number): Promise<void> {
    try {
      const answer = await ask<Answer<Evaluation | NotAnEvent>>("evaluate", this.question({ event: this.event }));
      this.setError("");
      this.eventError = "";
      if (hasFindings(answer)) {
        this.findings = answer.findings;
      } else if ("problem" in answer) {
        this.eventError = answer.problem;
        if (typeof this.event === "number") this.evaluation = null; // what is there is about another event
        this.showText(answer.text);
      } else {
        this.findings = [];
        this.evaluation = answer;
        this.showText(answer.text);
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.setError(error.message);
    }
    if (round === this.round) this.tell("evaluation");
  }

  private showText(text: string): void {
    if (typeof this.event !== "number" || this.eventText === text) return;
    this.eventText = text;
    this.tell("event");
  }

  private async survey(round: number): Promise<void> {
    if (!this.session.events.count || this.findings.length || this.isAsking) return;
    for (let step = 0; round === this.round && !this.isStopped; step++) {
      const counts = await ask<Answer<Counts>>("survey", this.question()).catch(() => null);
      if (round !== this.round || counts === null || hasFindings(counts)) return;
      this.counts = counts;
      this.isSlow = step > 0 || counts.done < counts.of;
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
