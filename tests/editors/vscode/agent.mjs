// Claims about the gate that the extension brings for VS Code's own agent: the agent in code-server in headless
// Chromium, a model that plays one scripted call, the built VSIX. Wants what run.mjs wants.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const { chromium } = createRequire(join(process.env.PLAYWRIGHT ?? here, "x.js"))("playwright-core");
const vsix = join(here, "../../../editors/vscode/banksman.vsix");
const entry = join(process.env.CODE_SERVER, "out/node/entry.js");
const home = mkdtempSync(join(tmpdir(), "banksman-agent-"));
const [work, data, extensions] = ["work", "data", "extensions"].map((name) => join(home, name));
for (const folder of [join(work, ".git"), join(data, "User"), extensions]) mkdirSync(folder, { recursive: true });

/** What the model wants next, and what it was told of the outcome. */
const script = { command: "", outcome: undefined, told: 0 };
const model = createServer((request, response) => {
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    const body = text === "" ? {} : JSON.parse(text);
    const told = (body.messages ?? []).filter((message) => message.role === "tool");
    const tools = (body.tools ?? []).map((tool) => tool.function?.name);
    if (told.length > script.told) {
      script.outcome = told.at(-1).content;
      script.told = told.length;
    }
    const calls = tools.includes("run_in_terminal") && script.outcome === undefined;
    const input = { command: script.command, explanation: "t", goal: "t", isBackground: false, mode: "sync", timeout: 10000 };
    const call = { index: 0, id: `call_${script.told}`, type: "function", function: { name: "run_in_terminal", arguments: JSON.stringify(input) } };
    const chunk = (delta, finish) => ({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: finish }] });
    const first = calls ? { role: "assistant", tool_calls: [call] } : { role: "assistant", content: "Done." };
    if (!body.stream) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: "m", choices: [{ index: 0, message: first, finish_reason: calls ? "tool_calls" : "stop" }] }));
      return;
    }
    response.setHeader("content-type", "text/event-stream");
    for (const part of [chunk(first, null), chunk({}, calls ? "tool_calls" : "stop")]) response.write(`data: ${JSON.stringify(part)}\n\n`);
    response.end("data: [DONE]\n\n");
  });
}).listen(0, "127.0.0.1");
await new Promise((resolve) => model.once("listening", resolve));
const freePort = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
writeFileSync(
  join(data, "User/settings.json"),
  JSON.stringify({ "security.workspace.trust.enabled": false, "workbench.startupEditor": "none", "chat.tools.global.autoApprove": true, "chat.tools.global.autoApprove.optIn": true }),
);
writeFileSync(
  join(data, "User/chatLanguageModels.json"),
  JSON.stringify([{ name: "Mock", vendor: "customendpoint", apiKey: "none", apiType: "chat-completions", models: [{ id: "mock-model", name: "Mock Model", url: `http://127.0.0.1:${model.address().port}/v1/chat/completions`, toolCalling: true, vision: false, maxInputTokens: 100000, maxOutputTokens: 8000 }] }]),
);
const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, "c"), XDG_DATA_HOME: join(home, "d"), XDG_STATE_HOME: join(home, "s") };
const common = ["--user-data-dir", data, "--extensions-dir", extensions];
execFileSync(process.execPath, [entry, ...common, "--install-extension", vsix], { env, stdio: "pipe" });
const server = spawn(process.execPath, [entry, "--auth", "none", "--bind-addr", `127.0.0.1:${freePort}`, "--disable-telemetry", "--disable-update-check", ...common, work], { env, stdio: "ignore", detached: true });

/** VS Code switches its own agent off in a fresh browser profile; this switches it on. */
const enableAgent = async () => {
  for (const { name } of await indexedDB.databases()) {
    if (!/state-db/.test(name)) continue;
    const db = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    for (const store of db.objectStoreNames) {
      const change = db.transaction(store, "readwrite");
      change.objectStore(store).delete("extensionsIdentifiers/disabled");
      await new Promise((resolve) => (change.oncomplete = resolve));
    }
    db.close();
  }
};

let failed = 0;
let browser;
try {
  const url = `http://127.0.0.1:${freePort}`;
  for (let tries = 0; !(await fetch(`${url}/healthz`).catch(() => undefined))?.ok; tries += 1) {
    assert.ok(tries < 300, "no code-server");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage({ viewport: { width: 1400, height: 880 } });
  const load = async () => {
    await page.goto(`${url}/?folder=${work}`, { waitUntil: "domcontentloaded" });
    await page.waitForSelector(".monaco-workbench", { timeout: 90_000 });
    await page.waitForTimeout(12_000);
  };
  await load();
  await page.evaluate(enableAgent);
  await page.goto("about:blank");
  await load();
  const ask = async (command) => {
    script.command = command;
    script.outcome = undefined;
    await page.locator(".chat-input-container .monaco-editor").first().click();
    await page.keyboard.type("please do what the script says", { delay: 10 });
    await page.keyboard.press("Enter");
    for (let tries = 0; script.outcome === undefined; tries += 1) {
      if (process.env.PICTURES && tries === 100) await page.screenshot({ path: join(process.env.PICTURES, "agent-waiting.png") });
      assert.ok(tries < 400, "the model was told no outcome");
      await page.waitForTimeout(100);
    }
  };
  const claim = async (name, prove) => {
    try {
      await prove();
      console.log(`ok    ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL  ${name}\n${String(error.stack ?? error)}\n${JSON.stringify(script)}`);
    }
    if (process.env.PICTURES) await page.screenshot({ path: join(process.env.PICTURES, `agent-${failed}.png`) });
  };
  await claim("ordinary work of VS Code's own agent goes through", async () => {
    await ask(`touch ${join(work, "ordinary")}`);
    assert.ok(existsSync(join(work, "ordinary")), JSON.stringify(script.outcome));
  });
  await claim("what is forbidden is not run by VS Code's own agent, which is told why", async () => {
    writeFileSync(join(home, "precious"), "x");
    await ask(`touch ${join(work, "pwned")}; rm -rf ~`);
    assert.ok(existsSync(join(home, "precious")));
    assert.ok(!existsSync(join(work, "pwned")));
    assert.match(JSON.stringify(script.outcome), /denied|delete/);
  });
} catch (error) {
  failed += 1;
  console.log(error);
} finally {
  await browser?.close();
  process.kill(-server.pid, "SIGTERM");
  model.close();
  model.closeAllConnections();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  rmSync(home, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
