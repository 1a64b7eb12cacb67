/** What a stopped edit would have changed, as a ghost in the file: the old text struck, the new text beside it. */
import * as vscode from "vscode";
import type { Action } from "../../../protocol/types";
import { verdictsIn } from "./shown";
import { ghostly, oneLine } from "./text";

/** Characters of the new text that are shown beside the old; the diff shows all. */
const WIDTH = 80;

export class Ghosts implements vscode.Disposable {
  readonly #action: (verdict: string) => Action | undefined;
  readonly #old = vscode.window.createTextEditorDecorationType({
    textDecoration: "line-through",
    backgroundColor: new vscode.ThemeColor("diffEditor.removedTextBackground"),
    border: "1px dotted",
    borderColor: new vscode.ThemeColor("contrastBorder"),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #new = vscode.window.createTextEditorDecorationType({
    after: {
      color: new vscode.ThemeColor("banksman.proposedForeground"),
      backgroundColor: new vscode.ThemeColor("banksman.proposedBackground"),
      fontStyle: "italic",
      margin: "0 0 0 1em",
    },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #registrations: vscode.Disposable[];

  constructor(action: (verdict: string) => Action | undefined) {
    this.#action = action;
    this.#registrations = [
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const changed = new Set(uris.map(String));
        for (const editor of vscode.window.visibleTextEditors) {
          if (changed.has(editor.document.uri.toString())) this.#draw(editor);
        }
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.refresh()),
    ];
  }

  refresh(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#draw(editor);
  }

  #draw(editor: vscode.TextEditor): void {
    // A diff shows it all by itself; its sides stand in no column.
    if (editor.viewColumn === undefined) return;
    const old: vscode.Range[] = [];
    const proposed: vscode.DecorationOptions[] = [];
    for (const [id, diagnostic] of verdictsIn(editor.document.uri)) {
      const action = this.#action(id);
      if (action?.kind !== "edit") continue;
      const range = rangeOf(editor.document, action.old) ?? diagnostic.range;
      if (action.old) old.push(range);
      const shown = ghostly(action.old ?? "", action.new, WIDTH);
      proposed.push({
        range: new vscode.Range(range.end, range.end),
        renderOptions: { after: { contentText: shown === "" ? vscode.l10n.t("→ nothing") : `→ ${oneLine(shown, WIDTH)}` } },
      });
    }
    editor.setDecorations(this.#old, old);
    editor.setDecorations(this.#new, proposed);
  }

  dispose(): void {
    for (const part of [this.#old, this.#new, ...this.#registrations]) part.dispose();
  }
}

/** Where the text that an edit replaces stands now. */
function rangeOf(document: vscode.TextDocument, old: string | null): vscode.Range | undefined {
  if (!old) return undefined;
  const at = document.getText().indexOf(old);
  return at < 0 ? undefined : new vscode.Range(document.positionAt(at), document.positionAt(at + old.length));
}
