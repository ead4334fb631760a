// The server's questions and answers, as `rulewright.studio.page_api` gives them.

export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface Span extends Place {
  end_line: number;
  end_column: number;
}

export interface Finding extends Span {
  code: string;
  severity: "error" | "warning" | "note";
  message: string;
  help: string[];
}

export interface StudioFile {
  name: string;
  file: string;
  uri: string;
  text: string;
  version: string;
  is_given: boolean;
  kind: "rules" | "tests" | "snapshots" | "included";
}

export interface Session {
  files: StudioFile[];
  may_write: boolean;
  events: { path: string; count: number };
  has_queue: boolean;
}

export type Step = string | number;

export interface Row {
  name: string;
  value?: unknown;
  source: string;
  reason: string | null;
  coerced_from: string | null;
  default_of: string | null;
  event_places: Step[][];
  place: Place | null;
}

export interface Reading {
  text: string;
  kind: string;
  value: unknown;
  meant: string | null;
  failed: string | null;
}

export interface Clause {
  text: string;
  holds: boolean;
  read: Reading[];
  sentence: string;
  help: string | null;
  place: Place;
}

export interface Failure {
  field: string | null;
  code: string;
  message: string;
  place: Place | null;
}

export interface ExplainedRequest {
  method: string;
  url: string;
  parts: { part: string; fields: Row[] }[];
}

export interface ExplainedMapping {
  name: string;
  action: string;
  matched: boolean;
  clause: Clause;
  requests: ExplainedRequest[];
  left_out: Row[];
  not_sent: Row[];
  refused: Row[];
  failures: Failure[];
  warnings: { field: string; code: string; message: string }[];
}

export interface ExplainedFilter {
  kind: string;
  text: string;
  clause: Clause | null;
  place: Place;
}

export interface ClauseMark extends Span {
  mapping: string | null;
  state: "true" | "false" | "unreached";
}

export interface MappingPlace {
  mapping: string;
  action: string;
  file: string;
  line: number;
  end_line: number;
  defaults_line: number | null;
}

export interface Evaluation {
  text: string;
  dropped_by: ExplainedFilter | null;
  opted_out: string | null;
  filters: ExplainedFilter[];
  mappings: ExplainedMapping[];
  disabled: string[];
  clauses: ClauseMark[];
  places: MappingPlace[];
}

export interface NotAnEvent {
  text: string;
  problem: string;
}

export type End = "sent" | "failed" | "dropped" | "nothing" | "unread";

export interface Counts {
  done: number;
  of: number;
  mappings: Record<string, { taken: number; failed: number }>;
  ends: Partial<Record<End, number>>;
}

export interface EventRow {
  number: number;
  type: string;
  name: string;
  user: string;
  end: End | null;
  matched: string[];
}

export interface WithFindings {
  findings: Finding[];
}

export type Answer<Kind> = Kind | WithFindings;

export function hasFindings<Kind extends object>(answer: Answer<Kind>): answer is WithFindings {
  return "findings" in answer;
}

export class Refused extends Error {}

export async function ask<Kind>(name: string, question: object = {}): Promise<Kind> {
  let response: Response;
  try {
    response = await fetch(`api/${name}`, { method: "POST", body: JSON.stringify(question) });
  } catch {
    throw new Refused("The studio does not answer: start `rulewright studio` again.");
  }
  const answer = await response.json().catch(() => ({ error: `the answer cannot be read (${response.status})` }));
  if (!response.ok) throw new Refused(answer.error);
  return answer as Kind;
}
