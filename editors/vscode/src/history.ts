/** What was decided, as it is remembered for the view. */
import type { VerdictParams } from "../../../protocol/types";
import { describe } from "./text";

const MOST = 1000;

export interface Entry extends VerdictParams {
  readonly at: Date;
}

export interface Counts {
  allow: number;
  ask: number;
  block: number;
}

/** What of the history is to be seen. */
export type Filter = "all" | "stopped" | "blocked";

export class History {
  /** By verdict, oldest first. */
  readonly #entries = new Map<string, Entry>();

  /** Takes in a verdict. Gives whether it is a new one. */
  add(params: VerdictParams, at: Date): boolean {
    const known = this.#entries.get(params.verdict.id);
    this.#entries.set(params.verdict.id, { ...params, at: known?.at ?? at });
    for (const id of this.#entries.keys()) {
      if (this.#entries.size <= MOST) break;
      this.#entries.delete(id);
    }
    return known === undefined;
  }

  find(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** The sessions, that with the latest decision first. */
  sessions(): string[] {
    return [...new Set([...this.#entries.values()].reverse().map((entry) => entry.session))];
  }

  /** What was decided in a session, newest first; `containing` is looked for in the action, the summary and the rules. */
  of(session: string, filter: Filter, containing = ""): Entry[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.session === session && passes(entry, filter, containing.toLowerCase()))
      .reverse();
  }

  /** All of it, oldest first. */
  all(): Entry[] {
    return [...this.#entries.values()];
  }

  clear(): void {
    this.#entries.clear();
  }

  counts(session?: string): Counts {
    const counts: Counts = { allow: 0, ask: 0, block: 0 };
    for (const entry of this.#entries.values()) {
      if (session === undefined || entry.session === session) counts[entry.verdict.decision] += 1;
    }
    return counts;
  }
}

function passes({ action, verdict }: Entry, filter: Filter, containing: string): boolean {
  const { decision } = verdict;
  if (filter === "stopped" && decision === "allow") return false;
  if (filter === "blocked" && decision !== "block") return false;
  if (containing === "") return true;
  const rules = verdict.findings.map((finding) => finding.rule);
  return [describe(action, 10_000), verdict.summary, ...rules].some((text) => text.toLowerCase().includes(containing));
}
