/** Puts questions to the person by notifications. */
import * as vscode from "vscode";
import type { Action, Answer, AskParams } from "../../../protocol/types";
import type { Question } from "./questions";
import { describe, oneLine, tell, timeLeft, unlinked } from "./text";

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
    if (!asker.answer(id, answer) && answer !== "no") tooLate(params.action);
    return;
  }
}

/** An answer, or what leads to one. */
export interface Chosen {
  /** The verdict. */
  readonly id: string;
  readonly answer: Answer | "because" | "why";
}

/** Lets the person choose an answer by the keyboard; first which question, when several wait. */
export async function choose(waiting: readonly Question[]): Promise<Chosen | undefined> {
  const rows = waiting.map((question) => ({
    label: describe(question.params.action),
    description: vscode.l10n.t("no in {0}", timeLeft(question.due - Date.now())),
    detail: oneLine(question.params.verdict.summary),
    question,
  }));
  const row = rows.length > 1 ? await vscode.window.showQuickPick(rows, { title: vscode.l10n.t("Which question?") }) : rows[0];
  if (!row) return undefined;
  // No stands first: a key that was meant for something else must not allow anything.
  const answers: (vscode.QuickPickItem & { readonly answer: Chosen["answer"] })[] = [
    { label: vscode.l10n.t("No"), answer: "no" },
    { label: vscode.l10n.t("No, and say why…"), answer: "because" },
    { label: vscode.l10n.t("Allow once"), answer: "once" },
    { label: vscode.l10n.t("Allow in this session"), answer: "session" },
    { label: vscode.l10n.t("Allow in this workspace"), answer: "workspace" },
    { label: vscode.l10n.t("Why?"), answer: "why" },
  ];
  const title = vscode.l10n.t("The agent wants to {0}", tell(row.question.params.action, 80));
  const chosen = await vscode.window.showQuickPick(answers, { title, placeHolder: row.detail, ignoreFocusOut: true });
  return chosen && { id: row.question.params.verdict.id, answer: chosen.answer };
}

/** An answer did not count any more. */
export function tooLate(wanted: Action | undefined): void {
  const told = wanted
    ? vscode.l10n.t("That came too late: the agent was not allowed to {0}.", tell(wanted))
    : vscode.l10n.t("That came too late.");
  void vscode.window.showWarningMessage(told);
}
