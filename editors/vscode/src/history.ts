/** What was decided, as it is remembered for the view. */
import type { VerdictParams } from "../../../protocol/types";

const MOST = 1000;

export interface Entry extends VerdictParams {
  readonly at: Date;
}

export interface Counts {
  allow: number;
  ask: number;
  block: number;
}

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

  /** What was decided in a session, newest first. */
  of(session: string, onlyStopped: boolean): Entry[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.session === session && !(onlyStopped && entry.verdict.decision === "allow"))
      .reverse();
  }

  counts(session?: string): Counts {
    const counts: Counts = { allow: 0, ask: 0, block: 0 };
    for (const entry of this.#entries.values()) {
      if (session === undefined || entry.session === session) counts[entry.verdict.decision] += 1;
    }
    return counts;
  }
}
