/** Words for people. What comes from an agent is made harmless before it is shown. */
import type { Action, Answer, Verdict } from "../../../protocol/types";

/** Characters that are not seen, or that turn the text around. */
const UNSEEN = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0e\ufeff\u{e0000}-\u{e01ef}]/gu;

/** A text with everything in it that is not seen made visible. Lines stay. */
export function visible(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, " ")
      .replace(UNSEEN, (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`)
  );
}

/** A text in one line, at most `width` characters, with nothing in it that is not seen. */
export function oneLine(text: string, width = 300): string {
  const shown = visible(text.replace(/[\r\n]+/g, " ⏎ ").replace(/\t/g, " "));
  const characters = [...shown];
  return characters.length > width ? `${characters.slice(0, width - 1).join("")}…` : shown;
}

/** A text for a notification, where VS Code would make a link of `[words](command:…)`. */
export function unlinked(text: string): string {
  return text.replace(/\](?=\()/g, "] ");
}

/** The folders of the window, and the person's home: paths in them are shown short. */
export const around: { folders: readonly string[]; home: string } = { folders: [], home: "" };

/** A path as the person knows it: below its folder when there is one only, else below the folder's name or home. */
export function near(path: string, { folders, home } = around): string {
  const below = (folder: string): string | undefined =>
    folder !== "" && /^[/\\]/.test(path.slice(folder.length)) && path.startsWith(folder) ? path.slice(folder.length + 1) : undefined;
  for (const folder of [...folders].sort((a, b) => b.length - a.length)) {
    const rest = below(folder);
    if (rest !== undefined) return folders.length === 1 ? rest : `${folder.split(/[/\\]/).at(-1)}/${rest}`;
  }
  const rest = below(home);
  return rest === undefined ? path : `~/${rest}`;
}

/** What agents want, in words: each takes what it is done with. */
export interface Deeds {
  readonly command: (line: string) => string;
  readonly edit: (path: string) => string;
  readonly delete: (path: string) => string;
  readonly read: (path: string) => string;
  readonly fetch: (url: string) => string;
  /** A fetch that is more than a look. */
  readonly request: (method: string, url: string) => string;
  readonly tool: (tool: string, server: string) => string;
  readonly delegate: (prompt: string) => string;
}

/** The words in use; the extension puts those of the person's language here. */
export const spoken: { deeds: Deeds } = {
  deeds: {
    command: (line) => `run ${line}`,
    edit: (path) => `edit ${path}`,
    delete: (path) => `delete ${path}`,
    read: (path) => `read ${path}`,
    fetch: (url) => `fetch ${url}`,
    request: (method, url) => `send a ${method} request to ${url}`,
    tool: (tool, server) => `call ${tool} of ${server}`,
    delegate: (prompt) => `hand on ${prompt}`,
  },
};

/** What the agent wants; `shown` makes what comes from the agent fit to be seen. */
function said(action: Action, shown: (text: string) => string): string {
  const { deeds } = spoken;
  switch (action.kind) {
    case "command":
      return deeds.command(shown(action.command));
    case "edit":
    case "delete":
    case "read":
      return deeds[action.kind](shown(near(action.path)));
    case "fetch":
      return /^get$/i.test(action.method) ? deeds.fetch(shown(action.url)) : deeds.request(unlinked(oneLine(action.method, 20)), shown(action.url));
    case "tool":
      return deeds.tool(shown(action.tool), shown(action.server));
    case "delegate":
      return deeds.delegate(shown(action.prompt));
  }
}

/** What the agent wants, in one line. */
export function describe(action: Action, width = 200): string {
  return said(action, (text) => oneLine(text, width));
}

/** What the agent wants, for a sentence in a notification. */
export function tell(action: Action, width = 120): string {
  return said(action, (text) => `\`${unlinked(oneLine(text, width))}\``);
}

/** The command that gives each answer. */
export const ANSWER_COMMAND: Readonly<Record<Answer, string>> = {
  once: "banksman.allowOnce",
  session: "banksman.allowInSession",
  workspace: "banksman.allowInWorkspace",
  no: "banksman.keepBlocked",
};

/** The command that says no and asks for words for the agent. */
export const BECAUSE_COMMAND = "banksman.denyBecause";

/** A time that is left, as `1:05`. */
export function timeLeft(millis: number): string {
  const seconds = Math.max(0, Math.ceil(millis / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A file as an edit would leave it; without a place for the edit, the new text alone. */
export function edited(before: string, old: string | null, now: string): string {
  if (old === null || old === "") return now;
  const at = before.indexOf(old);
  return at < 0 ? now : before.slice(0, at) + now + before.slice(at + old.length);
}

/** What is new in a new text: its first line that the old one does not have, cut at `width` characters. */
export function ghostly(old: string, now: string, width: number): string {
  const known = new Set(old.split(/\r?\n/));
  const lines = now.split(/\r?\n/);
  const fresh = lines.filter((line) => line.trim() !== "" && !known.has(line));
  const first = (fresh[0] ?? "").trim();
  return oneLine(fresh.length > 1 ? `${oneLine(first, width - 2)} …` : first, width);
}

/** No answer of a person allows it; the server would say so. */
export function isFinal(verdict: Pick<Verdict, "findings">): boolean {
  return verdict.findings.some((finding) => finding.hard && finding.decision === "block");
}
