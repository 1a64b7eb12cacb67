/** The mode and the counts in the status bar. */
import * as vscode from "vscode";
import type { Mode } from "../../../protocol/types";
import type { Counts } from "./history";
import { timeLeft } from "./text";

export interface State {
  readonly running: boolean;
  readonly mode: Mode | undefined;
  readonly counts: Counts;
  readonly waiting: number;
  /** When the first of them is decided by silence, in milliseconds since 1970. */
  readonly due: number | undefined;
}

/** Every mode with what it means. */
export function modes(): readonly (readonly [Mode, string])[] {
  return [
    ["auto", vscode.l10n.t("Safe work flows, the rest is asked or blocked")],
    ["manual", vscode.l10n.t("Ask for whatever is not read-only")],
    ["strict", vscode.l10n.t("As auto, but whatever would be asked is blocked")],
    ["plan", vscode.l10n.t("Only reading")],
    ["bypass", vscode.l10n.t("Nothing is asked; only what is never allowed is blocked")],
  ];
}

export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("banksman.status", vscode.StatusBarAlignment.Left, 50);

  constructor() {
    this.#item.name = "Banksman";
    this.#item.show();
  }

  draw({ running, mode, counts, waiting, due }: State): void {
    if (!running) {
      this.#item.text = vscode.l10n.t("$(shield) Banksman is off");
      this.#item.tooltip = vscode.l10n.t("The server is not running. Nothing can be allowed from here.");
      this.#item.command = "banksman.restart";
      this.#item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
      this.#item.accessibilityInformation = { label: vscode.l10n.t("Banksman is off, press to start it"), role: "button" };
      return;
    }
    const parts = [`$(shield) ${mode ?? "…"}`, `$(check) ${counts.allow}`];
    if (counts.block > 0) parts.push(`$(circle-slash) ${counts.block}`);
    if (waiting > 0) parts.push(`$(bell-dot) ${waiting}`, timeLeft((due ?? Date.now()) - Date.now()));
    this.#item.text = parts.join(" ");
    const told = vscode.l10n.t(
      "Banksman: mode {0}, {1} allowed, {2} blocked, {3} waiting",
      mode ?? "…",
      counts.allow,
      counts.block,
      waiting,
    );
    this.#item.tooltip = told;
    this.#item.accessibilityInformation = { label: told, role: "button" };
    this.#item.command = waiting > 0 ? "banksman.answer" : "banksman.setMode";
    this.#item.backgroundColor =
      waiting > 0 || mode === "bypass" ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
  }

  dispose(): void {
    this.#item.dispose();
  }
}
