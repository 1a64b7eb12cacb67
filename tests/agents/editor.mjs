// An editor of the Agent Client Protocol, as small as one can be: it starts an agent, says one
// thing, and does what the agent asks it for.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** How long a conversation may take, in milliseconds. */
const PATIENCE = 300_000;

/**
 * @param {string[]} command  The agent's, with whatever stands before it.
 * @param {object} how
 * @param {string} how.cwd
 * @param {Record<string, string>} how.env
 * @param {string} how.prompt
 * @param {'yes' | 'no'} [how.answer]  What the person says to every question.
 * @param {string} [how.login]  The way to log in, for agents that want it to be chosen.
 * @param {(call: (method: string, params: object) => Promise<any>, session: string) => Promise<void>} [how.before]
 *   What happens between the session's beginning and the prompt.
 */
export async function converse(command, { cwd, env, prompt, answer = 'no', login, before }) {
  const [program, ...words] = command;
  const agent = spawn(program, words, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const seen = { questions: [], told: '', messages: [], noise: '', errors: '', late: false };
  const waiting = new Map();
  let last = 0;
  const say = (message) => agent.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const call = (method, params) =>
    new Promise((done, failed) => {
      last += 1;
      waiting.set(last, { done, failed });
      say({ id: last, method, params });
    });
  const doing = {
    'session/request_permission': (params) => {
      seen.questions.push(params);
      const wanted = answer === 'yes' ? 'allow_once' : 'reject_once';
      const option = params.options.find(({ kind }) => kind === wanted);
      return { outcome: option ? { outcome: 'selected', optionId: option.optionId } : { outcome: 'cancelled' } };
    },
    // A file that is not there yet is empty: Gemini CLI gives up writing one when it hears of an error.
    'fs/read_text_file': ({ path }) => ({ content: existsSync(path) ? readFileSync(path, 'utf8') : '' }),
    'fs/write_text_file': ({ path, content }) => {
      writeFileSync(path, content);
      return {};
    },
  };

  agent.stdin.on('error', () => {});
  agent.stderr.on('data', (bytes) => (seen.errors += bytes));
  createInterface({ input: agent.stdout }).on('line', (line) => {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      seen.noise += `${line}\n`;
      return;
    }
    seen.messages.push(message);
    if (message.method && message.id !== undefined) {
      try {
        const how = doing[message.method];
        if (!how) throw new Error('this editor does not do that');
        say({ id: message.id, result: how(message.params) });
      } catch (error) {
        say({ id: message.id, error: { code: error.code ?? -32000, message: error.message } });
      }
    } else if (message.method === 'session/update') {
      const { update } = message.params;
      if (update.sessionUpdate === 'agent_message_chunk') seen.told += update.content.text ?? '';
    } else if (message.id !== undefined) {
      const { done, failed } = waiting.get(message.id) ?? {};
      waiting.delete(message.id);
      if (message.error) failed?.(new Error(JSON.stringify(message.error)));
      else done?.(message.result);
    }
  });

  const ended = new Promise((done) => agent.on('close', (status) => done(status)));
  const end = () => {
    try {
      process.kill(-agent.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  };
  const timer = setTimeout(() => {
    seen.late = true;
    end();
  }, PATIENCE);
  const conversation = async () => {
    const capabilities = { fs: { readTextFile: true, writeTextFile: true }, terminal: false };
    await call('initialize', {
      protocolVersion: 1,
      clientCapabilities: capabilities,
      clientInfo: { name: 'banksman-tests', version: '0' },
    });
    const open = () => call('session/new', { cwd, mcpServers: [] });
    const opened = await open().catch(async () => {
      await call('authenticate', { methodId: login });
      return open();
    });
    seen.opened = opened;
    await before?.(call, opened.sessionId);
    const done = await call('session/prompt', {
      sessionId: opened.sessionId,
      prompt: [{ type: 'text', text: prompt }],
    });
    seen.stop = done.stopReason;
  };
  try {
    await Promise.race([conversation(), ended]);
  } catch (error) {
    seen.failed = error;
  }
  clearTimeout(timer);
  agent.stdin.end();
  const grace = setTimeout(end, 5_000);
  seen.status = await ended;
  clearTimeout(grace);
  return seen;
}
