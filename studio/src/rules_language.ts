// The colors of rules. The server parses; here a line is only painted.

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const ITEMS = new Set(
  "destination settings include source schema drop keep disabled mapping defaults test law given case expect".split(" "),
);
const WORDS = new Set(
  "when use on conflict and or in if for where omit true false null no failure nothing dropped snapshot exactly fold split reject".split(
    " ",
  ),
);

interface State {
  inTemplate: boolean;
  inText: boolean;
}

export const rulesLanguage = StreamLanguage.define<State>({
  name: "rulewright",
  startState: () => ({ inTemplate: false, inText: false }),
  token(stream, state) {
    if (state.inText && !state.inTemplate) return text(stream, state);
    if (stream.eatSpace()) return null;
    if (state.inTemplate && stream.match("}}")) {
      state.inTemplate = false;
      return "brace";
    }
    if (stream.match("#")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match('"')) {
      state.inText = true;
      return text(stream, state);
    }
    if (stream.match(/^-?\d+(\.\d+)?([eE][+-]?\d+)?/)) return "number";
    if (stream.match("->")) return "operator";
    const word = stream.match(/^[$\p{L}_][\p{L}\p{N}_-]*/u) as RegExpMatchArray | null;
    if (word) return nameOf(word[0], stream);
    if (stream.match(/^[=!<>+\-*/]+/)) return "operator";
    stream.next();
    return null;
  },
  tokenTable: { path: tags.variableName, field: tags.propertyName, function: tags.macroName },
  languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
});

type Stream = Parameters<NonNullable<Parameters<typeof StreamLanguage.define>[0]["token"]>>[0];

function text(stream: Stream, state: State): string {
  while (!stream.eol()) {
    if (stream.match("\\")) stream.next();
    else if (stream.match("{{")) {
      state.inTemplate = true;
      return "string";
    } else if (stream.next() === '"') {
      state.inText = false;
      return "string";
    }
  }
  state.inText = false;
  return "string";
}

function nameOf(word: string, stream: Stream): string | null {
  if (stream.string[stream.start - 1] === ".") return "path"; // `context.campaign.source`
  if (ITEMS.has(word)) return "keyword";
  if (stream.match(/^\s*\(/, false)) return WORDS.has(word) ? "keyword" : "function";
  if (WORDS.has(word)) return "keyword";
  return stream.match(/^\s*=(?!=)/, false) && stream.string.slice(0, stream.start).trim() === "" ? "field" : "path";
}

const style = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--code-keyword)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: tags.string, color: "var(--code-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.macroName, color: "var(--code-function)" },
  { tag: tags.propertyName, color: "var(--code-field)" },
  { tag: tags.operator, color: "var(--muted)" },
]);

export const colors = syntaxHighlighting(style);
