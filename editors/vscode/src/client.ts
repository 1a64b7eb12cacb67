/** The language client: how the server is started, what it is told, and what happens when it dies. */
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  Trace,
  type ErrorHandler,
  type Executable,
  type LanguageClientOptions,
  type StaticFeature,
} from "vscode-languageclient/node";
import { method, type AskParams, type AskResult, type VerdictParams } from "../../../protocol/types";
import type { Binary } from "./binary";
import { verdictOf } from "./decisions";
import { section } from "./settings";

/** A server that dies more often than this within a minute is left alone. */
const MOST_RESTARTS = 3;

export interface Listener {
  verdict(params: VerdictParams): void;
  ask(params: AskParams): Promise<AskResult>;
  /** The server is gone; whether it is started again. */
  gone(again: boolean): void;
  /** Runs a command of a code action. */
  command(name: string, id: unknown): Promise<unknown>;
}

export function create(binary: Binary, log: vscode.LogOutputChannel, listener: Listener): LanguageClient {
  const settings = vscode.workspace.getConfiguration("banksman");
  const server: Executable = { command: binary.path, args: ["lsp"] };
  const options: LanguageClientOptions = {
    // An agent may touch any file.
    documentSelector: [{ scheme: "file" }],
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: { banksman: { ask: true } },
    synchronize: { configurationSection: "banksman" },
    errorHandler: errorHandler(listener),
    middleware: {
      executeCommand: (command, args) => listener.command(command, verdictOf(args[0])),
      workspace: {
        // Names and values are the server's; only what the person has set is passed on.
        configuration: (params) => params.items.map((item) => (item.section === "banksman" ? own() : null)),
      },
    },
  };
  const client = new LanguageClient("banksman", "Banksman", { run: server, debug: server }, options);
  client.registerFeature(asks);
  client.onNotification(method.verdict, (params: VerdictParams) => listener.verdict(params));
  client.onRequest(method.ask, (params: AskParams) => listener.ask(params));
  void client.setTrace(Trace.fromString(settings.get<string>("trace.server", "off")));
  return client;
}

function own(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration("banksman");
  const declared = vscode.extensions.getExtension("banksman.banksman")?.packageJSON as
    | { contributes: { configuration: { properties: Record<string, unknown> } } }
    | undefined;
  const names = Object.keys(declared?.contributes.configuration.properties ?? {});
  return section(
    names.map((name) => name.slice("banksman.".length)),
    (name) => settings.inspect(name),
  );
}

/** Tells the server that questions can be put here. */
const asks: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = { ...(capabilities.experimental as object), banksman: { ask: true } };
  },
  initialize: () => {},
  getState: () => ({ kind: "static" }),
  clear: () => {},
};

function errorHandler(listener: Listener): ErrorHandler {
  let restarts: number[] = [];
  return {
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: () => {
      const now = Date.now();
      restarts = restarts.filter((at) => now - at < 60_000);
      const again = restarts.length < MOST_RESTARTS;
      restarts.push(now);
      listener.gone(again);
      return { action: again ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true };
    },
  };
}
