import assert from "node:assert/strict";
import { test } from "node:test";
import type { Explanation, Finding } from "../../../protocol/types";
import { COMMANDS, evidence, html, type Words } from "../src/html";

const words: Words = {
  language: "en",
  answers: "Answers",
  because: "Because",
  decision: { allow: "Allowed", ask: "Asked", block: "Blocked" },
  answer: { once: "Once", session: "Session", workspace: "Workspace", no: "No" },
  final: "Final",
  showEdit: "Edit",
  reveal: "Place",
  rules: "Rules",
  cleared: "You said",
  clears: "Clears",
  instead: "Instead",
  where: "Where",
  effects: "Effects",
  certainty: { possible: "possible", likely: "likely", certain: "certain" },
  reversibility: { harmless: "nothing", reversible: "yes", unknown: "?", irreversible: "no" },
  effect: "Effect",
  sure: "Sure",
  undo: "Undo",
  allowed: "Allowed",
  forbidden: "Forbidden",
  turn: (turn) => `turn ${turn}`,
  origins: "Origins",
  took: (micros) => `${micros} µs`,
};

function found(more: Partial<Finding>): Finding {
  return { rule: "r", decision: "block", hard: false, message: "Bad.", span: { start: 0, end: 0 }, clears: "Say so.", instead: "", ...more };
}

function explained(more: Partial<Explanation>): Explanation {
  return {
    verdict: { id: "v", decision: "block", digest: "", summary: "No.", findings: [], effects: [], grants: [], elapsedMicros: 1 },
    action: { kind: "command", command: "ls" },
    effects: [],
    findings: [found({})],
    grants: [],
    boundaries: [],
    provenance: [],
    ...more,
  };
}

test("what an agent wrote stays text", () => {
  const evil = `<img src=x onerror="alert(1)">'&\u202e`;
  const page = html(
    explained({
      action: { kind: "command", command: evil },
      findings: [found({ rule: evil, message: `\`${evil}\``, clears: evil, place: { path: evil, line: 1 } })],
      effects: [{ kind: "write", target: evil, summary: evil, span: { start: 0, end: 0 }, certainty: "certain", reversibility: "unknown" }],
      grants: [{ meaning: evil, quote: evil, turn: 1 }],
      provenance: [{ what: evil, origin: evil }],
    }),
    words,
    "n",
  );
  assert.doesNotMatch(page, /<img/);
  assert.doesNotMatch(page, /\u202e/);
  assert.match(page, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;&#39;&amp;&lt;U\+202E&gt;/);
  assert.match(page, /default-src 'none'/);
  assert.doesNotMatch(page, /<script/);
});

test("evidence is marked by bytes, once", () => {
  const action = { kind: "command", command: "ä; rm -rf ~" } as const;
  const spans = [found({ span: { start: 4, end: 10 } }), found({ span: { start: 7, end: 12 } }), found({ span: { start: 0, end: 2 }, clearedBy: "yes" })];
  assert.equal(evidence(action, spans), "ä; <mark>rm -rf ~</mark>");
  assert.equal(evidence(action, [found({ span: { start: 4, end: 99 } })]), "ä; rm -rf ~");
});

test("a page tells what clears it, what it rests on, and what can be answered", () => {
  const page = html(
    explained({ grants: [{ meaning: "push `main`", quote: "push it", turn: 2 }], provenance: [{ what: "w", origin: "a file" }] }),
    words,
    "n",
  );
  for (const part of ["Say so.", "push it", "<code>main</code>", "turn 2", "a file", "command:banksman.allowOnce?%5B%22v%22%5D"]) {
    assert.ok(page.includes(part), part);
  }
  assert.doesNotMatch(page, /Instead/);
});

test("what nobody can allow offers no answer", () => {
  const { verdict } = explained({});
  const page = html(explained({ verdict: { ...verdict, findings: [found({ hard: true })] } }), words, "n");
  assert.doesNotMatch(page, /allowOnce/);
  assert.match(page, /Final/);
});

test("what was allowed wants no answer", () => {
  const allowed = { ...explained({}).verdict, decision: "allow" as const };
  assert.doesNotMatch(html(explained({ verdict: allowed }), words, "n"), /allowOnce/);
});

test("a page runs no command but those it is to run", () => {
  const page = html(explained({ action: { kind: "edit", path: "a", old: null, new: "b" } }), words, "n");
  const run = [...page.matchAll(/command:([\w.]+)/g)].map(([, name]) => name ?? "");
  assert.deepEqual(run.filter((name) => !COMMANDS.includes(name)), []);
  assert.ok(run.includes("banksman.showDiff"));
});
