/** The state of the open file, beside its language. */
import * as vscode from "vscode";
import type { Mode } from "../../../protocol/types";

export class FileStatus implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem("banksman.file", { scheme: "file" });
  readonly #registrations = [
    vscode.window.onDidChangeActiveTextEditor(() => this.refresh()),
    vscode.languages.onDidChangeDiagnostics(() => this.refresh()),
  ];
  #mode: Mode | undefined;
  #running = false;

  constructor() {
    this.#item.name = "Banksman";
  }

  draw(running: boolean, mode: Mode | undefined): void {
    this.#running = running;
    this.#mode = mode;
    this.refresh();
  }

  refresh(): void {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const shown = uri ? vscode.languages.getDiagnostics(uri).filter((one) => one.source === "banksman").length : 0;
    const item = this.#item;
    if (!this.#running) {
      item.text = vscode.l10n.t("Banksman is off");
      item.severity = vscode.LanguageStatusSeverity.Error;
      item.command = { command: "banksman.restart", title: vscode.l10n.t("Start it") };
      item.detail = vscode.l10n.t("Nothing can be allowed from here");
      return;
    }
    item.text = vscode.l10n.t("Banksman: {0}", this.#mode ?? "…");
    item.severity = shown > 0 ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
    item.detail = shown > 0 ? vscode.l10n.t("{0} to look at in this file", shown) : vscode.l10n.t("nothing to look at in this file");
    item.command = { command: "banksman.setMode", title: vscode.l10n.t("Change the mode") };
  }

  dispose(): void {
    for (const part of [this.#item, ...this.#registrations]) part.dispose();
  }
}
