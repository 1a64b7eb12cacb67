/** Pages that are in no file: reports, rules, and how an edit would leave a file. */
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

  /** Shows a text that cannot be changed. */
  async showText(path: string, text: string): Promise<void> {
    const uri = this.#keep(path, text);
    await vscode.window.showTextDocument(uri, { preview: true });
  }

  /** Shows a page of Banksman's own, drawn. */
  async showPage(path: string, text: string): Promise<void> {
    const uri = this.#keep(path, text);
    await vscode.commands.executeCommand("markdown.showPreview", uri).then(undefined, () => this.showText(path, text));
  }

  /** Shows how an edit would leave its file. */
  async showEdit(id: string, action: Action): Promise<void> {
    if (action.kind !== "edit") return;
    const file = await locate(action.path);
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

/** The file that an agent names; a relative one is looked for in every folder of the workspace. */
export async function locate(path: string): Promise<vscode.Uri | undefined> {
  if (isAbsolute(path)) return vscode.Uri.file(path);
  const candidates = (vscode.workspace.workspaceFolders ?? []).map((folder) => vscode.Uri.joinPath(folder.uri, path));
  for (const candidate of candidates) {
    const there = await vscode.workspace.fs.stat(candidate).then(
      () => true,
      () => false,
    );
    if (there) return candidate;
  }
  return candidates[0];
}

async function read(file: vscode.Uri): Promise<string> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return "";
  }
}
