/** The person's settings as the server wants them. */

/** What belongs to the extension and not to the server. */
const OWN = new Set(["path", "notifyBlocked", "trace.server"]);

/** `askDeadlineSeconds` is `ask_deadline_seconds` to the server. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The section `banksman` for the server: only what the person has set, and only for this machine.
 * What a workspace says is not looked at; that is what `banksman.toml` and its trust are for.
 */
export function section(
  names: readonly string[],
  inspect: (name: string) => { globalValue?: unknown } | undefined,
): Record<string, unknown> {
  const set: Record<string, unknown> = {};
  for (const name of names) {
    const value = inspect(name)?.globalValue;
    if (!OWN.has(name) && value !== undefined && value !== null) set[snake(name)] = value;
  }
  return set;
}
