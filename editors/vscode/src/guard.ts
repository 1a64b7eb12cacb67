/** All that the extension holds: the client, the questions, the memory, and what shows them. */
import { homedir } from "node:os";
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
import { Pages, locate } from "./diff";
import { Gates } from "./gates";
import { Ghosts } from "./ghost";
import { History } from "./history";
import { FileStatus } from "./language";
import { Lenses } from "./lens";
import { Panel } from "./panel";
import { Notices } from "./notices";
import { run } from "./program";
import { Questions } from "./questions";
import { placeOf } from "./shown";
import { Status, modes } from "./status";
import { around, describe, oneLine, spoken, tell, unlinked } from "./text";
import { Times } from "./times";
import { deeds, missing } from "./words";

/** A session that nobody has: its starting state tells the mode of the workspace. */
const NOBODY = "vscode";

/** How much sooner than here a deadline may pass at the server, in milliseconds. */
const CLOCKS_DIFFER = 3000;

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
    () => {
      this.#draw();
      this.#blocked.look();
    },
    ({ params }) => void this.#tellSilence(params),
  );
  readonly #blocked = new Notices<VerdictParams>(
    () => this.#questions.all().length > 0,
    (last, count) => void this.#tellBlocked(last, count),
  );
  readonly #decisions = new Decisions(this.#history, this.#questions, () => this.#drawStatus());
  readonly #status = new Status();
  readonly #fileStatus = new FileStatus();
  readonly #pages = new Pages();
  readonly #panel = new Panel();
  readonly #lenses = new Lenses((id) => this.#history.find(id));
  readonly #ghosts = new Ghosts((id) => this.#history.find(id)?.action);
  readonly #times: Times;
  readonly #extension: string;
  readonly #folders = vscode.workspace.onDidChangeWorkspaceFolders(lookAround);
  #program: string | undefined;
  readonly gates = new Gates(() => this.#program, this.#pages);
  #client: LanguageClient | undefined;
  #mode: Mode | undefined;

  /** `opened`: when the extension was activated, in milliseconds. */
  constructor(extension: string, opened: number) {
    this.#extension = extension;
    spoken.deeds = deeds();
    this.#times = new Times(this.#log, opened);
    lookAround();
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
      const why = missing(binary);
      this.#log.error(why);
      this.#program = undefined;
      void this.#offerLog(vscode.l10n.t("Nothing is guarded from here. {0}", why));
      return;
    }
    this.#log.info(`Starting ${binary.path} (from the ${binary.from}).`);
    this.#program = binary.path;
    const client = create(binary, this.#log, this);
    this.#client = client;
    try {
      await client.start();
      this.#times.answers();
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
    if (isNew) this.#times.verdict(verdict.id);
    this.#ghosts.refresh();
    if (this.#panel.shown === verdict.id && !isNew) this.#explainQuietly(verdict.id);
    if (verdict.decision !== "ask") this.#settle(verdict);
    const line = `${verdict.decision} ${verdict.id} in ${verdict.elapsedMicros} µs: ${describe(action)}`;
    if (verdict.decision === "allow") this.#log.debug(line);
    else this.#log.info(`${line}. ${oneLine(verdict.summary)}`);
    if (isNew && verdict.decision === "block") this.#blocked.put(params);
    this.#draw();
  }

  /** Takes a question off the table that the server has settled. */
  #settle({ id, decision }: Verdict): void {
    const open = this.#questions.find(id);
    if (!open || !this.#questions.close(id, "no")) return;
    // The server has a clock of its own, which may be ahead.
    if (decision === "block" && Date.now() > open.due - CLOCKS_DIFFER) void this.#tellSilence(open.params);
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

  answer(id: string, answer: Answer, note?: string): boolean {
    return this.#questions.close(id, answer, note);
  }

  /** Answers what waits from the keyboard: which, then how. */
  async chooseAnswer(): Promise<void> {
    const waiting = this.#questions.all();
    if (waiting.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("Nothing waits for an answer."));
      return;
    }
    const chosen = await ask.choose(waiting);
    if (chosen === undefined) return;
    const { id, answer } = chosen;
    if (answer === "why") this.explain(id);
    else if (answer === "because") await this.denyBecause(id);
    else if (!this.answer(id, answer) && answer !== "no") ask.tooLate(this.#history.find(id)?.action);
  }

  /** Says no, with words for the agent. The question waits until they are written. */
  async denyBecause(id: string): Promise<void> {
    const wanted = this.#history.find(id)?.action;
    const note = await vscode.window.showInputBox({
      title: wanted ? vscode.l10n.t("No to: {0}", describe(wanted, 80)) : vscode.l10n.t("No"),
      prompt: vscode.l10n.t("What should the agent know? It is told this with your no."),
      ignoreFocusOut: true,
    });
    if (note === undefined) return;
    const words = note.trim();
    if (!this.answer(id, "no", words === "" ? undefined : words)) ask.tooLate(wanted);
  }

  waits(id: string): boolean {
    return this.#questions.find(id) !== undefined;
  }

  explain(id: string): void {
    void this.#request<Explanation>(method.explain, { verdict: id }).then((explanation) => {
      if (explanation) this.#panel.show(this.#newest(explanation));
    });
  }

  #explainQuietly(id: string): void {
    void this.#client?.sendRequest<Explanation>(method.explain, { verdict: id }).then(
      (explanation) => this.#panel.update(this.#newest(explanation)),
      () => undefined,
    );
  }

  /** An explanation with what was decided since. */
  #newest(explanation: Explanation): Explanation {
    const known = this.#history.find(explanation.verdict.id);
    return known ? { ...explanation, verdict: { ...explanation.verdict, ...known.verdict } } : explanation;
  }

  async resolve(id: string, answer: Answer): Promise<void> {
    if (this.answer(id, answer)) return;
    const resolution = await this.#request<Resolution>(method.resolve, { verdict: id, answer });
    if (!resolution) return;
    const wanted = this.#history.find(id);
    const what = wanted ? tell(wanted.action, 80) : id;
    if (resolution.reason) void vscode.window.showWarningMessage(unlinked(oneLine(resolution.reason)));
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
    const items = modes().map(([label, description]) => ({
      label,
      description,
      ...(label === this.#mode && { iconPath: new vscode.ThemeIcon("check") }),
    }));
    const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("How much may flow without a question?") });
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
  async review(session: string, action: Action, workspace?: string): Promise<boolean> {
    try {
      const params = { session, action, ...(workspace !== undefined && { workspace }) };
      const verdict = await this.#client?.sendRequest<Verdict>(method.review, params);
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

  chooseFilter(): Promise<void> {
    return this.#decisions.chooseFilter();
  }

  clearHistory(): void {
    this.#history.clear();
    this.#draw();
  }

  /** Shows where the evidence of a verdict stands: in a file that is run, or in the file that is acted on. */
  async reveal(id: string): Promise<void> {
    const entry = this.#history.find(id);
    const found = entry?.verdict.findings.find((finding) => finding.place)?.place;
    const shown = placeOf(id);
    const action = entry?.action;
    const file = found ? vscode.Uri.file(found.path) : (shown?.uri ?? (action && "path" in action ? await locate(action.path) : undefined));
    if (!file) {
      void vscode.window.showInformationMessage(vscode.l10n.t("It is not in any file."));
      return;
    }
    const line = found && new vscode.Range(Math.max(0, found.line - 1), 0, Math.max(0, found.line - 1), 0);
    const selection = line ?? shown?.range;
    try {
      await vscode.window.showTextDocument(file, { preview: true, ...(selection && { selection }) });
    } catch {
      void vscode.window.showInformationMessage(vscode.l10n.t("There is no such file any more."));
    }
  }

  /** Shows the page of a rule. */
  async showRule(rule: string): Promise<void> {
    if (this.#program === undefined || !/^[a-z-]+$/.test(rule)) return;
    const ran = await run(this.#program, ["rules", rule], undefined);
    if (ran.code === 0) await this.#pages.showText(`/rule/${rule}.txt`, ran.text);
  }

  /** Writes all decisions of this window to a file. */
  async export(): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const options: vscode.SaveDialogOptions = {
      filters: { JSON: ["json"] },
      saveLabel: vscode.l10n.t("Export"),
      ...(folder && { defaultUri: vscode.Uri.joinPath(folder, "banksman-decisions.json") }),
    };
    const target = await vscode.window.showSaveDialog(options);
    if (!target) return;
    const text = `${JSON.stringify(this.#history.all(), null, 2)}\n`;
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    const count = this.#history.all().length;
    void vscode.window.showInformationMessage(vscode.l10n.t("{0} decisions were exported.", count));
  }

  async trust(): Promise<void> {
    if (!(await this.gates.trust())) return;
    // The server looks at its settings anew.
    await this.#client?.sendNotification("workspace/didChangeConfiguration", { settings: null });
    void vscode.window.showInformationMessage(vscode.l10n.t("banksman.toml is trusted as it is now."));
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
      void vscode.window.showErrorMessage(unlinked(oneLine(error instanceof Error ? error.message : String(error))));
      return undefined;
    }
  }

  async #tellBlocked({ action, verdict }: VerdictParams, count: number): Promise<void> {
    if (!vscode.workspace.getConfiguration("banksman").get<boolean>("notifyBlocked", true)) return;
    const why = vscode.l10n.t("Why?");
    const reason = unlinked(oneLine(verdict.summary));
    const said =
      count === 1
        ? vscode.l10n.t("Blocked: {0}. {1}", tell(action), reason)
        : vscode.l10n.t("Blocked {0} actions, the last one: {1}. {2}", count, tell(action), reason);
    if ((await vscode.window.showWarningMessage(said, why)) === why) this.explain(verdict.id);
  }

  async #tellSilence({ action, verdict }: AskParams): Promise<void> {
    // The question cannot be taken back; out of sight it does not ask for an answer that no longer counts.
    await vscode.commands.executeCommand("notifications.hideToasts");
    const again = vscode.l10n.t("Allow a Retry");
    const said = vscode.l10n.t("Nobody answered, so the agent was not allowed to {0}.", tell(action));
    if ((await vscode.window.showWarningMessage(said, again)) === again) await this.resolve(verdict.id, "once");
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
    this.#drawStatus();
  }

  #drawStatus(): void {
    const waiting = this.#questions.all();
    this.#status?.draw({
      running: this.#client !== undefined,
      mode: this.#mode,
      counts: this.#history.counts(),
      waiting: waiting.length,
      due: waiting.length > 0 ? Math.min(...waiting.map((question) => question.due)) : undefined,
    });
    this.#fileStatus?.draw(this.#client !== undefined, this.#mode);
  }

  dispose(): void {
    const parts = [this.#decisions, this.#status, this.#fileStatus, this.#pages, this.#panel, this.#lenses, this.#ghosts];
    for (const part of [...parts, this.#times, this.#folders, this.#log]) part.dispose();
  }
}

function lookAround(): void {
  around.folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  around.home = homedir();
}
