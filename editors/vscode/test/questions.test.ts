import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { AskParams } from "../../../protocol/types";
import { Questions } from "../src/questions";

function params(id: string): AskParams {
  return {
    session: "s",
    action: { kind: "command", command: "ls" },
    verdict: { id, decision: "ask", digest: "", summary: "", findings: [], effects: [], grants: [], elapsedMicros: 1 },
    deadlineMillis: 1000,
  };
}

test("the answer of the person is given", async () => {
  const questions = new Questions(() => {}, () => assert.fail("it did not expire"));
  const answered = questions.put(params("a"), 0);
  assert.equal(questions.find("a")?.due, 1000);
  assert.equal(questions.close("a", "session"), true);
  assert.deepEqual(await answered, { answer: "session" });
  assert.deepEqual(questions.all(), []);
});

test("a no may have words for the agent", async () => {
  const questions = new Questions(() => {}, () => {});
  const answered = questions.put(params("a"), 0);
  questions.close("a", "no", "Not before the tests are green.");
  assert.deepEqual(await answered, { answer: "no", note: "Not before the tests are green." });
});

test("silence means no, and an answer after it does not count", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const expired: string[] = [];
  const questions = new Questions(() => {}, (question) => expired.push(question.params.verdict.id));
  const answered = questions.put(params("a"), 0);
  mock.timers.tick(1000);
  assert.deepEqual(await answered, { answer: "no" });
  assert.deepEqual(expired, ["a"]);
  assert.equal(questions.close("a", "once"), false);
  mock.timers.reset();
});

test("when the server is gone all questions are", async () => {
  const questions = new Questions(() => {}, () => {});
  const both = Promise.all([questions.put(params("a"), 0), questions.put(params("b"), 0)]);
  questions.closeAll();
  assert.deepEqual(await both, [{ answer: "no" }, { answer: "no" }]);
});
