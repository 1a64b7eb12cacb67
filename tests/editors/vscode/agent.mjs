// Claims about the gate that the extension brings for VS Code's own agent: that agent with a model that plays one
// scripted call after another, and what the person sees of it. What it wants stands in host.mjs.
import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { PATIENCE, start, until } from "./host.mjs";

/** What the model wants next, and what it was told of the outcome. */
const script = { tool: "", input: {}, outcome: undefined, told: 0, missing: false };
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
    const calls = tools.includes(script.tool) && script.outcome === undefined;
    // A workbench that has just started offers the agent its tools one after another.
    if (tools.length > 0 && script.outcome === undefined) script.missing = !calls;
    const call = { index: 0, id: `call_${script.told}`, type: "function", function: { name: script.tool, arguments: JSON.stringify(script.input) } };
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

/** VS Code switches its own agent off in a fresh browser profile; this switches it on. */
const enableAgent = (page) =>
  page.evaluate(async () => {
    const kept = async () => {
      let found = 0;
      for (const { name } of await indexedDB.databases()) {
        if (!/state-db/.test(name)) continue;
        const db = await new Promise((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onsuccess = () => resolve(opening.result);
          opening.onerror = () => reject(opening.error);
        });
        for (const store of db.objectStoreNames) {
          const change = db.transaction(store, "readwrite");
          const known = change.objectStore(store).getKey("extensionsIdentifiers/disabled");
          change.objectStore(store).delete("extensionsIdentifiers/disabled");
          await new Promise((resolve) => (change.oncomplete = resolve));
          if (known.result !== undefined) found += 1;
        }
        db.close();
      }
      return found;
    };
    for (let tries = 0; (await kept()) === 0 && tries < 150; tries += 1) await new Promise((resolve) => setTimeout(resolve, 200));
  });

const host = await start({
  settings: {
    "chat.tools.global.autoApprove": true,
    "chat.tools.global.autoApprove.optIn": true,
    "workbench.secondarySideBar.defaultVisibility": "visible",
    "banksman.askDeadlineSeconds": 100,
    "banksman.ask": [{ command: "./deploy.sh *", reason: "Deploying is for people to decide." }],
    "banksman.block": [{ effect: "write", path: "src/prices.ts", reason: "Prices are set by the shop's owner." }],
  },
  files: {
    "work/deploy.sh": '#!/bin/sh\ntouch "deployed-$1"\n',
    "work/src/prices.ts": "export const currency = \"EUR\";\nexport const tax = 0.19;\nexport const shipping = 4.9;\n",
    "data/User/chatLanguageModels.json": JSON.stringify([
      {
        name: "Mock",
        vendor: "customendpoint",
        apiKey: "none",
        apiType: "chat-completions",
        models: [{ id: "mock-model", name: "Mock Model", url: `http://127.0.0.1:${model.address().port}/v1/chat/completions`, toolCalling: true, vision: false, maxInputTokens: 100000, maxOutputTokens: 8000 }],
      },
    ]),
  },
});
const { work, home } = host;
chmodSync(join(work, "deploy.sh"), 0o755);
try {
  const editor = await host.open(work, enableAgent);
  const { page, toast, picture, see } = editor;
  const claim = (name, prove) => host.claim(name, prove, editor);
  await until("the agent", async () => (await page.locator(".chat-input-container", { hasText: "Mock Model" }).count()) > 0, 2 * PATIENCE);

  /** Lets the model want something; gives a wait for what it was told. */
  const wants = async (tool, input) => {
    Object.assign(script, { tool, input, outcome: undefined });
    const say = async () => {
      await until("an end of the turn before", async () => (await page.locator(".chat-execute-toolbar .codicon-stop-circle, .chat-input-toolbars .codicon-stop-circle").count()) === 0);
      script.missing = false;
      await page.locator(".chat-input-container .monaco-editor").first().click();
      await page.keyboard.type("go on", { delay: 10 });
      await page.keyboard.press("Enter");
    };
    await say();
    const outcome = async () => {
      if (script.missing) await say();
      return script.outcome;
    };
    return () => until("an outcome", outcome, 2 * PATIENCE);
  };
  const runs = (command) => wants("run_in_terminal", { command, explanation: "t", goal: "t", isBackground: false, mode: "sync", timeout: 10000 });
  const button = (name, label) => toast(name).locator(".monaco-button", { hasText: label });

  await claim("ordinary work of VS Code's own agent goes through without a prompt", async () => {
    const outcome = await (await runs(`cd ${work} && mkdir -p dist`))();
    assert.ok(existsSync(join(work, "dist")), JSON.stringify(outcome));
    const edited = await (await wants("create_file", { filePath: join(work, "src/cart.ts"), content: "export {};\n" }))();
    await until("the new file", () => existsSync(join(work, "src/cart.ts"))).catch(() => assert.fail(JSON.stringify(edited)));
    assert.equal(await page.locator(".notification-toast", { hasText: "wants to" }).count(), 0);
  });
  await claim("what is forbidden is not run by VS Code's own agent, which is told why, and the person sees it", async () => {
    writeFileSync(join(home, "precious"), "x");
    const outcome = await (await runs(`touch ${join(work, "pwned")}; rm -rf ~`))();
    assert.ok(existsSync(join(home, "precious")));
    assert.ok(!existsSync(join(work, "pwned")));
    assert.match(JSON.stringify(outcome), /denied|delete/);
    await toast("rm -rf ~").waitFor({ timeout: PATIENCE });
    await editor.decisions();
    await editor.row("rm -rf ~").waitFor({ timeout: PATIENCE });
    await picture("agent-blocked");
    await toast("rm -rf ~").getByText("Why?").click();
    const frame = await editor.why("What it would do");
    assert.match(await frame.locator("body").innerText(), /irrecoverable-delete/);
    await editor.clear();
  });
  await claim("a forbidden edit of VS Code's own agent shows its squiggle, its lens and its diff", async () => {
    await editor.palette("View: Close All Editors");
    await editor.openFile("prices.ts");
    await see(".view-lines", "shipping");
    const outcome = await (await wants("replace_string_in_file", { filePath: join(work, "src/prices.ts"), oldString: "shipping = 4.9", newString: "shipping = 0.1" }))();
    assert.match(readFileSync(join(work, "src/prices.ts"), "utf8"), /shipping = 4\.9/, JSON.stringify(outcome));
    await see(".squiggly-error");
    await see(".codelens-decoration", "Keep blocked");
    await picture("agent-edit");
    await page.locator(".codelens-decoration a", { hasText: "Show the edit" }).first().click();
    await see(".monaco-diff-editor .view-lines", "0.1");
    await editor.clear();
  });
  await claim("what VS Code's own agent is asked about runs when the person clicks allow", async () => {
    const outcome = await runs("./deploy.sh staging");
    await toast("deploy.sh staging").waitFor({ timeout: PATIENCE });
    assert.ok(!existsSync(join(work, "deployed-staging")));
    await editor.left();
    await picture("agent-asked");
    await button("deploy.sh staging", "Once").click();
    await outcome();
    await until("what was allowed", () => existsSync(join(work, "deployed-staging")));
  });
  await claim("it does not run when the person clicks no, which the agent is told", async () => {
    const outcome = await runs("./deploy.sh production");
    await toast("deploy.sh production").waitFor({ timeout: PATIENCE });
    await button("deploy.sh production", /^No$/).click();
    assert.match(JSON.stringify(await outcome()), /said no/);
    assert.ok(!existsSync(join(work, "deployed-production")));
  });
  await claim("words that come with a no reach the agent", async () => {
    const outcome = await runs("./deploy.sh beta");
    await toast("deploy.sh beta").waitFor({ timeout: PATIENCE });
    await editor.palette("Banksman: Answer What Waits");
    await editor.pick("No, and say why");
    await see(".quick-input-widget", "What should the agent know?");
    await page.locator(".quick-input-widget input").first().fill("Not before the tests are green.");
    await picture("agent-because");
    await page.keyboard.press("Enter");
    assert.match(JSON.stringify(await outcome()), /Not before the tests are green/);
    assert.ok(!existsSync(join(work, "deployed-beta")));
  });
  await claim("it does not run when nobody clicks", async () => {
    await host.set("banksman.askDeadlineSeconds", 8);
    const silent = async (name, tries) => {
      const outcome = await runs(`./deploy.sh ${name}`);
      await toast(`deploy.sh ${name}`).waitFor({ timeout: PATIENCE });
      if ((await editor.left()) <= 8 || tries === 0) return outcome();
      // The setting was not heard of yet.
      await button(`deploy.sh ${name}`, /^No$/).click();
      await outcome();
      return silent(`${name}y`, tries - 1);
    };
    assert.match(JSON.stringify(await silent("canary", 5)), /[Nn]obody/);
    assert.deepEqual(readdirSync(work).filter((name) => name.startsWith("deployed-canary")), []);
    await toast("Nobody answered").waitFor({ timeout: PATIENCE });
  });
  await claim("VS Code's own agent is gated when the server has stopped for good", async () => {
    await until("the extension to give up", async () => {
      for (const pid of host.servers()) process.kill(pid, "SIGKILL");
      return (await page.locator('.statusbar-item[id*="banksman.status"]', { hasText: "Banksman is off" }).count()) > 0;
    });
    await picture("agent-off");
    await editor.clear();
    const outcome = await (await runs(`touch ${join(work, "pwned")}; rm -rf ~`))();
    assert.ok(existsSync(join(home, "precious")));
    assert.ok(!existsSync(join(work, "pwned")));
    assert.match(JSON.stringify(outcome), /denied|delete/);
  });
} catch (error) {
  host.failed += 1;
  console.log(error);
} finally {
  await host.stop();
  model.close();
  model.closeAllConnections();
}
process.exit(host.failed === 0 ? 0 : 1);
