import assert from "node:assert/strict";
import { test } from "node:test";
import type { Decision, VerdictParams } from "../../../protocol/types";
import { History, type Filter } from "../src/history";

function verdict(session: string, id: string, decision: Decision): VerdictParams {
  return {
    session,
    action: { kind: "command", command: "ls" },
    verdict: { id, decision, digest: "", summary: "", findings: [], effects: [], grants: [], elapsedMicros: 1 },
  };
}

test("a verdict that is told again takes the place of the first", () => {
  const history = new History();
  assert.equal(history.add(verdict("s", "a", "ask"), new Date(1)), true);
  assert.equal(history.add(verdict("s", "a", "block"), new Date(2)), false);
  assert.deepEqual(history.counts(), { allow: 0, ask: 0, block: 1 });
  assert.deepEqual(history.find("a")?.at, new Date(1));
});

test("the latest stands first, and what was stopped can be seen alone", () => {
  const history = new History();
  history.add(verdict("s", "a", "block"), new Date(1));
  history.add(verdict("t", "b", "allow"), new Date(2));
  history.add(verdict("s", "c", "allow"), new Date(3));
  assert.deepEqual(history.sessions(), ["s", "t"]);
  const ids = (filter: Filter, words?: string): string[] => history.of("s", filter, words).map((entry) => entry.verdict.id);
  assert.deepEqual(ids("all"), ["c", "a"]);
  assert.deepEqual(ids("stopped"), ["a"]);
  assert.deepEqual(ids("blocked"), ["a"]);
  assert.deepEqual(ids("all", "run LS"), ["c", "a"]);
  assert.deepEqual(ids("all", "push"), []);
  assert.deepEqual(history.counts("t"), { allow: 1, ask: 0, block: 0 });
});

test("the memory is bounded", () => {
  const history = new History();
  for (let index = 0; index < 1100; index += 1) history.add(verdict("s", String(index), "allow"), new Date(index));
  assert.equal(history.counts().allow, 1000);
  assert.equal(history.find("0"), undefined);
});
