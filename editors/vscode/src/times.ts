/** How long it takes until the gate is closed, and from a verdict to what is seen of it. */
import * as vscode from "vscode";
import { verdictsIn } from "./shown";

/** Verdicts that are waited for at most. */
const MOST = 100;

export class Times implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #activated: number;
  /** When each verdict arrived; gone once its squiggle is there. */
  readonly #arrived = new Map<string, number>();
  /** When a squiggle was there before its verdict. */
  readonly #drawn = new Map<string, number>();
  readonly #registration = vscode.languages.onDidChangeDiagnostics(({ uris }) => this.#look(uris));

  /** `activated`: when the extension was activated, in milliseconds since 1970. */
  constructor(log: vscode.LogOutputChannel, activated: number) {
    this.#log = log;
    this.#activated = activated;
  }

  /** The server has answered for the first time. */
  answers(): void {
    const now = Date.now();
    const started = Math.round(now - performance.timeOrigin);
    this.#log.info(
      `The gate is closed: ${now - this.#activated} ms after the extension was activated, ${started} ms after VS Code started its extensions.`,
    );
  }

  verdict(id: string): void {
    if (this.#drawn.delete(id)) this.#tell(id, 0);
    else keep(this.#arrived, id);
  }

  #look(uris: readonly vscode.Uri[]): void {
    for (const uri of uris) {
      for (const id of verdictsIn(uri).keys()) {
        const arrived = this.#arrived.get(id);
        if (arrived === undefined) keep(this.#drawn, id);
        else this.#tell(id, Date.now() - arrived);
        this.#arrived.delete(id);
      }
    }
  }

  #tell(id: string, millis: number): void {
    this.#log.info(`From the verdict ${id} to its squiggle: ${millis} ms.`);
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function keep(times: Map<string, number>, id: string): void {
  if (!times.has(id)) times.set(id, Date.now());
  for (const oldest of times.keys()) {
    if (times.size <= MOST) break;
    times.delete(oldest);
  }
}
