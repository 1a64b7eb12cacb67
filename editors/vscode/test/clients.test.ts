import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CLIENTS } from "../src/clients";

test("every agent that the program knows a gate for can be chosen", () => {
  const source = readFileSync("../../server/src/gates/setup/clients.rs", "utf8");
  const known = [...source.matchAll(/^ {8}name: "(\w+)"/gm)].map(([, name]) => name);
  assert.deepEqual(CLIENTS.map(([name]) => name).sort(), known.sort());
});
