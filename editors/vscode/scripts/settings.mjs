// Writes the settings of package.json and their words in package.nls.json from the schema of banksman.toml,
// or with --check tells whether they are as they would be written.
import { readFileSync, writeFileSync } from "node:fs";

const manifestPath = new URL("../package.json", import.meta.url);
const wordsPath = new URL("../package.nls.json", import.meta.url);
const schemaPath = new URL("../../../protocol/banksman.toml.schema.json", import.meta.url);

const schema = JSON.parse(readFileSync(schemaPath, "utf8"));
const before = readFileSync(manifestPath, "utf8");
const manifest = JSON.parse(before);
const wordsBefore = readFileSync(wordsPath, "utf8");
const words = Object.fromEntries(Object.entries(JSON.parse(wordsBefore)).filter(([key]) => !key.startsWith("setting.")));

/** `ask_deadline_seconds` is `askDeadlineSeconds` in VS Code. */
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

/** A schema without references, since VS Code does not follow them here. */
function inlined(part) {
  if (Array.isArray(part)) return part.map(inlined);
  if (part === null || typeof part !== "object") return part;
  if (typeof part.$ref === "string") {
    const { $ref, ...rest } = part;
    return { ...inlined(schema.definitions[$ref.split("/").at(-1)]), ...rest };
  }
  if (Array.isArray(part.oneOf) && part.oneOf.every((option) => "const" in option)) {
    const { oneOf, ...rest } = part;
    return {
      ...rest,
      type: "string",
      enum: oneOf.map((option) => option.const),
      markdownEnumDescriptions: oneOf.map((option) => option.description),
    };
  }
  if (Array.isArray(part.anyOf) && part.anyOf.length === 2 && part.anyOf[1].type === "null") {
    const { anyOf, ...rest } = part;
    const only = inlined(anyOf[0]);
    return only.enum
      ? { ...only, ...rest, type: ["string", "null"], enum: [...only.enum, null] }
      : { ...only, ...rest, type: [only.type, "null"] };
  }
  return Object.fromEntries(
    Object.entries(part)
      .filter(([key]) => key !== "format")
      .map(([key, value]) => [key, inlined(value)]),
  );
}

// The scope keeps a workspace from setting any of them: an agent can write `.vscode/settings.json`.
const own = {
  "banksman.path": {
    type: "string",
    default: "",
    scope: "machine",
    markdownDescription: "The absolute path of the `banksman` program. When empty: the one in the extension, else the one on the `PATH`.",
  },
  "banksman.notifyBlocked": {
    type: "boolean",
    default: true,
    scope: "machine",
    markdownDescription: "Show a notification when an action is blocked. It is in the decisions view in any case.",
  },
  "banksman.trace.server": {
    type: "string",
    enum: ["off", "messages", "verbose"],
    default: "off",
    scope: "window",
    markdownDescription: "How much of what is said to and by the server is logged.",
  },
};
const policy = Object.fromEntries(
  Object.entries(schema.properties)
    .map(([name, part]) => {
      const { description, ...rest } = inlined(part);
      const empty = rest.type === "array" ? [] : rest.type === "object" ? {} : null;
      return [
        `banksman.${camel(name)}`,
        { ...rest, default: empty, scope: "machine", markdownDescription: description.replace(/\n(?!\n)/g, " ") },
      ];
    }),
);
/** Puts every text for people under a key, so that it can be translated. The same text has one key. */
const keys = new Map();
function keyed(part, key) {
  if (Array.isArray(part)) return part.map((item, index) => keyed(item, `${key}.${index}`));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      const texts = { description: "", markdownDescription: "", markdownEnumDescriptions: "" };
      if (typeof value === "string" && name in texts) return [name, said(value, key)];
      if (Array.isArray(value) && name in texts) return [name, value.map((text, index) => said(text, `${key}.${part.enum[index]}`))];
      return [name, keyed(value, name === "properties" || name === "items" ? key : `${key}.${name}`)];
    }),
  );
}
function said(text, key) {
  if (!keys.has(text)) {
    keys.set(text, key);
    words[key] = text;
  }
  return `%${keys.get(text)}%`;
}
const properties = Object.fromEntries(
  Object.entries({ ...own, ...policy }).map(([name, part]) => [name, keyed(part, name.replace(/^banksman/, "setting"))]),
);
manifest.contributes.configuration = { title: "Banksman", properties };

const after = `${JSON.stringify(manifest, null, 2)}\n`;
const wordsAfter = `${JSON.stringify(words, null, 2)}\n`;
if (process.argv.includes("--check")) {
  if (after !== before || wordsAfter !== wordsBefore) {
    console.error("The settings in package.json or package.nls.json are stale: run `npm run texts`.");
    process.exit(1);
  }
} else {
  writeFileSync(manifestPath, after);
  writeFileSync(wordsPath, wordsAfter);
}
