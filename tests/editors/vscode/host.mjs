// A VS Code to make claims about: code-server with the built VSIX in a throw-away home, and headless Chromium before
// it. Wants CODE_SERVER (the folder of the npm package), CHROMIUM (the program), and PLAYWRIGHT (the folder whose
// node_modules hold playwright-core). PICTURES is the folder where pictures are kept; without it none are.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = (name) => process.env[name] ?? (console.error(`${name} is not set; see tests/editors/vscode/host.mjs`), process.exit(2));
const { chromium } = createRequire(join(wanted("PLAYWRIGHT"), "x.js"))("playwright-core");
const entry = join(wanted("CODE_SERVER"), "out/node/entry.js");
const vsix = process.env.VSIX ?? join(here, "../../../editors/vscode/banksman.vsix");
const pictures = process.env.PICTURES;
if (pictures) mkdirSync(pictures, { recursive: true });

/** How long anything may take; machines that test are slow. */
export const PATIENCE = 120_000;

/** Waits until something holds, and gives it. */
export async function until(what, holds, millis = PATIENCE) {
  const end = Date.now() + millis;
  for (;;) {
    const value = await holds();
    if (value) return value;
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Starts code-server with what stands in its user's folder: `settings`, and `files` by their names. */
export async function start({ settings = {}, files = {}, drive = true, environment = {} } = {}) {
  const home = mkdtempSync(join(tmpdir(), "vscode-claims-"));
  const [work, driven, data, extensions] = ["work", "drive", "data", "extensions"].map((name) => join(home, name));
  for (const folder of [join(work, ".git"), driven, join(data, "User"), extensions]) mkdirSync(folder, { recursive: true });
  const usual = {
    "security.workspace.trust.enabled": false,
    "workbench.startupEditor": "none",
    "telemetry.telemetryLevel": "off",
    "window.commandCenter": false,
    "workbench.reduceMotion": "on",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
  };
  writeFileSync(join(data, "User/settings.json"), JSON.stringify({ ...usual, ...settings }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  const env = {
    ...process.env,
    HOME: home,
    BANKSMAN_DRIVE: driven,
    XDG_CONFIG_HOME: join(home, "c"),
    XDG_DATA_HOME: join(home, "d"),
    XDG_STATE_HOME: join(home, "s"),
    XDG_RUNTIME_DIR: join(home, "r"),
    ...environment,
  };
  mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });
  const port = await freePort();
  const common = ["--user-data-dir", data, "--extensions-dir", extensions];
  execFileSync(process.execPath, [entry, ...common, "--install-extension", vsix], { env, stdio: "pipe" });
  if (drive) cpSync(join(here, "driver"), join(extensions, "test.driver-0.0.1"), { recursive: true });
  rmSync(join(extensions, "extensions.json"), { force: true });
  const server = spawn(
    process.execPath,
    [entry, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", ...common],
    { env, stdio: "ignore", detached: true },
  );
  let browser;
  const host = {
    home,
    work,
    data,
    env,
    failed: 0,
    /** The program inside the installed extension. */
    program: join(extensions, readdirSync(extensions).find((name) => name.startsWith("banksman.banksman")), "bin/banksman"),
    /** Opens a window on a folder or on a workspace's file. */
    async open(where, prepare) {
      const kind = where.endsWith(".code-workspace") ? "workspace" : "folder";
      const context = await browser.newContext({ viewport: { width: 1400, height: 880 } });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      page.setDefaultNavigationTimeout(2 * PATIENCE);
      const load = async () => {
        await page.goto(`http://127.0.0.1:${port}/?${kind}=${where}`, { waitUntil: "domcontentloaded" });
        await page.waitForSelector(".monaco-workbench", { timeout: 2 * PATIENCE });
      };
      await load();
      if (prepare) {
        await prepare(page);
        await page.goto("about:blank");
        await load();
      }
      const running = page.locator('.statusbar-item[id*="banksman.status"]', { hasText: /auto|manual|strict|plan|bypass/ });
      await running.waitFor({ timeout: 2 * PATIENCE });
      return window(host, page);
    },
    /** Proposes an action as an agent would; gives a wait for what became of it. */
    propose(action) {
      const file = join(driven, `${proposals++}`);
      writeFileSync(`${file}.tmp`, JSON.stringify(action));
      renameSync(`${file}.tmp`, `${file}.json`);
      return () => until(`an end of ${JSON.stringify(action)}`, () => existsSync(`${file}.done`) && readFileSync(`${file}.done`, "utf8"));
    },
    command: (line) => host.propose({ kind: "command", command: line }),
    /** Changes one of the person's own settings. */
    set: (name, value) => host.propose({ kind: "setting", name, value })(),
    /** The servers of the extension that run. */
    servers() {
      const found = spawnSync("pgrep", ["-f", `^${host.program} lsp`], { encoding: "utf8" }).stdout;
      return found.split("\n").filter(Boolean).map(Number);
    },
    /** What the extension wrote to its log, of all windows. */
    log() {
      const logs = join(data, "logs");
      const names = existsSync(logs) ? readdirSync(logs, { recursive: true }).map(String) : [];
      return names.filter((name) => name.endsWith("Banksman.log")).map((name) => readFileSync(join(logs, name), "utf8")).join("");
    },
    async claim(name, prove, shown) {
      if (process.argv[2] && !name.includes(process.argv[2])) return;
      const began = Date.now();
      try {
        await prove();
        console.log(`ok    ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
      } catch (error) {
        host.failed += 1;
        console.log(`FAIL  ${name}\n${String(error.stack ?? error)}`);
        await shown?.calm(`failed-${name.replaceAll(/\W+/g, "-").slice(0, 50)}`);
      }
    },
    async stop() {
      await browser?.close();
      try {
        process.kill(-server.pid, "SIGTERM");
      } catch {
        // It has ended.
      }
      await new Promise((resolve) => setTimeout(resolve, 1000));
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
    },
  };
  let proposals = 0;
  try {
    await until("a code-server", async () => (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))?.ok, 2 * PATIENCE);
    browser = await chromium.launch({ executablePath: wanted("CHROMIUM"), args: ["--no-sandbox", "--disable-gpu"] });
  } catch (error) {
    await host.stop();
    throw error;
  }
  return host;
}

/** What can be done in a window and seen in it. */
function window(host, page) {
  const shown = {
    page,
    /** Takes a picture and away what a claim that failed left in the way of the next. */
    async calm(name) {
      await shown.picture(name);
      for (let times = 0; times < 3; times += 1) await page.keyboard.press("Escape");
      await shown.clear().catch(() => undefined);
    },
    /** The seconds that are left to answer the question that waits. */
    async left() {
      const [, minutes, seconds] = await until("the time that is left", async () =>
        /no in (\d+):(\d\d)/.exec((await shown.row("no in ").textContent({ timeout: 1000 }).catch(() => "")) ?? ""),
      );
      return Number(minutes) * 60 + Number(seconds);
    },
    picture: (name, clip) => (pictures ? page.screenshot({ path: join(pictures, `${name}.png`), ...(clip && { clip }) }) : undefined),
    /** A picture of one thing, with a little of what is around it. */
    async pictureOf(name, locator) {
      const { x, y, width, height } = await locator.boundingBox();
      await shown.picture(name, { x: x - 8, y: y - 8, width: width + 16, height: height + 16 });
    },
    toast: (words) => page.locator(".notification-toast", { hasText: words }).first(),
    see: (selector, words, millis = PATIENCE) =>
      page.locator(selector, words === undefined ? {} : { hasText: words }).first().waitFor({ timeout: millis }),
    row: (words) => page.locator(".pane-body .monaco-list-row", { hasText: words }).first(),
    /** The text of the panel that explains. */
    why: (words) =>
      until(`a panel that says ${words}`, async () => {
        for (const frame of page.frames()) {
          const said = await frame.evaluate(() => document.querySelector("main > h1") && document.body.innerText).catch(() => null);
          if (said?.includes(words)) return frame;
        }
        return undefined;
      }),
    /** Asks for something by the quick input that a key opens; what opens it meanwhile may close it again. */
    async quick(key, text, words) {
      const input = page.locator(".quick-input-widget input").first();
      const row = page.locator(".quick-input-widget .monaco-list-row", { hasText: words }).first();
      for (let tries = 0; ; tries += 1) {
        try {
          await page.keyboard.press(key);
          await input.fill(text, { timeout: 4000 });
          await row.click({ timeout: 8000 });
          return;
        } catch (error) {
          if (tries === 5) throw error;
          await page.keyboard.press("Escape");
        }
      }
    },
    /** Runs a command of the palette; the first that is found by these words. */
    palette: (words) => shown.quick("F1", `>${words}`, words),
    async pick(words) {
      await page.locator(".quick-input-widget .monaco-list-row", { hasText: words }).first().click({ timeout: PATIENCE });
    },
    async openFile(name) {
      await shown.quick("Control+P", name, name);
      await page.locator(".tab.active", { hasText: name }).first().waitFor({ timeout: PATIENCE });
    },
    /** Closes one notification. */
    async dismiss(words) {
      await shown.toast(words).hover();
      await shown.toast(words).locator(".codicon-notifications-clear").click();
    },
    async clear() {
      await until("an end of toasts", async () => {
        if ((await page.locator(".notification-toast").count()) === 0) return true;
        // A busy workbench loses keys now and then.
        await shown.palette("Notifications: Clear All Notifications");
        return false;
      });
    },
    decisions: () => shown.palette("Banksman: Show the Decisions"),
  };
  return shown;
}
