import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, edited, ghostly, near, oneLine, tell, timeLeft, unlinked } from "../src/text";

test("what an agent writes stays in one line and cannot turn it around", () => {
  assert.equal(oneLine("a\r\nb\u202ec\u200bd\x1b[1m"), "a ⏎ b<U+202E>c<U+200B>d [1m");
  assert.equal(oneLine("😀😀😀😀", 3), "😀😀…");
});

test("each kind of action is told", () => {
  assert.equal(describe({ kind: "command", command: "ls" }), "run ls");
  assert.equal(describe({ kind: "fetch", url: "https://a.example", method: "GET", body: null }), "fetch https://a.example");
  assert.equal(describe({ kind: "fetch", url: "https://a.example", method: "POST", body: null }), "send a POST request to https://a.example");
  assert.equal(describe({ kind: "tool", server: "s", tool: "t", arguments: {} }), "call t of s");
  assert.equal(tell({ kind: "tool", server: "s", tool: "t\n", arguments: {} }), "call `t ⏎ ` of `s`");
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

test("what an agent writes makes no link in a notification", () => {
  assert.equal(unlinked("[yes](command:banksman.allowOnce)"), "[yes] (command:banksman.allowOnce)");
});

test("a ghost shows what is new in an edit, in one line", () => {
  assert.equal(ghostly("a\nb", "a\nc\nb", 80), "c");
  assert.equal(ghostly("a", "x\ny", 80), "x …");
  assert.equal(ghostly("a", "a", 80), "");
  assert.equal(ghostly("", "x".repeat(9), 5), "xxxx…");
});

test("a path is shown as the person knows it", () => {
  const one = { folders: ["/home/me/shop"], home: "/home/me" };
  assert.equal(near("/home/me/shop/src/a.ts", one), "src/a.ts");
  assert.equal(near("/home/me/shopping/a.ts", one), "~/shopping/a.ts");
  assert.equal(near("/etc/hosts", one), "/etc/hosts");
  assert.equal(near("src/a.ts", one), "src/a.ts");
  const two = { folders: ["/w/shop", "/w/shop/api"], home: "" };
  assert.equal(near("/w/shop/api/a.ts", two), "api/a.ts");
  assert.equal(near("/w/shop/a.ts", two), "shop/a.ts");
});
