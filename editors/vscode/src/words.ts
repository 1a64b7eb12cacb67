/** Words in the person's language, for what knows nothing of VS Code. */
import * as vscode from "vscode";
import type { Missing } from "./binary";
import type { Words } from "./html";
import { oneLine, type Deeds } from "./text";

/** What agents want, for rows and sentences. */
export function deeds(): Deeds {
  return {
    command: (line) => vscode.l10n.t("run {0}", line),
    edit: (path) => vscode.l10n.t("edit {0}", path),
    delete: (path) => vscode.l10n.t("delete {0}", path),
    read: (path) => vscode.l10n.t("read {0}", path),
    fetch: (url) => vscode.l10n.t("fetch {0}", url),
    request: (method, url) => vscode.l10n.t("send a {0} request to {1}", method, url),
    tool: (tool, server) => vscode.l10n.t("call {0} of {1}", tool, server),
    delegate: (prompt) => vscode.l10n.t("hand on {0}", prompt),
  };
}

/** Why there is no program. */
export function missing({ missing: why, setting }: Missing): string {
  const named = oneLine(setting, 200);
  switch (why) {
    case "relative":
      return vscode.l10n.t("The setting banksman.path is not an absolute path: {0}", named);
    case "setting":
      return vscode.l10n.t("The setting banksman.path names no program: {0}", named);
    case "everywhere":
      return vscode.l10n.t("There is no banksman program: neither in the extension nor on the PATH.");
  }
}

/** The words of the page that explains a verdict. */
export function words(): Words {
  return {
    language: vscode.env.language,
    answers: vscode.l10n.t("Your answer"),
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
    because: vscode.l10n.t("No, and say why…"),
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
