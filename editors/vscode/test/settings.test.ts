import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { section, snake } from "../src/settings";

interface Setting {
  scope: string;
}
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  contributes: { configuration: { properties: Record<string, Setting> } };
};
const schema = JSON.parse(readFileSync("../../protocol/banksman.toml.schema.json", "utf8")) as {
  properties: Record<string, unknown>;
};
const names = Object.keys(manifest.contributes.configuration.properties).map((name) => name.slice("banksman.".length));

test("the server knows every setting that it is told of", () => {
  const told = section(names, () => ({ globalValue: 1 }));
  assert.deepEqual(Object.keys(told).filter((name) => !(name in schema.properties)), []);
  assert.ok("ask_deadline_seconds" in told);
  assert.ok(!("path" in told));
});

test("only what the person has set for this machine is told", () => {
  const set = (name: string): object => (name === "mode" ? { globalValue: "strict" } : { workspaceValue: "bypass" });
  assert.deepEqual(section(names, set), { mode: "strict" });
});

test("no workspace can set what decides", () => {
  for (const [name, { scope }] of Object.entries(manifest.contributes.configuration.properties)) {
    if (name !== "banksman.trace.server") assert.equal(scope, "machine", name);
  }
});

test("names are turned into those of the server", () => {
  assert.equal(snake("pauseAfterBlocksInARow"), "pause_after_blocks_in_a_row");
});
