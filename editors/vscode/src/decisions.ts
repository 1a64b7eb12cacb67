/** The view of decisions: what waits, then sessions with what was decided in them. */
import * as vscode from "vscode";
import type { Decision } from "../../../protocol/types";
import type { Entry, Filter, History } from "./history";
import type { Question, Questions } from "./questions";
import { describe, isFinal, oneLine, timeLeft } from "./text";

export type Node =
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "session"; readonly session: string }
  | { readonly kind: "decision"; readonly entry: Entry };

const ICON = {
  allow: new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed")),
  ask: new vscode.ThemeIcon("question", new vscode.ThemeColor("problemsWarningIcon.foreground")),
  block: new vscode.ThemeIcon("error", new vscode.ThemeColor("problemsErrorIcon.foreground")),
};

export class Decisions implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #history: History;
  readonly #questions: Questions;
  readonly #view: vscode.TreeView<Node>;
  readonly #now: () => void;
  #filter: Filter = "all";
  #containing = "";
  #clock: NodeJS.Timeout | undefined;
  /** The rows of what waits, as the view knows them. */
  #waiting: Node[] = [];

  /** `now` is called each second while something waits. */
  constructor(history: History, questions: Questions, now: () => void) {
    this.#now = now;
    this.#history = history;
    this.#questions = questions;
    this.#view = vscode.window.createTreeView("banksman.decisions", { treeDataProvider: this });
  }

  /** Shows what is now. While a question waits, its time runs. */
  refresh(): void {
    const waiting = this.#questions.all().length;
    this.#view.badge =
      waiting > 0 ? { value: waiting, tooltip: vscode.l10n.t("{0} waiting for an answer", waiting) } : undefined;
    this.#view.description = this.#told();
    if (waiting > 0 && !this.#clock) {
      this.#clock = setInterval(() => {
        // Only their rows, and seldom: a row that is drawn anew takes its buttons from under the hand.
        for (const node of this.#waiting) if (node.kind === "question" && tells(node.question.due - Date.now())) this.#changed.fire(node);
        this.#now();
      }, 1000);
    }
    if (waiting === 0 && this.#clock) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
    this.#changed.fire(undefined);
  }

  /** Lets the person choose what is to be seen. */
  async chooseFilter(): Promise<void> {
    type Item = vscode.QuickPickItem & { readonly filter?: Filter };
    const items: Item[] = [
      { label: vscode.l10n.t("All"), filter: "all" },
      { label: vscode.l10n.t("What was asked or blocked"), filter: "stopped" },
      { label: vscode.l10n.t("What was blocked"), filter: "blocked" },
      { label: vscode.l10n.t("What contains certain words…") },
    ];
    const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("Which decisions should be shown?") });
    if (!chosen) return;
    if (chosen.filter === undefined) {
      const prompt = vscode.l10n.t("Part of a command, a path, a reason or a rule. Leave it empty to show all.");
      const words = await vscode.window.showInputBox({ prompt, value: this.#containing });
      if (words === undefined) return;
      this.#containing = words.trim();
    } else {
      this.#filter = chosen.filter;
      if (chosen.filter === "all") this.#containing = "";
    }
    this.refresh();
  }

  #told(): string {
    const filters: Record<Filter, string> = {
      all: "",
      stopped: vscode.l10n.t("what was asked or blocked"),
      blocked: vscode.l10n.t("what was blocked"),
    };
    return [filters[this.#filter], this.#containing && `“${oneLine(this.#containing, 30)}”`].filter(Boolean).join(" · ");
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      this.#waiting = this.#questions.all().map((question): Node => ({ kind: "question", question }));
      return [
        ...this.#waiting,
        ...this.#history.sessions().map((session): Node => ({ kind: "session", session })),
      ];
    }
    if (node.kind !== "session") return [];
    return this.#history
      .of(node.session, this.#filter, this.#containing)
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
    item.description = vscode.l10n.t("no in {0}", left);
    item.iconPath = new vscode.ThemeIcon("bell-dot", new vscode.ThemeColor("problemsWarningIcon.foreground"));
    item.command = { command: "banksman.why", title: vscode.l10n.t("Why?"), arguments: [params.verdict.id] };
    item.contextValue = `decision waiting shown stopped${params.action.kind === "edit" ? " edit" : ""}`;
    item.tooltip = oneLine(params.verdict.summary);
    item.accessibilityInformation = {
      label: vscode.l10n.t("Waiting for your answer, {0} left: {1}", left, describe(params.action)),
    };
    return item;
  }

  #session(session: string): vscode.TreeItem {
    const name = sessionName(session);
    const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
    item.tooltip = oneLine(session);
    const { allow, ask, block } = this.#history.counts(session);
    item.id = `session:${session}`;
    item.description = vscode.l10n.t("{0} allowed, {1} asked, {2} blocked", allow, ask, block);
    item.iconPath = new vscode.ThemeIcon("comment-discussion");
    item.accessibilityInformation = { label: `${name}: ${item.description}` };
    return item;
  }

  #decision({ action, verdict, at }: Entry): vscode.TreeItem {
    const item = new vscode.TreeItem(describe(action));
    const rules = verdict.findings.filter((finding) => !finding.clearedBy).map((finding) => finding.rule);
    item.id = `decision:${verdict.id}`;
    item.description = [...new Set(rules)].join(", ");
    item.iconPath = ICON[verdict.decision];
    const stopped = verdict.decision === "allow" ? "" : isFinal(verdict) ? " shown" : " shown stopped";
    const placed = "path" in action || verdict.findings.some((finding) => finding.place) ? " placed" : "";
    item.contextValue = `decision${stopped}${placed}${action.kind === "edit" ? " edit" : ""}`;
    item.tooltip = `${at.toLocaleTimeString()} ${told(verdict.decision)}\n${describe(action, 1000)}\n${oneLine(verdict.summary)}`;
    item.accessibilityInformation = {
      label: `${told(verdict.decision)}: ${describe(action)}. ${oneLine(verdict.summary)}`,
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

/** A row tells this time that is left: each of the last ten seconds, before them every fifth. */
function tells(left: number): boolean {
  return left <= 10_000 || Math.ceil(left / 1000) % 5 === 0;
}

/** A decision in a word, for whoever does not see its sign. */
function told(decision: Decision): string {
  switch (decision) {
    case "allow":
      return vscode.l10n.t("allowed");
    case "ask":
      return vscode.l10n.t("asked");
    case "block":
      return vscode.l10n.t("blocked");
  }
}

/** Sessions are named by their clients, most by long identifiers that say nothing. */
function sessionName(session: string): string {
  const identifier = /^(.*?)([0-9a-f]{8})-[0-9a-f-]{20,}$/i.exec(session);
  return identifier ? vscode.l10n.t("Session {0}", `${identifier[1]}${identifier[2]}`) : oneLine(session, 60);
}
