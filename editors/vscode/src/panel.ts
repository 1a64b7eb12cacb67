/** The panel that tells why something was decided. It runs no scripts and loads nothing. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Explanation } from "../../../protocol/types";
import { COMMANDS, html } from "./html";
import { describe } from "./text";
import { words } from "./words";

export class Panel implements vscode.Disposable {
  #panel: vscode.WebviewPanel | undefined;
  #shown: string | undefined;

  /** The verdict that is shown. */
  get shown(): string | undefined {
    return this.#shown;
  }

  show(explanation: Explanation): void {
    const panel = this.#panel ?? this.#open();
    this.#shown = explanation.verdict.id;
    panel.title = vscode.l10n.t("Why: {0}", describe(explanation.action, 40));
    panel.webview.html = html(explanation, words(), randomBytes(16).toString("base64"));
    panel.reveal(undefined, false);
  }

  /** Shows what became of the verdict that is shown. */
  update(explanation: Explanation): void {
    if (this.#panel && this.#shown === explanation.verdict.id) {
      this.#panel.webview.html = html(explanation, words(), randomBytes(16).toString("base64"));
    }
  }

  #open(): vscode.WebviewPanel {
    // Beside what is open; without anything open that would leave an empty half.
    const busy = vscode.window.tabGroups.activeTabGroup.activeTab !== undefined;
    const panel = vscode.window.createWebviewPanel(
      "banksman.why",
      "",
      { viewColumn: busy ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active },
      { enableScripts: false, enableCommandUris: COMMANDS, enableFindWidget: true, localResourceRoots: [] },
    );
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#shown = undefined;
    });
    this.#panel = panel;
    return panel;
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}
