/** All that the extension holds: the client, the questions, the memory, and what shows them. */
import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import {
  method,
  type Action,
  type Answer,
  type AskParams,
  type AskResult,
  type Explanation,
  type Mode,
  type Resolution,
  type SessionState,
  type Verdict,
  type VerdictParams,
} from "../../../protocol/types";
import * as ask from "./ask";
import { find, runnable } from "./binary";
import { create, type Listener } from "./client";
import { Decisions } from "./decisions";
import { Pages } from "./diff";
import { History } from "./history";
import { Lenses } from "./lens";
import { Questions } from "./questions";
import { MODES, Status } from "./status";
import { describe, oneLine, page } from "./text";

/** A session that nobody has: its starting state tells the mode of the workspace. */
const NOBODY = "vscode";

/** What the server's commands answer; `dismiss` and `why` answer nothing. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "banksman.allowOnce": "once",
  "banksman.allowInWorkspace": "workspace",
  "banksman.keepBlocked": "no",
};

export class Guard implements Listener, ask.Asker, vscode.Disposable {
  readonly #log = vscode.window.createOutputChannel("Banksman", { log: true });
  readonly #history = new History();
  readonly #questions = new Questions(
    () => this.#draw(),
    ({ params }) => {
      void vscode.window.showWarningMessage(
        vscode.l10n.t("Nobody answered, so the agent was not let to {0}.", describe(params.action)),
      );
    },
  );
  readonly #decisions = new Decisions(this.#history, this.#questions);
  readonly #status = new Status();
  readonly #pages = new Pages();
  readonly #lenses = new Lenses();
  readonly #extension: string;
  readonly #opened: number;
  #client: LanguageClient | undefined;
  #mode: Mode | undefined;

  /** `opened`: when the extension was activated, in milliseconds. */
  constructor(extension: string, opened: number) {
    this.#extension = extension;
    this.#opened = opened;
    this.#draw();
  }

  async start(): Promise<void> {
    const binary = find({
      setting: vscode.workspace.getConfiguration("banksman").inspect<string>("path")?.globalValue ?? "",
      extension: this.#extension,
      searchPath: process.env["PATH"] ?? "",
      windows: process.platform === "win32",
      runnable,
    });
    if ("missing" in binary) {
      this.#log.error(binary.missing);
      void this.#offerLog(vscode.l10n.t("Nothing is guarded from here. {0}", binary.missing));
      return;
    }
    this.#log.info(`Starting ${binary.path} (from the ${binary.from}).`);
    const client = create(binary, this.#log, this);
    this.#client = client;
    try {
      await client.start();
      this.#log.info(`The server answers, ${Date.now() - this.#opened} ms after the extension was activated.`);
      await this.#refreshMode();
    } catch (error) {
      this.#log.error(String(error));
      void this.#offerLog(vscode.l10n.t("The server did not start. Nothing is guarded from here."));
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#mode = undefined;
    this.#questions.closeAll();
    this.#draw();
    try {
      await client?.dispose(2000);
    } catch (error) {
      this.#log.warn(`The server did not stop as it should: ${String(error)}`);
    }
  }

  // What the server says.

  verdict(params: VerdictParams): void {
    const { verdict, action } = params;
    const isNew = this.#history.add(params, new Date());
    if (verdict.decision !== "ask") this.#questions.close(verdict.id, "no");
    const line = `${verdict.decision} ${verdict.id} in ${verdict.elapsedMicros} µs: ${describe(action)}`;
    if (verdict.decision === "allow") this.#log.debug(line);
    else this.#log.info(`${line}. ${oneLine(verdict.summary)}`);
    if (isNew && verdict.decision === "block") void this.#tellBlocked(params);
    this.#draw();
  }

  ask(params: AskParams): Promise<AskResult> {
    const now = Date.now();
    const answered = this.#questions.put(params, now);
    void ask.show(params, now + params.deadlineMillis, this);
    return answered;
  }

  gone(again: boolean): void {
    this.#mode = undefined;
    this.#questions.closeAll();
    const waited = vscode.l10n.t("The server has stopped. What waited for an answer is not run.");
    const what = again
      ? vscode.l10n.t("{0} It is started again.", waited)
      : vscode.l10n.t("{0} It has stopped too often and stays stopped.", waited);
    this.#log.error(what);
    if (!again) this.#client = undefined;
    else setTimeout(() => void this.#refreshMode(), 1500);
    this.#draw();
    void this.#offerLog(what);
  }

  // What the person says.

  answer(id: string, answer: Answer): boolean {
    return this.#questions.close(id, answer);
  }

  waits(id: string): boolean {
    return this.#questions.find(id) !== undefined;
  }

  explain(id: string): void {
    void this.#request<Explanation>(method.explain, { verdict: id }).then(
      (explanation) => explanation && this.#pages.showWhy(id, page(explanation)),
    );
  }

  async resolve(id: string, answer: Answer): Promise<void> {
    if (this.answer(id, answer)) return;
    const resolution = await this.#request<Resolution>(method.resolve, { verdict: id, answer });
    if (!resolution) return;
    const wanted = this.#history.find(id);
    const what = wanted ? describe(wanted.action, 80) : id;
    if (resolution.reason) void vscode.window.showWarningMessage(oneLine(resolution.reason));
    else if (resolution.decision === "allow")
      void vscode.window.showInformationMessage(vscode.l10n.t("Allowed. The agent may try again to {0}.", what));
  }

  async command(name: string, id: unknown): Promise<unknown> {
    if (typeof id !== "string") return undefined;
    const answer = ANSWERS[name];
    if (answer) await this.resolve(id, answer);
    else if (name === "banksman.why") this.explain(id);
    else await this.#request("workspace/executeCommand", { command: name, arguments: [id] });
    return undefined;
  }

  async showDiff(id: string): Promise<void> {
    const entry = this.#history.find(id);
    if (entry) await this.#pages.showEdit(id, entry.action);
  }

  async chooseMode(): Promise<void> {
    const items = MODES.map(([label, description]) => ({
      label,
      description: vscode.l10n.t(description),
      ...(label === this.#mode && { detail: vscode.l10n.t("now") }),
    }));
    const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("How much is to flow?") });
    if (!chosen) return;
    const now = await this.#request<Mode>(method.setMode, { mode: chosen.label });
    if (now === undefined) return;
    this.#mode = now;
    this.#draw();
    if (now !== chosen.label) {
      void vscode.window.showWarningMessage(vscode.l10n.t("A managed setting keeps the mode at {0}.", now));
    }
  }

  /** For extensions that run an agent's tools themselves. Only true means go. */
  async review(session: string, action: Action): Promise<boolean> {
    try {
      const verdict = await this.#client?.sendRequest<Verdict>(method.review, { session, action });
      return verdict?.decision === "allow";
    } catch (error) {
      this.#log.error(`A review failed, so the action is stopped: ${String(error)}`);
      return false;
    }
  }

  /** Passes on what the person said to the agent. */
  async prompt(session: string, text: string): Promise<void> {
    await this.#client?.sendNotification(method.prompt, { session, text });
  }

  toggleFilter(): void {
    this.#decisions.toggleFilter();
  }

  showLog(): void {
    this.#log.show();
  }

  async #refreshMode(): Promise<void> {
    const state = await this.#request<SessionState>(method.session, { session: NOBODY });
    this.#mode = state?.mode;
    this.#draw();
  }

  async #request<T>(name: string, params: object): Promise<T | undefined> {
    if (!this.#client?.isRunning()) {
      void this.#offerLog(vscode.l10n.t("The server is not running."));
      return undefined;
    }
    try {
      return await this.#client.sendRequest<T>(name, params);
    } catch (error) {
      this.#log.error(`${name}: ${String(error)}`);
      void vscode.window.showErrorMessage(oneLine(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  }

  async #tellBlocked({ action, verdict }: VerdictParams): Promise<void> {
    if (!vscode.workspace.getConfiguration("banksman").get<boolean>("notifyBlocked", true)) return;
    const why = vscode.l10n.t("Why?");
    const said = vscode.l10n.t("Blocked: {0}. {1}", describe(action, 120), oneLine(verdict.summary));
    if ((await vscode.window.showWarningMessage(said, why)) === why) this.explain(verdict.id);
  }

  async #offerLog(what: string): Promise<void> {
    const log = vscode.l10n.t("Show the Log");
    const again = vscode.l10n.t("Restart");
    const chosen = await vscode.window.showErrorMessage(`Banksman: ${what}`, log, again);
    if (chosen === log) this.showLog();
    if (chosen === again) await this.restart();
  }

  #draw(): void {
    this.#decisions?.refresh();
    this.#status?.draw({
      running: this.#client !== undefined,
      mode: this.#mode,
      counts: this.#history.counts(),
      waiting: this.#questions.all().length,
    });
  }

  dispose(): void {
    for (const part of [this.#decisions, this.#status, this.#pages, this.#lenses, this.#log]) part.dispose();
  }
}
