// An editor, as far as Banksman's language server is concerned: it starts the server for the
// workspace and answers its questions to the person.

import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** How long a person has to answer, in milliseconds. */
const DEADLINE = 4_000;

/**
 * Starts the language server in a home.
 * @param {import('./home.mjs').Home} home
 * @param {(question: object, server: object) => object | null} person  What the person says to a question; `null` is nothing.
 * @param {Record<string, string>} [variables]
 */
export async function openEditor(home, person, variables = {}) {
  const server = spawn(home.banksman, ['lsp'], {
    cwd: home.workspace,
    env: { ...home.variables, ...variables },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  home.children.push(server);
  const editor = { server, questions: [] };
  const waiting = new Map();
  let buffer = Buffer.alloc(0);
  let last = 0;

  const send = (message) => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const request = (method, params) => {
    last += 1;
    send({ id: last, method, params });
    return new Promise((done) => waiting.set(last, done));
  };
  const heard = (message) => {
    if (message.method === undefined) return waiting.get(message.id)?.(message.result);
    if (message.method === 'banksman/ask') {
      editor.questions.push(message.params);
      const result = person(message.params, server);
      if (result !== null) send({ id: message.id, result });
    } else if (message.id !== undefined) {
      send({ id: message.id, result: message.method === 'workspace/configuration' ? [null] : null });
    }
    return undefined;
  };

  server.stdin.on('error', () => {});
  server.stdout.on('data', (bytes) => {
    buffer = Buffer.concat([buffer, bytes]);
    for (;;) {
      const head = buffer.indexOf('\r\n\r\n');
      const length = head < 0 ? undefined : /Content-Length: (\d+)/i.exec(buffer.subarray(0, head).toString())?.[1];
      const end = head + 4 + Number(length);
      if (length === undefined || buffer.length < end) return;
      heard(JSON.parse(buffer.subarray(head + 4, end).toString()));
      buffer = buffer.subarray(end);
    }
  });

  const root = pathToFileURL(home.workspace).href;
  await request('initialize', {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: 'ws' }],
    capabilities: { experimental: { banksman: { ask: true } }, workspace: { configuration: true } },
    initializationOptions: { banksman: { ask: true, askDeadlineMillis: DEADLINE } },
  });
  send({ method: 'initialized', params: {} });
  // The server answers requests in order, so by then it listens.
  await request('banksman/session', { session: 'none' });
  return editor;
}
