/** The view of decisions: what waits, then sessions with what was decided in them. */
import * as vscode from "vscode";
import type { Entry, History } from "./history";
import type { Question, Questions } from "./questions";
import { WORD, describe, oneLine, timeLeft } from "./text";

export type Node =
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "session"; readonly session: string }
  | { readonly kind: "decision"; readonly entry: Entry };

const ICON = {
  allow: new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed")),
  ask: new vscode.ThemeIcon("question", new vscode.ThemeColor("list.warningForeground")),
  block: new vscode.ThemeIcon("error", new vscode.ThemeColor("list.errorForeground")),
};

export class Decisions implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #history: History;
  readonly #questions: Questions;
  readonly #view: vscode.TreeView<Node>;
  #onlyStopped = false;
  #clock: NodeJS.Timeout | undefined;

  constructor(history: History, questions: Questions) {
    this.#history = history;
    this.#questions = questions;
    this.#view = vscode.window.createTreeView("banksman.decisions", { treeDataProvider: this });
  }

  /** Shows what is now. While a question waits, its time runs. */
  refresh(): void {
    const waiting = this.#questions.all().length;
    this.#view.badge =
      waiting > 0 ? { value: waiting, tooltip: vscode.l10n.t("{0} waiting for an answer", waiting) } : undefined;
    this.#view.description = this.#onlyStopped ? vscode.l10n.t("what was stopped") : "";
    if (waiting > 0 && !this.#clock) this.#clock = setInterval(() => this.#changed.fire(), 1000);
    if (waiting === 0 && this.#clock) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
    this.#changed.fire();
  }

  toggleFilter(): void {
    this.#onlyStopped = !this.#onlyStopped;
    this.refresh();
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      return [
        ...this.#questions.all().map((question): Node => ({ kind: "question", question })),
        ...this.#history.sessions().map((session): Node => ({ kind: "session", session })),
      ];
    }
    if (node.kind !== "session") return [];
    return this.#history
      .of(node.session, this.#onlyStopped)
      .map((entry): Node => ({ kind: "decision", entry }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case "question":
        return this.#question(node.question);
      case "session":
        return this.#session(node.session);
      case "decision":
        return this.#decision(node.entry);
    }
  }

  #question({ params, due }: Question): vscode.TreeItem {
    const item = new vscode.TreeItem(describe(params.action));
    const left = timeLeft(due - Date.now());
    item.id = `question:${params.verdict.id}`;
    item.description = vscode.l10n.t("{0} left, then no", left);
    item.iconPath = new vscode.ThemeIcon("bell-dot", new vscode.ThemeColor("list.warningForeground"));
    item.contextValue = `decision waiting stopped${params.action.kind === "edit" ? " edit" : ""}`;
    item.tooltip = oneLine(params.verdict.summary);
    item.accessibilityInformation = {
      label: vscode.l10n.t("Waiting for your answer, {0} left: {1}", left, describe(params.action)),
    };
    return item;
  }

  #session(session: string): vscode.TreeItem {
    const item = new vscode.TreeItem(oneLine(session, 60), vscode.TreeItemCollapsibleState.Expanded);
    const { allow, ask, block } = this.#history.counts(session);
    item.id = `session:${session}`;
    item.description = vscode.l10n.t("{0} allowed, {1} asked, {2} blocked", allow, ask, block);
    item.iconPath = new vscode.ThemeIcon("comment-discussion");
    return item;
  }

  #decision({ action, verdict, at }: Entry): vscode.TreeItem {
    const item = new vscode.TreeItem(describe(action));
    const rules = verdict.findings.filter((finding) => !finding.clearedBy).map((finding) => finding.rule);
    item.id = `decision:${verdict.id}`;
    item.description = [...new Set(rules)].join(", ");
    item.iconPath = ICON[verdict.decision];
    const stopped = verdict.decision === "allow" ? "" : " stopped";
    item.contextValue = `decision${stopped}${action.kind === "edit" ? " edit" : ""}`;
    item.tooltip = `${at.toLocaleTimeString()} ${WORD[verdict.decision]}\n${oneLine(verdict.summary)}`;
    item.accessibilityInformation = {
      label: `${WORD[verdict.decision]}: ${describe(action)}. ${oneLine(verdict.summary)}`,
    };
    item.command = { command: "banksman.why", title: vscode.l10n.t("Why?"), arguments: [verdict.id] };
    return item;
  }

  dispose(): void {
    if (this.#clock) clearInterval(this.#clock);
    this.#view.dispose();
    this.#changed.dispose();
  }
}

/** The verdict that a command is about: its id, or what was chosen in the view. */
export function verdictOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  const node = argument as Partial<Node> | undefined;
  if (node?.kind === "question") return node.question?.params.verdict.id;
  if (node?.kind === "decision") return node.entry?.verdict.id;
  return undefined;
}
