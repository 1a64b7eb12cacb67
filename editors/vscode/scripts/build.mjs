// Bundles the extension, or with --test its tests.
import { readdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const test = process.argv.includes("--test");
const outdir = test ? "dist-test" : "dist";
rmSync(outdir, { recursive: true, force: true });

await build({
  entryPoints: test
    ? readdirSync("test").map((name) => `test/${name}`)
    : ["src/extension.ts"],
  outdir,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  minify: !test,
  sourcemap: test ? "inline" : false,
  logLevel: "warning",
});
