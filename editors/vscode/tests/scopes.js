// Reads texts as a JSON list, and writes the tokens of each: start and end in UTF-16 units, and the scopes that color it.
"use strict";

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const oniguruma = require("vscode-oniguruma");
const { INITIAL, parseRawGrammar, Registry } = require("vscode-textmate");

const GRAMMAR = join(__dirname, "..", "syntaxes", "rulewright.tmLanguage.json");

async function main() {
  await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(readFileSync(GRAMMAR, "utf8"), GRAMMAR),
  });
  const grammar = await registry.loadGrammar("source.rulewright");
  process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map((text) => tokens(grammar, text))));
}

function tokens(grammar, text) {
  const found = [];
  let [stack, offset] = [INITIAL, 0];
  for (const line of text.split("\n")) {
    const result = grammar.tokenizeLine(line, stack);
    for (const one of result.tokens) found.push([offset + one.startIndex, offset + one.endIndex, one.scopes]);
    [stack, offset] = [result.ruleStack, offset + line.length + 1];
  }
  return found;
}

main();
