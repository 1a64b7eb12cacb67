/** Gates of agents outside VS Code: set up, taken away and proven by the program itself. */
import * as vscode from "vscode";
import { CLIENTS } from "./clients";
import type { Pages } from "./diff";
import { run } from "./program";

/** How VS Code's own agent is gated without `chatPlugins`. */
export const VSCODE = "vscode";

export class Gates {
  readonly #program: () => string | undefined;
  readonly #pages: Pages;

  constructor(program: () => string | undefined, pages: Pages) {
    this.#program = program;
    this.#pages = pages;
  }

  /** Shows what would change in the client's settings, and changes it when the person wants it. */
  async install(named?: string): Promise<void> {
    const program = this.#known();
    if (program === undefined) return;
    const client = CLIENTS.find(([name]) => name === named) ?? (await chooseClient(vscode.l10n.t("Which agent should be gated?")));
    if (!client) return;
    const place = await choosePlace(client[1]);
    if (!place) return;
    const words = ["install", client[0], ...(place.folder ? ["--workspace"] : ["--user"])];
    const shown = await run(program, [...words, "--dry-run"], place.folder);
    if (shown.code !== 0) return void this.#failed(shown.text);
    if (!shown.text.includes("@@")) {
      void vscode.window.showInformationMessage(vscode.l10n.t("{0} is gated already.", client[1]));
      return;
    }
    await this.#pages.showText(`/install/${client[0]}.diff`, shown.text);
    const write = vscode.l10n.t("Write It");
    const told = vscode.l10n.t("Set up the gate of {0}?", client[1]);
    const detail = vscode.l10n.t("The change is shown in the editor. The file as it was is kept beside it.");
    if ((await vscode.window.showInformationMessage(told, { modal: true, detail }, write)) !== write) return;
    const done = await run(program, words, place.folder);
    if (done.code !== 0) return void this.#failed(done.text);
    const check = vscode.l10n.t("Check It");
    const then = done.text.trim().split("\n").at(-1) ?? "";
    const chosen = await vscode.window.showInformationMessage(vscode.l10n.t("{0} is gated. {1}", client[1], then), check);
    if (chosen === check) await this.check(client[0], place.folder);
  }

  /** Proves that the gates that are set up are closed. */
  async check(client?: string, folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath): Promise<void> {
    const program = this.#known();
    if (program === undefined) return;
    const ran = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Checking the gates") },
      () => run(program, ["doctor", ...(client ? [client] : [])], folder),
    );
    if (ran.code !== 0 && ran.code !== 1) return void this.#failed(ran.text);
    const show = vscode.l10n.t("Show the Report");
    const said = ran.text.includes("No gate is set up")
      ? vscode.window.showInformationMessage(vscode.l10n.t("No gate of another agent is set up here."), show)
      : ran.code === 0
        ? vscode.window.showInformationMessage(vscode.l10n.t("All gates that are set up are closed."), show)
        : vscode.window.showErrorMessage(vscode.l10n.t("A gate is open: its agent is not stopped."), show);
    if ((await said) === show) await this.#pages.showText("/doctor.txt", ran.text);
  }

  /** Lets a workspace's `banksman.toml` loosen, once the person has read it. */
  async trust(): Promise<boolean> {
    const program = this.#known();
    const folder = await chooseFolder();
    if (program === undefined || folder === undefined) return false;
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage(vscode.l10n.t("Trust the workspace in VS Code first; until then its banksman.toml only tightens."));
      return false;
    }
    const shown = await run(program, ["trust", "--show", folder], folder);
    if (shown.code !== 0) return this.#failed(shown.text);
    if (!shown.text.includes("sha256")) {
      void vscode.window.showInformationMessage(shown.text.trim());
      return false;
    }
    await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(folder), "banksman.toml"), { preview: true });
    const yes = vscode.l10n.t("Trust It");
    const told = vscode.l10n.t("Trust banksman.toml as it is now?");
    const more = vscode.l10n.t("It may loosen then. After any change it only tightens again.");
    const detail = `${more}\n\n${shown.text.trim()}`;
    if ((await vscode.window.showWarningMessage(told, { modal: true, detail }, yes)) !== yes) return false;
    const done = await run(program, ["trust", "--yes", folder], folder);
    return done.code === 0 ? true : this.#failed(done.text);
  }

  #known(): string | undefined {
    const program = this.#program();
    if (program === undefined) void vscode.window.showErrorMessage(vscode.l10n.t("There is no banksman program to do that."));
    return program;
  }

  #failed(text: string): false {
    void vscode.window.showErrorMessage(vscode.l10n.t("Nothing was changed. {0}", text.trim()));
    return false;
  }
}

async function chooseClient(title: string): Promise<readonly [string, string] | undefined> {
  const items = CLIENTS.map((client) => ({ label: client[1], description: client[0], client }));
  return (await vscode.window.showQuickPick(items, { title }))?.client;
}

async function choosePlace(client: string): Promise<{ folder?: string } | undefined> {
  const items: (vscode.QuickPickItem & { folder?: string })[] = [
    { label: vscode.l10n.t("For all your projects"), description: vscode.l10n.t("in your own settings of {0}", client) },
    ...(vscode.workspace.workspaceFolders ?? []).map((folder) => ({
      label: vscode.l10n.t("For {0}", folder.name),
      description: vscode.l10n.t("in the settings of this project"),
      folder: folder.uri.fsPath,
    })),
  ];
  return vscode.window.showQuickPick(items, { title: vscode.l10n.t("Which projects should the gate be for?") });
}

async function chooseFolder(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const chosen = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  return chosen?.uri.fsPath;
}
