import assert from "node:assert/strict";
import { test } from "node:test";
import { Notices } from "../src/notices";

function notices() {
  const table = { busy: false, shown: [] as [string, number][] };
  const of = new Notices<string>(() => table.busy, (last, count) => table.shown.push([last, count]), 3000);
  return { table, of };
}

test("the first notice is shown at once, and those close behind it as one", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { table, of } = notices();
  for (const name of ["a", "b", "c"]) of.put(name);
  assert.deepEqual(table.shown, [["a", 1]]);
  context.mock.timers.tick(3000);
  assert.deepEqual(table.shown, [["a", 1], ["c", 2]]);
  context.mock.timers.tick(3000);
  of.put("d");
  assert.deepEqual(table.shown.at(-1), ["d", 1]);
});

test("no notice pushes a question away", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { table, of } = notices();
  table.busy = true;
  of.put("a");
  assert.deepEqual(table.shown, []);
  table.busy = false;
  of.look();
  assert.deepEqual(table.shown, [["a", 1]]);
});
