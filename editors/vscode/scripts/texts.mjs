// Writes l10n/bundle.l10n.json: every text that the code says by `vscode.l10n.t`. With --check tells whether it
// is as it would be written, whether every key of package.json has words, and whether translations fit.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import ts from "typescript";

const at = (path) => new URL(`../${path}`, import.meta.url);
const wrong = [];

const texts = new Set();
for (const name of readdirSync(at("src")).sort()) {
  const file = ts.createSourceFile(name, readFileSync(at(`src/${name}`), "utf8"), ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText(file) === "vscode.l10n.t") {
      const [text] = node.arguments;
      if (text && ts.isStringLiteralLike(text)) texts.add(text.text);
      else wrong.push(`${name}: a text that is not written out: ${node.getText(file)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}
const bundle = `${JSON.stringify(Object.fromEntries([...texts].sort().map((text) => [text, text])), null, 2)}\n`;
const path = at("l10n/bundle.l10n.json");

const keys = new Set([...readFileSync(at("package.json"), "utf8").matchAll(/"%([\w.-]+)%"/g)].map(([, key]) => key));
const words = JSON.parse(readFileSync(at("package.nls.json"), "utf8"));
for (const key of keys) if (!(key in words)) wrong.push(`package.nls.json has no ${key}`);
for (const key of Object.keys(words)) if (!keys.has(key)) wrong.push(`package.nls.json: nobody says ${key}`);

/** The places in a text that are filled in. */
const places = (text) => [...text.matchAll(/\{\d+\}/g)].map(String).sort().join();
const fits = (name, translated, original) => {
  for (const [key, text] of Object.entries(translated)) {
    if (!(key in original)) wrong.push(`${name}: nobody says ${key}`);
    else if (places(text) !== places(original[key])) wrong.push(`${name}: what is filled in differs: ${key}`);
  }
};

if (!process.argv.includes("--check")) {
  mkdirSync(at("l10n"), { recursive: true });
  writeFileSync(path, bundle);
} else if (readFileSync(path, "utf8") !== bundle) {
  wrong.push("l10n/bundle.l10n.json is stale: run `npm run texts`.");
}
for (const name of readdirSync(at("l10n"))) fits(name, JSON.parse(readFileSync(at(`l10n/${name}`), "utf8")), JSON.parse(bundle));
for (const name of readdirSync(at(".")).filter((name) => /^package\.nls\..+\.json$/.test(name)))
  fits(name, JSON.parse(readFileSync(at(name), "utf8")), words);
if (wrong.length > 0) {
  console.error(wrong.join("\n"));
  process.exit(1);
}
