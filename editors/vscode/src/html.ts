/** The page that tells why something was decided, for a view without scripts. */
import { Buffer } from "node:buffer";
import type { Action, Answer, Decision, EffectView, Explanation, Finding, Span } from "../../../protocol/types";
import { ANSWER_COMMAND, BECAUSE_COMMAND, describe, isFinal, visible } from "./text";

/** Words of the page. They come from outside, so that they can be translated. */
export interface Words {
  /** Of the words, as in `en-GB`. */
  readonly language: string;
  /** What the answers are, for whoever does not see them together. */
  readonly answers: string;
  readonly decision: Readonly<Record<Decision, string>>;
  readonly answer: Readonly<Record<Answer, string>>;
  /** No, with words for the agent. */
  readonly because: string;
  /** It cannot be allowed. */
  readonly final: string;
  readonly showEdit: string;
  readonly reveal: string;
  readonly rules: string;
  readonly cleared: string;
  readonly clears: string;
  readonly instead: string;
  readonly where: string;
  readonly effects: string;
  readonly certainty: Readonly<Record<EffectView["certainty"], string>>;
  readonly reversibility: Readonly<Record<EffectView["reversibility"], string>>;
  readonly effect: string;
  readonly sure: string;
  readonly undo: string;
  readonly allowed: string;
  readonly forbidden: string;
  readonly turn: (turn: number) => string;
  readonly origins: string;
  readonly took: (micros: number) => string;
}

/** The commands that the page may run; nothing else is let through. */
export const COMMANDS: readonly string[] = [
  ...Object.values(ANSWER_COMMAND),
  BECAUSE_COMMAND,
  "banksman.showDiff",
  "banksman.reveal",
  "banksman.showRule",
];

const SIGN: Readonly<Record<Decision, string>> = { allow: "✓", ask: "?", block: "✗" };

/** Characters of an action that are shown at most. */
const MOST = 20_000;

export function html(explanation: Explanation, words: Words, nonce: string): string {
  const { verdict, action } = explanation;
  const parts = [
    `<h1 class="${verdict.decision}"><span aria-hidden="true">${SIGN[verdict.decision]}</span> ${text(words.decision[verdict.decision])}</h1>`,
    explanation.findings.some((finding) => finding.message === verdict.summary) ? "" : `<p class="summary">${prose(verdict.summary)}</p>`,
    `<pre>${evidence(action, explanation.findings)}</pre>`,
    actions(explanation, words),
    section(words.rules, explanation.findings.map((found) => finding(found, words)).join("")),
    section(words.effects, effects(explanation.effects, words)),
    section(words.allowed, quotes(explanation.grants, words)),
    section(words.forbidden, quotes(explanation.boundaries, words)),
    section(words.origins, origins(explanation)),
    `<footer>${text(words.took(verdict.elapsedMicros))} · <code>${text(verdict.id)}</code></footer>`,
  ];
  return `<!DOCTYPE html>
<html lang="${text(words.language)}">
<head>
<meta charset="utf-8">
<title>${text(words.decision[verdict.decision])}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
${parts.filter((part) => part !== "").join("\n")}
</main>
</body>
</html>`;
}

function section(title: string, inside: string): string {
  return inside === "" ? "" : `<section><h2>${text(title)}</h2>${inside}</section>`;
}

function actions({ verdict, action }: Explanation, words: Words): string {
  const link = (command: string, title: string, primary = false): string =>
    `<a class="button${primary ? " primary" : ""}" href="${href(command, verdict.id)}">${text(title)}</a>`;
  const links: string[] = [];
  if (verdict.decision !== "allow" && isFinal(verdict)) {
    links.push(`<span class="final">${text(words.final)}</span>`);
  } else if (verdict.decision !== "allow") {
    links.push(
      link(ANSWER_COMMAND.once, words.answer.once, true),
      link(ANSWER_COMMAND.session, words.answer.session),
      link(ANSWER_COMMAND.workspace, words.answer.workspace),
      link(ANSWER_COMMAND.no, words.answer.no),
    );
    // What was asked may wait still; a no with words reaches the agent only then.
    if (verdict.decision === "ask") links.push(link(BECAUSE_COMMAND, words.because));
  }
  if (action.kind === "edit") links.push(link("banksman.showDiff", words.showEdit));
  if ("path" in action || explanationPlaces(verdict.findings)) links.push(link("banksman.reveal", words.reveal));
  return links.length === 0 ? "" : `<nav aria-label="${text(words.answers)}">${links.join(" ")}</nav>`;
}

function explanationPlaces(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.place);
}

function finding(finding: Finding, words: Words): string {
  const rows: [string, string][] = [];
  if (finding.place) rows.push([words.where, `<code>${text(`${finding.place.path}:${finding.place.line}`)}</code>`]);
  if (finding.clearedBy) {
    rows.push([words.cleared, `<q>${text(finding.clearedBy)}</q>`]);
  } else {
    if (finding.clears) rows.push([words.clears, prose(finding.clears)]);
    if (finding.instead) rows.push([words.instead, prose(finding.instead)]);
  }
  const told = rows.map(([name, value]) => `<dt>${text(name)}</dt><dd>${value}</dd>`).join("");
  const page = href("banksman.showRule", finding.rule);
  const sign = finding.clearedBy ? "allow" : finding.decision;
  return `<article><h3 class="${sign}"><span aria-hidden="true">${SIGN[sign]}</span> <a href="${page}">${text(finding.rule)}</a></h3><p>${prose(finding.message)}</p><dl>${told}</dl></article>`;
}

function effects(effects: readonly EffectView[], words: Words): string {
  if (effects.length === 0) return "";
  const rows = effects.map(
    (effect) =>
      `<tr class="${effect.reversibility}"><td>${prose(effect.summary)}</td><td>${text(words.certainty[effect.certainty])}</td><td>${text(words.reversibility[effect.reversibility])}</td></tr>`,
  );
  const head = [words.effect, words.sure, words.undo].map((name) => `<th scope="col">${text(name)}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function quotes(views: Explanation["grants"], words: Words): string {
  return views
    .map(
      (view) =>
        `<blockquote>${text(view.quote)}<footer>${prose(view.meaning)} · ${text(words.turn(view.turn))}</footer></blockquote>`,
    )
    .join("");
}

function origins({ provenance }: Explanation): string {
  if (provenance.length === 0) return "";
  const rows = provenance.map((seen) => `<dt><code>${text(seen.what)}</code></dt><dd>${prose(seen.origin)}</dd>`);
  return `<dl class="origins">${rows.join("")}</dl>`;
}

function href(command: string, argument: string): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify([argument])).replace(/'/g, "%27")}`;
}

/** The action with its evidence marked. */
export function evidence(action: Action, findings: readonly Finding[]): string {
  const whole = source(action);
  if (whole === undefined) return text(describe(action, MOST));
  const bytes = Buffer.from(whole, "utf8");
  const spans = findings
    .filter((finding) => !finding.clearedBy && !finding.place && finding.decision !== "allow")
    .map((finding) => finding.span)
    .filter((span) => span.start < span.end && span.end <= bytes.length);
  let shown = "";
  let at = 0;
  const piece = (from: number, to: number): string => text(bytes.subarray(from, to).toString("utf8"));
  for (const span of joined(spans)) {
    shown += `${piece(at, span.start)}<mark>${piece(span.start, span.end)}</mark>`;
    at = span.end;
  }
  shown += piece(at, Math.min(bytes.length, Math.max(at, MOST)));
  const title = action.kind === "edit" ? `<span class="path">${text(action.path)}</span>\n` : "";
  return `${title}${shown}`;
}

/** The text that the spans of findings count in. */
function source(action: Action): string | undefined {
  switch (action.kind) {
    case "command":
      return action.command;
    case "edit":
      return action.new;
    case "delete":
    case "read":
      return action.path;
    case "fetch":
      return action.url;
    case "tool":
      return undefined;
    case "delegate":
      return action.prompt;
  }
}

function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else result.push({ ...span });
  }
  return result;
}

/** Text with nothing in it that means anything to HTML or that is not seen. */
function text(raw: string): string {
  return visible(raw)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** A sentence; what stands in backticks is code. */
function prose(raw: string): string {
  return text(raw).replace(/`([^`]+)`/g, "<code>$1</code>");
}

const STYLE = `
body { padding: 0 1.5em 2em; max-width: 52em; line-height: 1.5; font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); color: var(--vscode-foreground); background: var(--vscode-editor-background); }
h1 { font-size: 1.5em; margin: 1em 0 .3em; } h2 { font-size: 1.05em; margin: 1.8em 0 .5em; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); padding-bottom: .2em; } h3 { font-size: 1em; margin: 1em 0 .2em; }
h1.block, h3.block > span { color: var(--vscode-errorForeground); } h1.ask, h3.ask > span { color: var(--vscode-editorWarning-foreground); } h1.allow, h3.allow > span { color: var(--vscode-testing-iconPassed); }
.summary { font-size: 1.1em; margin: 0 0 1em; }
pre { background: var(--vscode-textCodeBlock-background); border: 1px solid var(--vscode-contrastBorder, transparent); border-radius: 4px; padding: .8em 1em; white-space: pre-wrap; word-break: break-word; max-height: 24em; overflow: auto; }
pre, code { font-family: var(--vscode-editor-font-family); font-size: var(--vscode-editor-font-size); }
code { background: none; color: inherit; }
.path { opacity: .8; }
mark { background: var(--vscode-editor-findMatchHighlightBackground); color: inherit; border-bottom: 2px solid var(--vscode-errorForeground); outline: 1px solid var(--vscode-contrastActiveBorder, transparent); }
a { color: var(--vscode-textLink-foreground); text-decoration: none; } a:hover { text-decoration: underline; } a:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
nav { display: flex; flex-wrap: wrap; gap: .5em; margin: 1em 0; }
.final { align-self: center; font-style: italic; }
.button { padding: .3em .9em; border-radius: 2px; border: 1px solid var(--vscode-button-border, var(--vscode-contrastBorder, transparent)); color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
.button.primary { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
.button:hover { text-decoration: none; background: var(--vscode-button-secondaryHoverBackground); } .button.primary:hover { background: var(--vscode-button-hoverBackground); }
article p { margin: .2em 0 .4em; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2em 1em; margin: 0; } dt { opacity: .8; } dd { margin: 0; }
dl.origins { grid-template-columns: fit-content(50%) 1fr; } dl.origins dt { opacity: 1; word-break: break-word; }
table { border-collapse: collapse; width: 100%; } th { white-space: nowrap; text-align: left; font-weight: normal; opacity: .8; } th, td { padding: .3em 1em .3em 0; vertical-align: top; border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder)); word-break: break-word; }
tr.irreversible td:last-child { color: var(--vscode-errorForeground); }
blockquote { margin: .5em 0; padding: .3em 1em; border-left: 3px solid var(--vscode-textBlockQuote-border); background: var(--vscode-textBlockQuote-background); } blockquote footer { opacity: .8; font-size: .9em; margin: 0; }
main > footer { margin-top: 2.5em; opacity: .7; font-size: .85em; }
`;
