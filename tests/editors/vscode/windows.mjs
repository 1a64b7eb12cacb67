// Claims about several folders in a window and several windows on a folder, and about a workspace that nobody trusts.
// What it wants stands in host.mjs, and Neovim: the one of tests/editors/nvim/run, in NVIM_BIN, or on the PATH.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { PATIENCE, start, until } from "./host.mjs";

const host = await start({
  settings: {
    "security.workspace.trust.enabled": true,
    "security.workspace.trust.startupPrompt": "never",
    "banksman.askDeadlineSeconds": 100,
    "banksman.ask": [{ command: "touch asked-*" }],
  },
  files: {
    "shop.code-workspace": JSON.stringify({ folders: [{ path: "work" }, { path: "other" }] }),
    "work/.vscode/settings.json": JSON.stringify({ "banksman.path": "/bin/true", "banksman.mode": "bypass", "banksman.allow": [{ command: "touch asked-*" }] }),
    "other/.git/HEAD": "ref: refs/heads/main\n",
    "other/banksman.toml": '[[block]]\ncommand = "touch here"\nreason = "Not in this folder."\n\n[[block]]\neffect = "write"\npath = "frozen.txt"\n',
    "other/frozen.txt": "first\nsecond\n",
  },
});
const { home, work } = host;
const other = join(home, "other");
const inside = (workspace, line, session = "driver") => host.propose({ kind: "command", command: line, workspace, session });
try {
  const first = await host.open(join(home, "shop.code-workspace"));
  const claim = (name, prove, shown = first) => host.claim(name, prove, shown);
  const answer = (shown, name, label) => shown.toast(name).locator(".monaco-button", { hasText: label }).click();

  await claim("a workspace that nobody trusts is guarded, and its settings loosen nothing", async () => {
    await first.see(".statusbar-item", "Restricted Mode");
    writeFileSync(join(home, "precious"), "x");
    assert.equal(await inside(work, "rm -rf ~")(), "false");
    assert.ok(existsSync(join(home, "precious")));
    const outcome = inside(work, "touch asked-untrusted");
    await first.toast("asked-untrusted").waitFor({ timeout: PATIENCE });
    await answer(first, "asked-untrusted", /^No$/);
    assert.equal(await outcome(), "false");
    assert.equal(host.servers().length, 1, "the program is not the workspace's");
    assert.match(host.log(), /from the extension/);
    await first.palette("Banksman: Trust the banksman.toml");
    await first.pick("other");
    await first.toast("Trust the workspace in VS Code first").waitFor({ timeout: PATIENCE });
    await first.picture("untrusted");
    await first.clear();
  });
  await claim("each folder of a window has its own settings", async () => {
    assert.equal(await inside(work, "touch here", "in-work")(), "true");
    assert.ok(existsSync(join(work, "here")));
    assert.equal(await inside(other, "touch here", "in-other")(), "false");
    assert.ok(!existsSync(join(other, "here")));
  });
  await claim("a forbidden edit in the second folder shows its squiggle and its diff", async () => {
    await first.openFile("frozen.txt");
    const edit = { kind: "edit", path: join(other, "frozen.txt"), old: "second", new: "changed" };
    assert.equal(await host.propose({ ...edit, workspace: other, session: "in-other" })(), "false");
    await first.see(".squiggly-error");
    await first.page.locator(".codelens-decoration a", { hasText: "Show the edit" }).first().click();
    await first.see(".monaco-diff-editor .view-lines", "changed");
    await first.decisions();
    await first.row("in-other").waitFor({ timeout: PATIENCE });
    await first.picture("folders");
    await first.clear();
  });
  const second = await host.open(join(home, "shop.code-workspace"));
  await claim("two windows on one workspace both guard, and lose nothing", async () => {
    await until("two servers", () => host.servers().length === 2);
    // Either window takes them.
    const outcomes = Array.from({ length: 20 }, (_, index) => inside(work, index % 2 ? `touch many-${index}` : "rm -rf ~", `many-${index}`));
    for (const [index, outcome] of outcomes.entries()) assert.equal(await outcome(), String(index % 2 === 1), `proposal ${index}`);
    assert.ok(existsSync(join(home, "precious")));
    const logged = execFileSync(host.program, ["log", "--limit", "100"], { env: host.env, cwd: work, encoding: "utf8" });
    for (let index = 1; index < 20; index += 2) assert.ok(logged.includes(`many-${index}`), `many-${index} is in the ledger`);
  }, second);
  await claim("what is allowed in a workspace by one window holds in the other", async () => {
    // Notifications of the claim before would hide the question.
    for (const shown of [first, second]) await shown.clear();
    const outcome = inside(work, "touch asked-both");
    const asked = await until("the question in one of the windows", async () => {
      for (const shown of [first, second]) if ((await shown.toast("asked-both").count()) > 0) return shown;
      return undefined;
    });
    await answer(asked, "asked-both", "Workspace");
    assert.equal(await outcome(), "true");
    for (let tries = 0; tries < 6; tries += 1) assert.equal(await inside(work, "touch asked-both", `again-${tries}`)(), "true");
  }, second);
  await claim("Neovim on the same workspace guards beside VS Code, and knows what was allowed there", async () => {
    const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
    const fetched = join(root, "target/editors/python/bin/nvim");
    const program = process.env.NVIM_BIN ?? (existsSync(fetched) ? fetched : "nvim");
    writeFileSync(
      join(home, "beside.lua"),
      `vim.opt.runtimepath:prepend(${JSON.stringify(join(root, "editors/nvim"))})
      vim.g.banksman = { cmd = { ${JSON.stringify(host.program)}, 'lsp' }, notify = 'none' }
      vim.cmd.runtime('plugin/banksman.lua')
      require('banksman.client').start()
      local decided = {}
      for _, line in ipairs({ 'touch asked-both', 'rm -rf ~' }) do
        local action = { kind = 'command', command = line }
        require('banksman').review(action, { session = 'neovim' }, function(go) decided[line] = go end)
        vim.wait(${PATIENCE}, function() return decided[line] ~= nil end, 20)
      end
      io.stdout:write(vim.json.encode(decided))
      vim.cmd('qall!')`,
    );
    const options = { cwd: work, env: host.env, encoding: "utf8", timeout: 2 * PATIENCE };
    const said = execFileSync(program, ["--headless", "--clean", "-n", "-S", join(home, "beside.lua")], options);
    assert.deepEqual(JSON.parse(said), { "touch asked-both": true, "rm -rf ~": false });
    assert.equal(host.servers().length, 2, "the servers of VS Code go on");
  }, second);
} catch (error) {
  host.failed += 1;
  console.log(error);
} finally {
  await host.stop();
}
process.exit(host.failed === 0 ? 0 : 1);
