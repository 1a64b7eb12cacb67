// Makes the VSIX, offline: checks, bundles, and puts the program of bin/ inside. `--target linux-x64` (or what else
// `vsce package --target` knows) makes the one for that platform and looks whether the program is for it.
import { execFileSync } from "node:child_process";
import { existsSync, openSync, readSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The first bytes of programs, and where the machine is named in them. */
const MACHINES = {
  "linux-x64": { start: "7f454c46", at: 18, machine: 0x3e },
  "linux-arm64": { start: "7f454c46", at: 18, machine: 0xb7 },
  "linux-armhf": { start: "7f454c46", at: 18, machine: 0x28 },
  "darwin-x64": { start: "cffaedfe", at: 4, machine: 0x07 },
  "darwin-arm64": { start: "cffaedfe", at: 4, machine: 0x0c },
  "win32-x64": { start: "4d5a" },
  "win32-arm64": { start: "4d5a" },
};

const at = process.argv.indexOf("--target");
const target = at < 0 ? undefined : process.argv[at + 1];
const folder = fileURLToPath(new URL("..", import.meta.url));
const name = target?.startsWith("win32") || (target === undefined && process.platform === "win32") ? "banksman.exe" : "banksman";
const program = `${folder}bin/${name}`;
const stop = (why) => {
  console.error(why);
  process.exit(1);
};

// A VSIX without the program would stop VS Code's agent altogether: its hooks run the one in the extension.
if (!existsSync(program)) stop(`There is no bin/${name}: build it (\`cargo build --release -p banksman\`) and copy it there.`);
if (target !== undefined) {
  const machine = MACHINES[target] ?? stop(`No such platform: ${target}. There are ${Object.keys(MACHINES).join(", ")}.`);
  const head = Buffer.alloc(64);
  readSync(openSync(program, "r"), head, 0, 64, 0);
  const fits = head.toString("hex").startsWith(machine.start) && (machine.at === undefined || head.readUInt16LE(machine.at) === machine.machine);
  if (!fits) stop(`bin/${name} is not a program for ${target}.`);
}

const npm = (...words) => execFileSync("npm", words, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
npm("run", "--silent", "check");
npm("run", "--silent", "build");
const out = target === undefined ? "banksman.vsix" : `banksman-${target}.vsix`;
npm("exec", "--offline", "--", "vsce", "package", "--no-dependencies", "--skip-license", "--out", out, ...(target === undefined ? [] : ["--target", target]));
