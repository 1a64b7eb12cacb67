/** Puts questions to the person by notifications. */
import * as vscode from "vscode";
import type { Answer, AskParams } from "../../../protocol/types";
import { oneLine, tell, unlinked } from "./text";

export interface Asker {
  /** Answers the question. False: it was not there any more. */
  answer(id: string, answer: Answer): boolean;
  explain(id: string): void;
  /** The question still waits. */
  waits(id: string): boolean;
}

/** Shows a question until it is answered, or until the person has looked away from it. */
export async function show(params: AskParams, due: number, asker: Asker): Promise<void> {
  const { id, summary } = params.verdict;
  const wanted = tell(params.action, 200);
  const until = new Date(due).toLocaleTimeString();
  const message = vscode.l10n.t(
    "The agent wants to {0}. {1} Allow it? Until {2}; silence means no.",
    wanted,
    unlinked(oneLine(summary)),
    until,
  );
  // Longer words would be cut off.
  const once = vscode.l10n.t("Once");
  const session = vscode.l10n.t("Session");
  const workspace = vscode.l10n.t("Workspace");
  const no = vscode.l10n.t("No");
  const why = vscode.l10n.t("Why?");
  const answers = new Map<string, Answer>([
    [once, "once"],
    [session, "session"],
    [workspace, "workspace"],
    [no, "no"],
  ]);
  while (asker.waits(id)) {
    const chosen = await vscode.window.showWarningMessage(message, once, session, workspace, no, why);
    if (chosen === why) {
      asker.explain(id);
      continue;
    }
    const answer = chosen === undefined ? undefined : answers.get(chosen);
    // Closing the notification leaves the question in the decisions view.
    if (answer === undefined) return;
    if (!asker.answer(id, answer) && answer !== "no") {
      void vscode.window.showWarningMessage(
        vscode.l10n.t("That came too late: the agent was not let to {0}.", wanted),
      );
    }
    return;
  }
}
