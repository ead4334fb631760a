"use strict";

const assert = require("node:assert");
const test = require("node:test");
const { serverCommand } = require("../extension.js");

test("the server is started by name, over standard input and output", () => {
  assert.deepStrictEqual(serverCommand({}, "/shop"), { command: "rulewright", args: ["lsp", "--stdio"] });
});

test("events are found in the folder of the workspace", () => {
  const found = serverCommand({ command: "/bin/rw", events: "events.jsonl" }, "/shop");
  assert.deepStrictEqual(found, { command: "/bin/rw", args: ["lsp", "--stdio", "--events", "/shop/events.jsonl"] });
  assert.strictEqual(serverCommand({ events: "/e.jsonl" }, "/shop").args.at(-1), "/e.jsonl");
  assert.strictEqual(serverCommand({ events: "e.jsonl" }, undefined).args.at(-1), "e.jsonl");
});
