/**
 * Notices that come in numbers. The editor shows three notifications at a time, so a row of them would push away
 * the question that a person is to answer: they wait while one is open, and those that come close together are one.
 */
export class Notices<T> {
  readonly #busy: () => boolean;
  readonly #show: (last: T, count: number) => void;
  readonly #pause: number;
  #waiting: T[] = [];
  #resting: NodeJS.Timeout | undefined;

  /** `pause` in milliseconds: how long after one notice the next is shown. */
  constructor(busy: () => boolean, show: (last: T, count: number) => void, pause = 3000) {
    this.#busy = busy;
    this.#show = show;
    this.#pause = pause;
  }

  put(notice: T): void {
    this.#waiting.push(notice);
    this.look();
  }

  /** Shows what waits, if it need not wait any longer. */
  look(): void {
    const last = this.#waiting.at(-1);
    if (last === undefined || this.#resting || this.#busy()) return;
    const count = this.#waiting.length;
    this.#waiting = [];
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      this.look();
    }, this.#pause);
    this.#show(last, count);
  }
}
