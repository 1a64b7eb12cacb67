import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, edited, oneLine, page, timeLeft } from "../src/text";

test("what an agent writes stays in one line and cannot turn it around", () => {
  assert.equal(oneLine("a\r\nb\u202ec\u200bd\x1b[1m"), "a ⏎ b<U+202E>c<U+200B>d [1m");
  assert.equal(oneLine("😀😀😀😀", 3), "😀😀…");
});

test("each kind of action is told", () => {
  assert.equal(describe({ kind: "command", command: "ls" }), "run ls");
  assert.equal(describe({ kind: "fetch", url: "https://a.example", method: "GET", body: null }), "GET https://a.example");
  assert.equal(describe({ kind: "tool", server: "s", tool: "t", arguments: {} }), "call t of s");
});

test("an edit is shown as it would leave the file", () => {
  assert.equal(edited("a b c", "b", "$& x"), "a $& x c");
  assert.equal(edited("a", null, "whole"), "whole");
  assert.equal(edited("a", "not there", "new"), "new");
});

test("time is counted down to nothing", () => {
  assert.equal(timeLeft(65_000), "1:05");
  assert.equal(timeLeft(-5), "0:00");
});

test("a page tells what the verdict rests on and keeps code in its fence", () => {
  const text = page({
    verdict: { id: "v", decision: "block", digest: "", summary: "No.", findings: [], effects: [], grants: [], elapsedMicros: 1 },
    action: { kind: "command", command: "echo `id`" },
    effects: [],
    findings: [
      { rule: "r", decision: "block", hard: false, message: "Bad.", span: { start: 0, end: 1 }, clears: "Say so.", instead: "" },
    ],
    grants: [{ meaning: "m", quote: "q", turn: 2 }],
    boundaries: [],
    provenance: [{ what: "w", origin: "o" }],
  });
  assert.match(text, /`` run echo `id` ``/);
  assert.match(text, /\*\*r\*\*: Bad\./);
  assert.match(text, /What clears it: Say so\./);
  assert.doesNotMatch(text, /Instead/);
  assert.match(text, /“q” \(turn 2\)/);
});
