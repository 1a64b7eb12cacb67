/** Words for people. What comes from an agent is made harmless before it is shown. */
import type { Action, Decision, Explanation, Finding } from "../../../protocol/types";

/** Characters that are not seen, or that turn the text around. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/** A text in one line, at most `width` characters, with nothing in it that is not seen. */
export function oneLine(text: string, width = 300): string {
  const shown = text
    .replace(/[\r\n]+/g, " ⏎ ")
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, " ")
    .replace(UNSEEN, (char) => `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`);
  const characters = [...shown];
  return characters.length > width ? `${characters.slice(0, width - 1).join("")}…` : shown;
}

/** What the agent wants, in one line. */
export function describe(action: Action, width = 200): string {
  switch (action.kind) {
    case "command":
      return oneLine(`run ${action.command}`, width);
    case "edit":
    case "delete":
    case "read":
      return oneLine(`${action.kind} ${action.path}`, width);
    case "fetch":
      return oneLine(`${action.method} ${action.url}`, width);
    case "tool":
      return oneLine(`call ${action.tool} of ${action.server}`, width);
    case "delegate":
      return oneLine(`hand on ${action.prompt}`, width);
  }
}

export const WORD: Record<Decision, string> = { allow: "allowed", ask: "asked", block: "blocked" };

/** A time that is left, as `1:05`. */
export function timeLeft(millis: number): string {
  const seconds = Math.max(0, Math.ceil(millis / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Everything a verdict rests on, as a page. */
export function page(explanation: Explanation): string {
  const { verdict, action } = explanation;
  const lines = [`# ${WORD[verdict.decision]}`, "", oneLine(verdict.summary, 1000), "", code(describe(action, 2000))];
  const section = (title: string, items: string[]): void => {
    if (items.length > 0) lines.push("", `## ${title}`, "", ...items);
  };
  section("Findings", explanation.findings.flatMap(finding));
  section(
    "It would",
    explanation.effects.map(
      (effect) => `- ${oneLine(effect.summary, 1000)} (${effect.certainty}, ${effect.reversibility})`,
    ),
  );
  const quotes = (views: Explanation["grants"]): string[] =>
    views.map((view) => `- ${oneLine(view.meaning)}: “${oneLine(view.quote)}” (turn ${view.turn})`);
  section("You allowed", quotes(explanation.grants));
  section("You forbade", quotes(explanation.boundaries));
  section(
    "Where it comes from",
    explanation.provenance.map((seen) => `- ${code(oneLine(seen.what))}: ${oneLine(seen.origin)}`),
  );
  return `${lines.join("\n")}\n`;
}

function finding(finding: Finding): string[] {
  const lines = [`- **${finding.rule}**: ${oneLine(finding.message, 1000)}`];
  if (finding.place) lines.push(`  - Where: ${oneLine(finding.place.path)}:${finding.place.line}`);
  if (finding.clearedBy) {
    lines.push(`  - You said: “${oneLine(finding.clearedBy)}”`);
  } else {
    if (finding.clears) lines.push(`  - What clears it: ${oneLine(finding.clears, 1000)}`);
    if (finding.instead) lines.push(`  - Instead: ${oneLine(finding.instead, 1000)}`);
  }
  return lines;
}

/** Text as code, whatever backticks it holds. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${text} ${fence}` : `${fence}${text}${fence}`;
}

/** A file as an edit would leave it; without a place for the edit, the new text alone. */
export function edited(before: string, old: string | null, now: string): string {
  if (old === null || old === "") return now;
  const at = before.indexOf(old);
  return at < 0 ? now : before.slice(0, at) + now + before.slice(at + old.length);
}
