/** What the server shows in files: its diagnostics, by the verdict that they belong to. */
import * as vscode from "vscode";

/** The verdict that a diagnostic of the server belongs to. */
export function verdictOf(diagnostic: vscode.Diagnostic): string | undefined {
  if (diagnostic.source !== "banksman") return undefined;
  const data = (diagnostic as { data?: { verdict?: unknown } }).data;
  return typeof data?.verdict === "string" ? data.verdict : undefined;
}

/** What is shown in a file, once for each verdict. */
export function verdictsIn(uri: vscode.Uri): Map<string, vscode.Diagnostic> {
  const found = new Map<string, vscode.Diagnostic>();
  for (const diagnostic of vscode.languages.getDiagnostics(uri)) {
    const id = verdictOf(diagnostic);
    if (id !== undefined && !found.has(id)) found.set(id, diagnostic);
  }
  return found;
}

/** Where a verdict is shown. */
export function placeOf(verdict: string): vscode.Location | undefined {
  for (const [uri] of vscode.languages.getDiagnostics()) {
    const diagnostic = verdictsIn(uri).get(verdict);
    if (diagnostic) return new vscode.Location(uri, diagnostic.range);
  }
  return undefined;
}
