/** Questions that wait for the person. Silence means no. */
import type { Answer, AskParams, AskResult } from "../../../protocol/types";

export interface Question {
  readonly params: AskParams;
  /** When the deadline passes, in milliseconds since 1970. */
  readonly due: number;
}

interface Open extends Question {
  readonly reply: (result: AskResult) => void;
  readonly timer: NodeJS.Timeout;
}

export class Questions {
  readonly #open = new Map<string, Open>();
  readonly #changed: () => void;
  readonly #expired: (question: Question) => void;

  constructor(changed: () => void, expired: (question: Question) => void) {
    this.#changed = changed;
    this.#expired = expired;
  }

  /** Puts a question on the table; done when it is answered or its deadline has passed. */
  put(params: AskParams, now: number): Promise<AskResult> {
    const id = params.verdict.id;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const question = this.#open.get(id);
        if (question && this.close(id, "no")) this.#expired(question);
      }, params.deadlineMillis);
      this.#open.set(id, { params, due: now + params.deadlineMillis, reply: resolve, timer });
      this.#changed();
    });
  }

  /** Answers a question, with what the person wants the agent to know. False: it was not there any more. */
  close(id: string, answer: Answer, note?: string): boolean {
    const question = this.#open.get(id);
    if (!question) return false;
    this.#open.delete(id);
    clearTimeout(question.timer);
    question.reply({ answer, ...(note !== undefined && { note }) });
    this.#changed();
    return true;
  }

  /** The server that asked is gone. */
  closeAll(): void {
    for (const id of [...this.#open.keys()]) this.close(id, "no");
  }

  find(id: string): Question | undefined {
    return this.#open.get(id);
  }

  all(): Question[] {
    return [...this.#open.values()];
  }
}
