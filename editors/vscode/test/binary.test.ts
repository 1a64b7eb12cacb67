import assert from "node:assert/strict";
import { delimiter } from "node:path";
import { test } from "node:test";
import { find, runnable, type Surroundings } from "../src/binary";

function around(there: string[], more: Partial<Surroundings> = {}): Surroundings {
  return { setting: "", extension: "/ext", searchPath: "", windows: false, runnable: (path) => there.includes(path), ...more };
}

test("the setting comes first, then the extension, then the PATH", () => {
  const there = ["/own/banksman", "/ext/bin/banksman", "/usr/bin/banksman"];
  const searchPath = ["/bin", "/usr/bin"].join(delimiter);
  assert.deepEqual(find(around(there, { setting: "/own/banksman", searchPath })), { path: "/own/banksman", from: "setting" });
  assert.deepEqual(find(around(there, { searchPath })), { path: "/ext/bin/banksman", from: "extension" });
  assert.deepEqual(find(around(["/usr/bin/banksman"], { searchPath })), { path: "/usr/bin/banksman", from: "PATH" });
});

test("a wrong setting is told and nothing else is taken instead", () => {
  assert.deepEqual(find(around(["/ext/bin/banksman"], { setting: "/gone" })), { missing: "setting", setting: "/gone" });
  assert.deepEqual(find(around(["/ext/bin/banksman"], { setting: "./banksman" })), { missing: "relative", setting: "./banksman" });
});

test("a relative folder of the PATH cannot bring a guard", () => {
  const everything = { ...around([]), runnable: (path: string) => !path.startsWith("/ext") };
  assert.ok("missing" in find({ ...everything, searchPath: [".", "", "bin"].join(delimiter) }));
});

test("only a file that may be run is a program", () => {
  assert.equal(runnable(process.execPath), true);
  assert.equal(runnable("/"), false);
  assert.equal(runnable("/not/there"), false);
});
