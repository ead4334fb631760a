// The page: asks what the studio has, and puts its parts together.

import { acceptWhatCame } from "./accept_dialog";
import { ask, hasFindings, type Answer, type Session } from "./api";
import { coveragePane, uncoveredLines, type Coverage } from "./coverage_pane";
import { command, eventOptions } from "./command";
import { dataPane, type Lineage } from "./data_pane";
import { importSegment, nameOf, saveAsTest, share } from "./dialogs";
import { Disk } from "./disk";
import { DeliveryPane } from "./delivery_pane";
import { h } from "./dom";
import { EventPanel } from "./event_panel";
import { flowPane, type Flow } from "./flow_pane";
import { Header, showError } from "./header";
import { links } from "./links";
import { Panes } from "./panes";
import { requestsPane } from "./requests_pane";
import { RulesEditor } from "./rules_editor";
import { saveAll } from "./saving";
import { sharedIn } from "./share";
import { store } from "./store";
import { testsPane, type Tests } from "./tests_pane";
import { whyPane, type Edit, type Suggestion } from "./why_pane";
import { Asked } from "./work_panes";

const GONE = "The studio does not answer: its program was stopped. What you have changed is still on this page; start `rulewright studio` again, open its new address, and copy it there.";
const EXAMPLE = '{\n  "type": "track",\n  "event": "Example",\n  "userId": "user-1"\n}';

async function start(): Promise<void> {
  store.session = await ask<Session>("session");
  const editor = new RulesEditor(() => void save(), (isThere) => showError(isThere ? "" : GONE));
  const disk = new Disk((name, text) => editor.setText(name, text));
  const goTo = (file: string, line: number) => editor.goTo(file, line);
  const testsFile = store.session.files.find((file) => file.kind === "tests")!;
  let fresh = ""; // the name of the test that was saved last

  const tests = new Asked<Tests>("tests", (answer) => testsPane(answer, { goTo, again: runTests, accept }, fresh), goTo);
  const coverage = new Asked<Coverage>(
    "coverage",
    (answer) => {
      editor.showUncovered(uncoveredLines(answer));
      return coveragePane(answer, goTo, () => void writeTests());
    },
    goTo,
  );
  const flow = new Asked<Flow>("flow", (answer) => flowPane(answer, (filter) => events.only(filter)), goTo);
  const delivery = new DeliveryPane(openEvent, goTo);
  const lineage = new Asked<Lineage>("lineage", (answer) => dataPane(answer, goTo), goTo);

  const panes: Panes = new Panes([
    { name: "requests", label: "Requests", draw: () => withCommand(requestsPane(goTo, () => panes.open("why"))) },
    { name: "why", label: "Why", draw: () => withCommand(whyPane(goTo, apply)) },
    { name: "tests", label: "Tests", draw: () => h("div", {}, tests.pane(), command("test")) },
    { name: "coverage", label: "Coverage", draw: () => h("div", {}, coverage.pane(), command("test", "--coverage")) },
    { name: "flow", label: "Flow", draw: () => flow.pane() },
    { name: "data", label: "Data", draw: () => h("div", {}, lineage.pane(), command("lineage")) },
    ...(store.session.has_queue ? [{ name: "delivery", label: "Delivery", draw: () => delivery.pane() }] : []),
  ]);
  const events = new EventPanel(() => void saveAsTest(addTest));
  const header = new Header(editor, {
    "Run tests": { title: "Run every test of these rules", run: runTests },
    "Change here": { title: "What can be done at the cursor (Ctrl-.)", run: () => void editor.changeAtCursor() },
    "Import": {
      title: "Translate the mappings of Segment, as JSON, to rules",
      run: () => importSegment((text) => editor.append(store.session.files[0]!.name, text)),
    },
    "Share": { title: "A text that opens these rules in another studio", run: () => void share() },
  }, () => void save());

  links.onLight((lit) => {
    const ids = new Set([...lit].map((link) => link.id));
    for (const row of document.querySelectorAll<HTMLElement>("tr[data-id]")) row.classList.toggle("lit", ids.has(row.dataset.id!));
  });
  store.on("evaluation", () => panes.refresh("requests", "why"));
  store.on("survey", () => {
    flow.forget();
    if (store.counts && store.counts.done === store.counts.of) panes.refresh("flow");
  });
  store.on("evaluation", () => header.draw());
  store.on("texts", () => header.draw());
  store.on("error", () => showError(store.error));
  addEventListener("beforeunload", (event) => {
    if (!store.isSaved && store.session.may_write) event.preventDefault();
  });
  addEventListener("hashchange", () => void takeShared());
  await takeShared();
  header.draw();
  store.choose(store.session.events.count && typeof store.event === "number" ? store.event : store.eventText || EXAMPLE);
  if (typeof store.event === "string") store.tell("event");

  function withCommand(pane: Node): Node {
    const options = eventOptions();
    return options ? h("div", {}, pane, command("explain", ...options)) : pane;
  }

  async function writeTests(): Promise<void> {
    const answer = await ask<Answer<{ text: string; sentence: string }>>("missing_tests", store.question());
    if (hasFindings(answer)) return;
    if (answer.text) editor.append(testsFile.name, answer.text);
    runTests();
    editor.goTo(testsFile.file, Infinity);
  }

  function openEvent(text: string): void {
    store.choose(text);
    events.showText(text);
    panes.open("why");
  }

  function runTests(): void {
    tests.forget();
    if (panes.shown === "tests") panes.refresh("tests");
    else panes.open("tests");
  }

  function addTest(test: { text: string }): void {
    fresh = nameOf(test.text);
    editor.append(testsFile.name, test.text);
    runTests();
  }

  function accept(test: string): void {
    void acceptWhatCame(test, (edits) => {
      fresh = test;
      make(edits);
      runTests();
    });
  }

  function apply(suggestion: Suggestion): void {
    make(suggestion.edits);
  }

  function make(all: Edit[]): void {
    for (const file of store.session.files) {
      const edits = all.filter((edit) => edit.file === file.file);
      if (edits.length) editor.apply(file.name, edits);
    }
  }

  async function save(): Promise<void> {
    showError(await saveAll(() => disk.look()));
    header.draw();
  }

  // Rules that came in the address take the place of those on the page; nothing is saved by that.
  async function takeShared(): Promise<void> {
    const shared = await sharedIn(location.hash).catch(() => showError("The rules in the address cannot be read."));
    if (!shared) return;
    for (const file of store.session.files.filter((file) => file.is_given)) {
      const text = shared.texts[file.name];
      if (text !== undefined) editor.setText(file.name, text);
    }
    history.replaceState(null, "", "#requests");
    if (shared.event !== null) {
      store.choose(shared.event);
      store.tell("event");
    }
  }
}

start().catch((error: unknown) => showError(error instanceof Error ? error.message : String(error)));
