/** The words of the page that explains a verdict, in the person's language. */
import * as vscode from "vscode";
import type { Words } from "./html";

export function words(): Words {
  return {
    decision: {
      allow: vscode.l10n.t("Allowed"),
      ask: vscode.l10n.t("Asked"),
      block: vscode.l10n.t("Blocked"),
    },
    answer: {
      once: vscode.l10n.t("Allow once"),
      session: vscode.l10n.t("Allow in this session"),
      workspace: vscode.l10n.t("Allow in this workspace"),
      no: vscode.l10n.t("Keep blocked"),
    },
    final: vscode.l10n.t("This cannot be allowed from here."),
    showEdit: vscode.l10n.t("Show the edit"),
    reveal: vscode.l10n.t("Show the place"),
    rules: vscode.l10n.t("What the rules say"),
    cleared: vscode.l10n.t("You said"),
    clears: vscode.l10n.t("What clears it"),
    instead: vscode.l10n.t("Instead"),
    where: vscode.l10n.t("Where"),
    effects: vscode.l10n.t("What it would do"),
    certainty: {
      possible: vscode.l10n.t("possible"),
      likely: vscode.l10n.t("likely"),
      certain: vscode.l10n.t("certain"),
    },
    reversibility: {
      harmless: vscode.l10n.t("changes nothing"),
      reversible: vscode.l10n.t("yes"),
      unknown: vscode.l10n.t("not known"),
      irreversible: vscode.l10n.t("no"),
    },
    effect: vscode.l10n.t("Effect"),
    sure: vscode.l10n.t("How sure"),
    undo: vscode.l10n.t("Can be undone"),
    allowed: vscode.l10n.t("What you allowed"),
    forbidden: vscode.l10n.t("What you forbade"),
    turn: (turn) => vscode.l10n.t("turn {0}", turn),
    origins: vscode.l10n.t("Where it comes from"),
    took: (micros) => vscode.l10n.t("Reviewed in {0} ms", (micros / 1000).toFixed(1)),
  };
}
