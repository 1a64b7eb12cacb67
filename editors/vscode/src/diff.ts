/** Pages that are in no file: why something was decided, and how an edit would leave a file. */
import { basename, isAbsolute } from "node:path";
import * as vscode from "vscode";
import type { Action } from "../../../protocol/types";
import { edited } from "./text";

const SCHEME = "banksman";

/** The most pages that are kept. */
const MOST = 50;

export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #pages = new Map<string, string>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#pages.get(uri.path) ?? "";
  }

  async showWhy(id: string, page: string): Promise<void> {
    const uri = this.#keep(`/why/${id}.md`, page);
    await vscode.window.showTextDocument(uri, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  }

  /** Shows how an edit would leave its file. */
  async showEdit(id: string, action: Action): Promise<void> {
    if (action.kind !== "edit") return;
    const file = locate(action.path);
    const before = file === undefined ? "" : await read(file);
    const now = this.#keep(`/edit/${id}/${basename(action.path)}`, edited(before, action.old, action.new));
    const left = file && before !== "" ? file : this.#keep(`/nothing/${id}/${basename(action.path)}`, "");
    const title = vscode.l10n.t("{0}: what the agent wants", basename(action.path));
    await vscode.commands.executeCommand("vscode.diff", left, now, title, { preview: true });
  }

  #keep(path: string, page: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path });
    this.#pages.delete(path);
    this.#pages.set(path, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= MOST) break;
      this.#pages.delete(oldest);
    }
    this.#changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

function locate(path: string): vscode.Uri | undefined {
  if (isAbsolute(path)) return vscode.Uri.file(path);
  const folder = vscode.workspace.workspaceFolders?.[0];
  return folder && vscode.Uri.joinPath(folder.uri, path);
}

async function read(file: vscode.Uri): Promise<string> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return "";
  }
}
