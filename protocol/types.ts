// Generated from the types in protocol/src. Do not edit.

/**
 * One thing an agent wants to do, before it is done.
 */
export type Action = { "kind": "command",
/**
 * The command line, as the shell would be given it.
 */
command: string,
/**
 * The directory to run it in; the session's directory when absent.
 */
cwd?: string | null, } | { "kind": "edit",
/**
 * The file, absolute or relative to the session's directory.
 */
path: string,
/**
 * The text that is replaced; null when `new` is the whole file.
 */
old: string | null,
/**
 * The text that takes its place.
 */
new: string, } | { "kind": "delete",
/**
 * The file or folder, absolute or relative to the session's directory.
 */
path: string, } | { "kind": "read",
/**
 * The file, absolute or relative to the session's directory.
 */
path: string, } | { "kind": "fetch",
/**
 * The address.
 */
url: string,
/**
 * The HTTP method; `GET` when absent.
 */
method: string,
/**
 * What is sent, when something is.
 */
body: string | null, } | { "kind": "tool",
/**
 * The name of the server as the client knows it.
 */
server: string,
/**
 * The name of the tool.
 */
tool: string,
/**
 * The arguments of the call.
 */
arguments: Record<string, unknown>,
/**
 * The hints of the MCP server about the tool. They are claims of the server, not facts.
 */
annotations?: Annotations | null,
/**
 * What the server says the tool does. A claim of the server, not a fact.
 */
description?: string | null, } | { "kind": "delegate",
/**
 * What the subagent is told to do.
 */
prompt: string, };

/**
 * The tool hints of the Model Context Protocol.
 */
export type Annotations = {
/**
 * The server says that the tool changes nothing.
 */
readOnlyHint?: boolean | null,
/**
 * The server says that the tool may destroy something.
 */
destructiveHint?: boolean | null,
/**
 * The server says that calling the tool twice is as calling it once.
 */
idempotentHint?: boolean | null,
/**
 * The server says that the tool reaches systems beyond the server itself.
 */
openWorldHint?: boolean | null, };

/**
 * What is to happen with an action. Ordered: the strictest wins.
 */
export type Decision = "allow" | "ask" | "block";

/**
 * A range of bytes in the text of an action: the command line, the new text of an edit,
 * the path of a delete or read, the address of a fetch, the brief of a delegate,
 * the arguments of a tool call as compact JSON.
 */
export type Span = {
/**
 * The first byte.
 */
start: number,
/**
 * The byte after the last.
 */
end: number, };

/**
 * Where in a file the evidence stands, when an action runs a file.
 */
export type Place = {
/**
 * The file, absolute.
 */
path: string,
/**
 * The line, counted from 1.
 */
line: number, };

/**
 * What one rule says about an action.
 */
export type Finding = {
/**
 * The rule, by name.
 */
rule: string,
/**
 * What the rule asks for.
 */
decision: Decision,
/**
 * Nothing said in the conversation clears it.
 */
hard: boolean,
/**
 * What would happen and why it matters: one or two sentences.
 */
message: string,
/**
 * The evidence in the text of the action.
 */
span: Span,
/**
 * The evidence in a file that the action runs.
 */
place?: Place | null,
/**
 * What would clear it.
 */
clears: string,
/**
 * A safer way.
 */
instead: string,
/**
 * The user's words that cleared it, if they did.
 */
clearedBy?: string | null, };

/**
 * One thing that an action would do to the world.
 */
export type EffectView = {
/**
 * The kind of effect, in kebab-case.
 */
kind: string,
/**
 * What it acts on: a path, a host, a package, a branch.
 */
target: string,
/**
 * The effect in words.
 */
summary: string,
/**
 * The evidence in the text of the action.
 */
span: Span,
/**
 * How sure Banksman is that it would happen.
 */
certainty: Certainty,
/**
 * Whether it can be undone.
 */
reversibility: Reversibility, };

/**
 * How sure Banksman is of an effect.
 */
export type Certainty = "possible" | "likely" | "certain";

/**
 * Whether an effect can be undone.
 */
export type Reversibility = "harmless" | "reversible" | "unknown" | "irreversible";

/**
 * The answer to one action.
 */
export type Verdict = {
/**
 * Names this verdict in the ledger, in `banksman/resolve` and `banksman/explain`.
 */
id: string,
/**
 * What is to happen.
 */
decision: Decision,
/**
 * SHA-256 of the action and its directory, in hex. An approval holds for this digest only.
 */
digest: string,
/**
 * The verdict in one line.
 */
summary: string,
/**
 * What the rules say, strictest first. Cleared findings stand last, with the words that cleared them.
 */
findings: Array<Finding>,
/**
 * What the action would do.
 */
effects: Array<EffectView>,
/**
 * The user's words that counted.
 */
grants: Array<string>,
/**
 * How long the review took, in microseconds.
 */
elapsedMicros: number, };

/**
 * `banksman/review`: review one action. Answered with a [`Verdict`].
 */
export type ReviewParams = {
/**
 * The agent conversation.
 */
session: string,
/**
 * What the agent proposes.
 */
action: Action,
/**
 * The agent's own name for the call. The same name gets the same verdict.
 */
toolCallId?: string | null,
/**
 * The workspace folder the session works in; the first folder of the editor when absent.
 */
workspace?: string | null, };

/**
 * `banksman/resolve`: a person answers what was asked, or clears what was blocked for a retry.
 */
export type ResolveParams = {
/**
 * The verdict's id.
 */
verdict: string,
/**
 * What the person decided.
 */
answer: Answer,
/**
 * What the person wants the agent to know.
 */
note?: string | null, };

/**
 * What a person decides about an asked or blocked action.
 */
export type Answer = "once" | "session" | "workspace" | "no";

/**
 * The result of `banksman/resolve`.
 */
export type Resolution = {
/**
 * What now holds for the action.
 */
decision: Decision,
/**
 * Why the answer could not be taken as given, when it could not.
 */
reason?: string | null, };

/**
 * `banksman/explain`: everything a verdict rests on. Answered with an [`Explanation`].
 */
export type ExplainParams = {
/**
 * The verdict's id.
 */
verdict: string, };

/**
 * Everything a verdict rests on.
 */
export type Explanation = {
/**
 * The verdict as it was given.
 */
verdict: Verdict,
/**
 * The action as it was reviewed, with secrets redacted.
 */
action: Action,
/**
 * What the action would do.
 */
effects: Array<EffectView>,
/**
 * What the rules say.
 */
findings: Array<Finding>,
/**
 * The user's words that allow something, as understood.
 */
grants: Array<ConsentView>,
/**
 * The user's words that forbid something, as understood.
 */
boundaries: Array<ConsentView>,
/**
 * Where the strings that decided were first seen.
 */
provenance: Array<Provenance>, };

/**
 * A grant or a boundary, as understood.
 */
export type ConsentView = {
/**
 * What is allowed or forbidden, in words.
 */
meaning: string,
/**
 * The user's words.
 */
quote: string,
/**
 * The turn of the conversation, counted from 1.
 */
turn: number, };

/**
 * Where a host, an address, a path, a package or a command line was first seen.
 */
export type Provenance = {
/**
 * What was seen.
 */
what: string,
/**
 * Where: the user's words, the workspace, a file, a web page, a command's output, a tool's result.
 */
origin: string, };

/**
 * `banksman/session`: the state of one session. Answered with a [`SessionState`].
 */
export type SessionParams = {
/**
 * The agent conversation.
 */
session: string, };

/**
 * The state of one session.
 */
export type SessionState = {
/**
 * The agent conversation.
 */
session: string,
/**
 * The mode in force.
 */
mode: Mode,
/**
 * The session has paused to `manual` after too many blocks.
 */
paused: boolean,
/**
 * The user's words that allow something.
 */
grants: Array<ConsentView>,
/**
 * The user's words that forbid something.
 */
boundaries: Array<ConsentView>,
/**
 * How many actions were allowed.
 */
allowed: number,
/**
 * How many actions were asked about.
 */
asked: number,
/**
 * How many actions were blocked.
 */
blocked: number,
/**
 * The latest verdicts, newest last.
 */
recent: Array<Verdict>, };

/**
 * How much Banksman lets flow.
 */
export type Mode = "manual" | "auto" | "strict" | "bypass" | "plan";

/**
 * `banksman/setMode`: change the mode of a session, or of the workspace when no session is named.
 */
export type SetModeParams = {
/**
 * The agent conversation.
 */
session?: string | null,
/**
 * How much is to flow from now on.
 */
mode: Mode, };

/**
 * `banksman/prompt`: what the user said to the agent.
 */
export type PromptParams = {
/**
 * The agent conversation.
 */
session: string,
/**
 * The user's words.
 */
text: string, };

/**
 * `banksman/content`: text that the agent read.
 */
export type ContentParams = {
/**
 * The agent conversation.
 */
session: string,
/**
 * Where the text comes from.
 */
origin: Origin,
/**
 * All of it that the agent has read, as it came.
 */
text: string, };

/**
 * Where a text that the agent read comes from.
 */
export type Origin = {
/**
 * The kind of source.
 */
kind: OriginKind,
/**
 * A file's path, a page's address, a command line, a tool's name.
 */
name: string, };

/**
 * The kind of source of a text that the agent read.
 */
export type OriginKind = "file" | "web" | "command" | "tool";

/**
 * `banksman/outcome`: what became of an action.
 */
export type OutcomeParams = {
/**
 * The agent conversation.
 */
session: string,
/**
 * The agent's name for the call, as in `banksman/review`.
 */
toolCallId: string,
/**
 * It was carried out.
 */
ok: boolean,
/**
 * What it printed or returned.
 */
output?: string | null, };

/**
 * `banksman/sessionEnd`: the conversation is over.
 */
export type SessionEndParams = {
/**
 * The agent conversation.
 */
session: string, };

/**
 * `banksman/verdict`: every verdict, for the decision view. Sent by the server.
 */
export type VerdictParams = {
/**
 * The agent conversation.
 */
session: string,
/**
 * The action, with secrets redacted.
 */
action: Action,
/**
 * What holds for the action now; the same id may come again with another decision.
 */
verdict: Verdict, };

/**
 * `banksman/ask`: a person is to decide. Sent by the server to clients that declare
 * `experimental.banksman.ask`. Answered with an [`AskResult`]; no answer in time means no.
 */
export type AskParams = {
/**
 * The agent conversation.
 */
session: string,
/**
 * The action, with secrets redacted.
 */
action: Action,
/**
 * Why the person is asked. Its decision is `ask`.
 */
verdict: Verdict,
/**
 * How long the server waits, in milliseconds.
 */
deadlineMillis: number, };

/**
 * The answer to `banksman/ask`.
 */
export type AskResult = {
/**
 * What the person decided.
 */
answer: Answer,
/**
 * What the person wants the agent to know.
 */
note?: string | null, };

/**
 * A stretch of a read text that tries to instruct the agent.
 */
export type InjectionSpan = {
/**
 * Where it stands, in bytes of the text.
 */
span: Span,
/**
 * Why it stands out.
 */
why: string,
/**
 * How much it weighs, from 0 to 1.
 */
score: number, };

/**
 * `capabilities.experimental.banksman` of a client.
 */
export type ClientCapability = {
/**
 * The client answers `banksman/ask`.
 */
ask: boolean, };

/**
 * `capabilities.experimental.banksman` of the server.
 */
export type ServerCapability = {
/**
 * The version of these messages.
 */
version: number, };

/**
 * `initializationOptions.banksman` of a client.
 */
export type InitializationOptions = {
/**
 * The server puts what is to be asked to the person, and answers `banksman/review` with what the
 * person decided. Set by itself for clients that answer `banksman/ask`.
 */
ask: boolean,
/**
 * How long the server waits for the person at most, in milliseconds. The settings'
 * `ask_deadline_seconds` holds when it is absent or longer.
 */
askDeadlineMillis?: number | null, };

/**
 * One line of a recorded session.
 */
export type ReplayEvent = { "event": "session",
/**
 * The session's name; sessions may interleave.
 */
session: string,
/**
 * The workspace folder, absolute.
 */
workspace: string,
/**
 * The directory the agent works in, absolute or relative to the workspace.
 */
cwd: string | null, } | { "event": "prompt",
/**
 * The session's name.
 */
session: string,
/**
 * The user's words.
 */
text: string, } | { "event": "content",
/**
 * The session's name.
 */
session: string,
/**
 * Names the text in the output.
 */
id: string,
/**
 * Where the text comes from.
 */
origin: Origin,
/**
 * The text.
 */
text: string, } | { "event": "action",
/**
 * The session's name.
 */
session: string,
/**
 * Names the action in the output.
 */
id: string,
/**
 * What it proposes.
 */
action: Action, } | { "event": "outcome",
/**
 * The session's name.
 */
session: string,
/**
 * The action's name.
 */
id: string,
/**
 * It was carried out.
 */
ok: boolean,
/**
 * What it printed or returned.
 */
output: string | null, };

/**
 * One line of the answer.
 */
export type ReplayAnswer = { "event": "action",
/**
 * The session's name.
 */
session: string,
/**
 * The action's name.
 */
id: string,
/**
 * The decision.
 */
decision: Decision,
/**
 * The rules that decided, strictest first.
 */
rules: Array<string>,
/**
 * The verdict in one line.
 */
summary: string,
/**
 * How long the review took, in microseconds.
 */
elapsedMicros: number, } | { "event": "content",
/**
 * The session's name.
 */
session: string,
/**
 * The text's name.
 */
id: string,
/**
 * The text tries to instruct the agent.
 */
injection: boolean,
/**
 * How strongly, from 0 to 1.
 */
score: number,
/**
 * Where.
 */
spans: Array<InjectionSpan>, };

/** The names of the messages. */
export const method = {
  review: "banksman/review",
  resolve: "banksman/resolve",
  explain: "banksman/explain",
  session: "banksman/session",
  setMode: "banksman/setMode",
  prompt: "banksman/prompt",
  content: "banksman/content",
  outcome: "banksman/outcome",
  sessionEnd: "banksman/sessionEnd",
  verdict: "banksman/verdict",
  ask: "banksman/ask",
} as const;
