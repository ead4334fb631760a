// Starts `rulewright lsp` for rule files, once the workspace is trusted.
"use strict";

const { join, isAbsolute } = require("node:path");

/** The command line of the language server, by the settings and the folder of the workspace. */
function serverCommand(settings, folder) {
  const args = ["lsp", "--stdio"];
  if (settings.events) {
    args.push("--events", isAbsolute(settings.events) || !folder ? settings.events : join(folder, settings.events));
  }
  return { command: settings.command || "rulewright", args };
}

/** Puts what the JSON on the clipboard can become at the cursor: rules of Segment's mappings, a mapping, or a test. */
async function pasteJson(vscode, client) {
  const editor = vscode.window.activeTextEditor;
  if (!client || editor?.document.languageId !== "rulewright") {
    return vscode.window.showErrorMessage("Rulewright: open a rule file first.");
  }
  const json = await vscode.env.clipboard.readText();
  const uri = editor.document.uri.toString();
  const parameters = { command: "rulewright.translateJson", arguments: [{ uri, json: json.trim() }] };
  const found = await client.sendRequest("workspace/executeCommand", parameters);
  if (found.length === 0) {
    return vscode.window.showErrorMessage("Rulewright: the clipboard holds neither an event nor mappings of Segment.");
  }
  const one = found.length === 1 ? found[0] : await vscode.window.showQuickPick(found.map((each) => ({ ...each, label: each.title })));
  return one && editor.edit((edit) => edit.insert(editor.selection.active, `${one.text}\n`));
}

let client;

async function activate(context) {
  const vscode = require("vscode");
  const { LanguageClient } = require("vscode-languageclient/node");

  async function start() {
    if (client) {
      await client.stop();
    }
    const settings = vscode.workspace.getConfiguration("rulewright");
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const server = serverCommand({ command: settings.get("command"), events: settings.get("events") }, folder);
    client = new LanguageClient("rulewright", "Rulewright", server, {
      documentSelector: [{ language: "rulewright" }],
    });
    try {
      await client.start();
    } catch {
      vscode.window.showErrorMessage(
        `Rulewright: \`${server.command}\` cannot be started. Install it with: pip install 'rulewright[lsp]'`,
      );
    }
  }

  context.subscriptions.push(
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("rulewright") && start()),
    vscode.workspace.onDidGrantWorkspaceTrust(start),
    vscode.commands.registerCommand("rulewright.pasteJson", () => pasteJson(vscode, client)),
  );
  if (vscode.workspace.isTrusted) {
    await start();
  }
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate, pasteJson, serverCommand };
