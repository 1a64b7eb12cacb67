// A model that thinks nothing: it plays a script, and keeps what it was sent.
//
// It speaks Anthropic Messages, OpenAI Responses, OpenAI Chat Completions and Gemini, on 127.0.0.1
// only. Which step is due shows in the conversation itself: as many steps are over as there are
// results of tools in it. So a repeated request is answered as before, and a request on the side
// (a title, a summary) moves nothing.
//
// It is a proxy too, one that lets nothing through: clients are told to go through it, and whoever
// they wanted to reach is kept in `refused`.

import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

import * as anthropic from './anthropic.mjs';
import * as chat from './chat.mjs';
import * as gemini from './gemini.mjs';
import * as responses from './responses.mjs';

const DIALECTS = [anthropic, responses, chat, gemini];

/**
 * One call of a tool; an input that is a string makes it a call in free form (Codex).
 * @typedef {{ name: string, input: object | string }} Call
 * What the model does in its turn: calls a tool, or several, or says something. `before` is done
 * when its turn has come.
 * @typedef {(Call | Call[] | { say: string }) & { before?: (model) => void }} Step
 */

/**
 * Starts a model that plays these steps and then says that it is done.
 * @param {Step[]} steps
 * @param {{ port?: number }} [options]
 */
export async function startModel(steps = [], { port = 0 } = {}) {
  const model = {
    steps,
    /** @type {{ path: string, body: any, dialect?: string }[]} */
    requests: [],
    /** @type {string[]} */
    refused: [],
    port: 0,
    url: '',
    /** What the tools gave back, as the model was told it at last: the longest conversation counts. */
    results() {
      let longest = [];
      for (const request of model.requests) {
        const dialect = DIALECTS.find((one) => one.name === request.dialect);
        const results = dialect ? dialect.results(request.body) : [];
        if (results.length >= longest.length) longest = results;
      }
      return longest;
    },
    /** All that the model was told, as one text. */
    heard: () => JSON.stringify(model.requests.map((request) => request.body)),
    /** The names of the tools that the client offered. */
    tools() {
      const names = model.requests.flatMap((request) => {
        const dialect = DIALECTS.find((one) => one.name === request.dialect);
        return dialect ? dialect.tools(request.body) : [];
      });
      return [...new Set(names)];
    },
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };

  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://127.0.0.1').pathname;
    if (!request.url.startsWith('/')) {
      model.refused.push(request.url);
      return plain(response, 403, {});
    }
    if (request.method !== 'POST') {
      const listed = { id: 'mock-model', object: 'model', created: 1, owned_by: 'mock' };
      return plain(response, 200, path.includes('models') ? { object: 'list', data: [listed], models: [] } : {});
    }
    const body = await read(request);
    const dialect = DIALECTS.find((one) => one.speaks(path));
    model.requests.push({ path, body, dialect: dialect?.name });
    if (path.endsWith('/count_tokens')) return plain(response, 200, { input_tokens: 10 });
    if (path.endsWith(':countTokens')) return plain(response, 200, { totalTokens: 10 });
    if (!dialect) return plain(response, 200, {});
    const reply = dialect.reply(body, turn(model, dialect, body), path);
    return reply.events ? stream(response, reply.events) : plain(response, 200, reply.json);
  });
  server.on('connect', (request, socket) => {
    model.refused.push(request.url);
    socket.on('error', () => {});
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  });
  server.on('clientError', (_, socket) => socket.destroy());

  await new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', done);
  });
  model.port = server.address().port;
  model.url = `http://127.0.0.1:${model.port}`;
  return model;
}

/** What is due: `{ calls }` or `{ text }`. */
function turn(model, dialect, body) {
  const offered = dialect.tools(body);
  if (offered.length === 0) return { text: 'Done.' };
  let over = dialect.results(body).length;
  for (const step of model.steps) {
    if (step.say !== undefined) continue;
    const calls = Array.isArray(step) ? step : [step];
    if (over > 0) {
      over -= calls.length;
      continue;
    }
    const missing = calls.find((call) => !offered.includes(call.name));
    if (missing) return { text: `There is no tool ${missing.name} here, only ${offered.join(', ')}.` };
    step.before?.(model);
    delete step.before;
    const at = dialect.results(body).length;
    return { calls: calls.map(({ name, input }, index) => ({ id: `call_mock_${at + index + 1}`, name, input })) };
  }
  return { text: model.steps.findLast((step) => step.say !== undefined)?.say ?? 'Done.' };
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  let bytes = Buffer.concat(chunks);
  if (request.headers['content-encoding'] === 'gzip') bytes = gunzipSync(bytes);
  try {
    return JSON.parse(bytes.toString('utf8') || '{}');
  } catch {
    return { unreadable: bytes.length, encoding: request.headers['content-encoding'] };
  }
}

function plain(response, status, value) {
  const text = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Server-sent events: `[name, data]` each; the name may be missing, the data may be bare text. */
function stream(response, events) {
  response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
  for (const [name, data] of events) {
    if (name) response.write(`event: ${name}\n`);
    response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }
  response.end();
}
