// A VSIX without the program would stop VS Code's agent altogether: its hooks run the one in the extension.
import { existsSync } from "node:fs";

if (!["banksman", "banksman.exe"].some((name) => existsSync(new URL(`../bin/${name}`, import.meta.url)))) {
  console.error("There is no program in bin/: build it (`cargo build --release -p banksman`) and copy it there.");
  process.exit(1);
}
