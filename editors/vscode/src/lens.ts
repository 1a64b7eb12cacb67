/** Answers above what was stopped. */
import * as vscode from "vscode";
import type { VerdictParams } from "../../../protocol/types";
import { verdictsIn } from "./shown";
import { ANSWER_COMMAND, isFinal } from "./text";

export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #find: (verdict: string) => VerdictParams | undefined;
  readonly #registrations = [
    vscode.languages.registerCodeLensProvider({ scheme: "file" }, this),
    vscode.languages.onDidChangeDiagnostics(() => this.#changed.fire()),
  ];

  constructor(find: (verdict: string) => VerdictParams | undefined) {
    this.#find = find;
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return [...verdictsIn(document.uri)].flatMap(([id, diagnostic]) => {
      const lens = (title: string, command: string): vscode.CodeLens =>
        new vscode.CodeLens(diagnostic.range, { title, command, arguments: [id] });
      const known = this.#find(id);
      const open = known === undefined || !isFinal(known.verdict);
      return [
        lens(vscode.l10n.t("Why?"), "banksman.why"),
        ...(open ? [lens(vscode.l10n.t("Allow once"), ANSWER_COMMAND.once)] : []),
        lens(vscode.l10n.t("Keep blocked"), ANSWER_COMMAND.no),
        ...(known?.action.kind === "edit" ? [lens(vscode.l10n.t("Show the edit"), "banksman.showDiff")] : []),
      ];
    });
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#changed.dispose();
  }
}
