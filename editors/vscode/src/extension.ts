/** Starts the guard and wires its commands. */
import * as vscode from "vscode";
import type { Action } from "../../../protocol/types";
import { verdictOf } from "./decisions";
import { VSCODE } from "./gates";
import { Guard } from "./guard";
import { BECAUSE_COMMAND } from "./text";

let guard: Guard | undefined;

/** What other extensions get from `extensions.getExtension("banksman.banksman").activate()`. */
export interface Api {
  /**
   * Reviews an action before it is done. Only true means go: an error and no server mean no.
   * `workspace` is the folder that the session works in; the first of the window when absent.
   */
  review(session: string, action: Action, workspace?: string): Promise<boolean>;
  /** Passes on what the person said to the agent. Only these words can allow anything. */
  prompt(session: string, text: string): Promise<void>;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
  const now = new Guard(context.extensionPath, Date.now());
  guard = now;
  const command = (name: string, run: (argument: unknown) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(name, run);
  const onVerdict = (run: (id: string) => unknown) => (argument: unknown) => {
    const id = verdictOf(argument);
    return id === undefined ? undefined : run(id);
  };
  context.subscriptions.push(
    now,
    command("banksman.setMode", () => now.chooseMode()),
    command("banksman.showDecisions", () => vscode.commands.executeCommand("banksman.decisions.focus")),
    command("banksman.answer", () => now.chooseAnswer()),
    command("banksman.filter", () => now.chooseFilter()),
    command("banksman.clearHistory", () => now.clearHistory()),
    command("banksman.export", () => now.export()),
    command("banksman.trust", () => now.trust()),
    command("banksman.installGate", () => now.gates.install()),
    command("banksman.installHook", () => now.gates.install(VSCODE)),
    command("banksman.checkGates", () => now.gates.check()),
    command("banksman.reveal", onVerdict((id) => now.reveal(id))),
    command("banksman.showRule", (rule) => (typeof rule === "string" ? now.showRule(rule) : undefined)),
    command("banksman.restart", () => now.restart()),
    command("banksman.showLog", () => now.showLog()),
    command("banksman.openSettings", openSettings),
    command("banksman.showDiff", onVerdict((id) => now.showDiff(id))),
    command(BECAUSE_COMMAND, onVerdict((id) => now.denyBecause(id))),
    command("banksman.allowInSession", onVerdict((id) => now.resolve(id, "session"))),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("banksman.path")) void now.restart();
    }),
  );
  // A server that does not start is told; the extension is there all the same.
  await now.start();
  return {
    review: (session, action, workspace) => now.review(session, action, workspace),
    prompt: (session, text) => now.prompt(session, text),
  };
}

/** Opens the settings that count where the extension runs: those of the remote machine, when there is one. */
function openSettings(argument: unknown): Thenable<unknown> {
  const query = typeof argument === "string" ? argument : "@ext:banksman.banksman";
  const remote = vscode.env.remoteName !== undefined;
  return vscode.commands.executeCommand(remote ? "workbench.action.openRemoteSettings" : "workbench.action.openSettings", { query });
}

export async function deactivate(): Promise<void> {
  await guard?.stop();
}
