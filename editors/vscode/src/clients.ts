/** The agents whose gates can be set up from here. */

/** The clients that `banksman install` knows, by its words for them. */
export const CLIENTS: readonly (readonly [string, string])[] = [
  ["claude", "Claude Code"],
  ["codex", "Codex"],
  ["gemini", "Gemini CLI"],
  ["copilot", "Copilot CLI"],
  ["cursor", "Cursor"],
  ["windsurf", "Windsurf"],
  ["opencode", "opencode"],
  ["vscode", "VS Code"],
];
