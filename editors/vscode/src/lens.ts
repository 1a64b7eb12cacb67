/** Answers above what was stopped. */
import * as vscode from "vscode";

export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #registrations = [
    vscode.languages.registerCodeLensProvider({ scheme: "file" }, this),
    vscode.languages.onDidChangeDiagnostics(() => this.#changed.fire()),
  ];

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const seen = new Set<string>();
    return vscode.languages.getDiagnostics(document.uri).flatMap((diagnostic) => {
      const id = verdictOf(diagnostic);
      if (id === undefined || seen.has(id)) return [];
      seen.add(id);
      const lens = (title: string, command: string): vscode.CodeLens =>
        new vscode.CodeLens(diagnostic.range, { title, command, arguments: [id] });
      return [
        lens(vscode.l10n.t("$(question) Why?"), "banksman.why"),
        lens(vscode.l10n.t("Allow once"), "banksman.allowOnce"),
        lens(vscode.l10n.t("Keep blocked"), "banksman.keepBlocked"),
        lens(vscode.l10n.t("Show the edit"), "banksman.showDiff"),
      ];
    });
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#changed.dispose();
  }
}

/** The verdict that a diagnostic of the server belongs to. */
function verdictOf(diagnostic: vscode.Diagnostic): string | undefined {
  if (diagnostic.source !== "banksman") return undefined;
  const data = (diagnostic as { data?: { verdict?: unknown } }).data;
  return typeof data?.verdict === "string" ? data.verdict : undefined;
}
