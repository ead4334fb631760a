// The language server over a WebSocket, and its findings with their fixes in the editor.

import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import {
  hoverTooltips,
  jumpToDefinitionKeymap,
  formatKeymap,
  LSPClient,
  LSPPlugin,
  renameKeymap,
  serverCompletion,
  signatureHelp,
  type Transport,
} from "@codemirror/lsp-client";
import { keymap, ViewPlugin, type EditorView, type ViewUpdate } from "@codemirror/view";
import { h, sentence } from "./dom";
import type * as lsp from "vscode-languageserver-protocol";

const SILENCE = 30; // milliseconds after a keystroke before the server hears of it
const SEVERITIES = ["error", "error", "warning", "info", "hint"] as const;

export interface RuleDiagnostic extends Diagnostic {
  fix: string; // what its change does, with code between backticks; empty without a change
}

export interface Found {
  uri: string;
  diagnostics: readonly RuleDiagnostic[];
}

export class Language {
  readonly client: LSPClient;
  private socket: WebSocket | null = null;
  private wasLost = false;
  private isLeaving = false;
  private handlers = new Set<(message: string) => void>();

  constructor(
    private readonly onFound: (found: Found) => void,
    private readonly onServer: (isThere: boolean) => void,
  ) {
    const sync = ViewPlugin.fromClass(
      class {
        timer = 0;
        update(update: ViewUpdate) {
          if (!update.docChanged) return;
          clearTimeout(this.timer);
          this.timer = setTimeout(() => LSPPlugin.get(update.view)?.client.sync(), SILENCE);
        }
        destroy() {
          clearTimeout(this.timer);
        }
      },
    );
    this.client = new LSPClient({
      timeout: 20_000,
      sanitizeHTML: sanitized,
      extensions: [
        serverCompletion(),
        hoverTooltips(),
        signatureHelp(),
        keymap.of([...formatKeymap, ...renameKeymap, ...jumpToDefinitionKeymap]),
        sync,
      ],
      notificationHandlers: {
        "textDocument/publishDiagnostics": (_, params: lsp.PublishDiagnosticsParams) => {
          void this.show(params);
          return true;
        },
      },
    });
  }

  connect(): void {
    addEventListener("pagehide", () => (this.isLeaving = true), { once: true });
    const address = new URL("language", location.href);
    address.protocol = "ws:";
    address.hash = "";
    const socket = new WebSocket(address);
    this.socket = socket;
    const early: string[] = []; // messages from before the socket is open
    const transport: Transport = {
      send: (message) => (socket.readyState === WebSocket.CONNECTING ? void early.push(message) : socket.send(message)),
      subscribe: (handler) => this.handlers.add(handler),
      unsubscribe: (handler) => this.handlers.delete(handler),
    };
    socket.addEventListener("message", (event) => {
      for (const handler of this.handlers) handler(event.data as string);
    });
    socket.addEventListener("open", () => {
      for (const message of early.splice(0)) socket.send(message);
      if (!this.wasLost) return;
      this.wasLost = false;
      this.onServer(true);
      this.client.connect(transport);
    });
    // Who types before the socket is open is answered once it is.
    if (!this.wasLost) this.client.connect(transport);
    socket.addEventListener("close", () => {
      if (this.socket !== socket) return;
      this.client.disconnect();
      if (!this.isLeaving) this.onServer(false);
      this.wasLost = true;
      setTimeout(() => this.connect(), 2000);
    });
  }

  // Every safe change of a file at once; whether there was one.
  async fixAll(view: EditorView): Promise<boolean> {
    const plugin = LSPPlugin.get(view);
    if (!plugin) return false;
    await this.client.initializing;
    this.client.sync();
    const actions = await this.actions(plugin, []);
    const all = actions.find((one) => one.kind === "source.fixAll") ?? actions.find((one) => one.kind === "quickfix");
    if (!all) return false;
    make(view, plugin, all);
    return true;
  }

  // What can be done at the selection beside fixes, by its name.
  async changes(view: EditorView): Promise<Map<string, () => void>> {
    const plugin = LSPPlugin.get(view);
    if (!plugin) return new Map();
    await this.client.initializing;
    this.client.sync();
    const { from, to } = view.state.selection.main;
    const actions = await this.actions(plugin, [], { from, to });
    return new Map(actions.filter((one) => one.edit).map((one) => [one.title, () => make(view, plugin, one)]));
  }

  private async show(params: lsp.PublishDiagnosticsParams): Promise<void> {
    const view = this.client.workspace.getFile(params.uri)?.getView();
    const plugin = view && LSPPlugin.get(view);
    if (!view || !plugin) return;
    const actions = await this.actions(plugin, params.diagnostics).catch(() => []);
    const found = params.diagnostics.map((one) => asDiagnostic(view, plugin, one, actions));
    view.dispatch(setDiagnostics(view.state, found));
    this.onFound({ uri: params.uri, diagnostics: found });
  }

  private async actions(plugin: LSPPlugin, diagnostics: lsp.Diagnostic[], at?: { from: number; to: number }): Promise<lsp.CodeAction[]> {
    const doc = plugin.syncedDoc;
    const { from, to } = at ?? { from: 0, to: doc.length };
    const params: lsp.CodeActionParams = {
      textDocument: { uri: plugin.uri },
      range: { start: plugin.toPosition(from, doc), end: plugin.toPosition(to, doc) },
      context: { diagnostics },
    };
    return (await this.client.request<lsp.CodeActionParams, lsp.CodeAction[] | null>("textDocument/codeAction", params)) ?? [];
  }
}

function asDiagnostic(view: EditorView, plugin: LSPPlugin, one: lsp.Diagnostic, actions: lsp.CodeAction[]): RuleDiagnostic {
  const place = (position: lsp.Position) =>
    plugin.unsyncedChanges.mapPos(plugin.fromPosition(position, plugin.syncedDoc));
  const key = JSON.stringify([one.code, one.range]);
  const fix = actions.find(
    (action) =>
      action.kind === "quickfix" && action.diagnostics?.some((of) => JSON.stringify([of.code, of.range]) === key),
  );
  return {
    from: place(one.range.start),
    to: Math.max(place(one.range.start), place(one.range.end)),
    severity: SEVERITIES[one.severity ?? 1] ?? "error",
    source: String(one.code ?? ""),
    message: one.message,
    fix: fix?.title ?? "",
    renderMessage: () => h("span", {}, sentence(one.message)),
    // The editor shows the name as plain text.
    actions: fix ? [{ name: `Fix: ${fix.title}`.replaceAll("`", ""), apply: () => make(view, plugin, fix) }] : [],
  };
}

function make(view: EditorView, plugin: LSPPlugin, action: lsp.CodeAction): void {
  const edits = action.edit?.changes?.[plugin.uri] ?? [];
  view.dispatch({
    changes: edits.map((edit) => ({
      from: plugin.unsyncedChanges.mapPos(plugin.fromPosition(edit.range.start, plugin.syncedDoc)),
      to: plugin.unsyncedChanges.mapPos(plugin.fromPosition(edit.range.end, plugin.syncedDoc)),
      insert: edit.newText,
    })),
    userEvent: "input.fix",
  });
}

// Markdown of the server quotes rules and events, which may hold anything: only a few plain elements stay.
const PLAIN = new Set(["P", "CODE", "PRE", "EM", "STRONG", "UL", "OL", "LI", "BR", "BLOCKQUOTE", "SPAN"]);

export function sanitized(html: string): string {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const element of [...parsed.body.querySelectorAll("*")]) {
    for (const attribute of [...element.attributes]) {
      if (attribute.name !== "class") element.removeAttribute(attribute.name);
    }
    if (!PLAIN.has(element.tagName)) element.replaceWith(element.textContent ?? "");
  }
  return parsed.body.innerHTML;
}
