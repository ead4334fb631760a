"use strict";

const assert = require("node:assert");
const test = require("node:test");
const { pasteJson, serverCommand } = require("../extension.js");

test("the server is started by name, over standard input and output", () => {
  assert.deepStrictEqual(serverCommand({}, "/shop"), { command: "rulewright", args: ["lsp", "--stdio"] });
});

test("events are found in the folder of the workspace", () => {
  const found = serverCommand({ command: "/bin/rw", events: "events.jsonl" }, "/shop");
  assert.deepStrictEqual(found, { command: "/bin/rw", args: ["lsp", "--stdio", "--events", "/shop/events.jsonl"] });
  assert.strictEqual(serverCommand({ events: "/e.jsonl" }, "/shop").args.at(-1), "/e.jsonl");
  assert.strictEqual(serverCommand({ events: "e.jsonl" }, undefined).args.at(-1), "e.jsonl");
});

function fakes(found, chosen) {
  const said = [];
  const document = { languageId: "rulewright", uri: { toString: () => "file:///shop.rules" } };
  const edit = (change) => change({ insert: (place, text) => said.push([place, text]) });
  const vscode = {
    env: { clipboard: { readText: async () => ' {"type": "track"}\n' } },
    window: {
      activeTextEditor: { document, selection: { active: 7 }, edit },
      showErrorMessage: (text) => said.push(text),
      showQuickPick: async (offers) => offers[chosen],
    },
  };
  const client = { sendRequest: async (method, parameters) => (said.push(parameters.arguments[0].json), found) };
  return { said, vscode, client };
}

test("what the clipboard becomes is put at the cursor", async () => {
  const { said, vscode, client } = fakes([{ title: "a", text: "A" }, { title: "b", text: "B" }], 1);
  await pasteJson(vscode, client);
  assert.deepStrictEqual(said, ['{"type": "track"}', [7, "B\n"]]);
});

test("a clipboard without JSON of Segment is said", async () => {
  const { said, vscode, client } = fakes([], 0);
  await pasteJson(vscode, client);
  assert.match(said[1], /holds neither/);
  vscode.window.activeTextEditor = undefined;
  await pasteJson(vscode, client);
  assert.match(said[2], /open a rule file/);
});
