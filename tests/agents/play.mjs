// One conversation of a real agent with the mock model, in a throw-away home.

import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { still } from './clients.mjs';
import { AGENTS, Home, finish } from './home.mjs';
import { startModel } from './model/server.mjs';

/**
 * @param {import('./clients.mjs').Client} client
 * @param {object} how
 * @param {object[] | ((home, client) => object[])} [how.steps]  What the model does.
 * @param {string} [how.prompt]  What the user says.
 * @param {boolean} [how.gate]  Whether Banksman's gate is installed.
 * @param {(home) => void} [how.prepare]  What is there before the agent begins.
 * @param {Record<string, string>} [how.variables]
 * @param {(home) => Promise<void> | void} [how.meanwhile]  Runs beside the agent.
 */
export async function play(client, how = {}) {
  const { steps = [], prompt = 'Go on with the work.', gate = true, variables = {} } = how;
  const home = new Home();
  const model = await startModel(typeof steps === 'function' ? steps(home, client) : steps);
  const close = async () => {
    await model.close();
    home.close();
  };
  try {
    return { ...(await run()), home, model, close };
  } catch (error) {
    await close();
    throw error;
  }

  async function run() {
    await how.prepare?.(home);
    const env = { ...home.variables, ...still(model), ...client.prepare(home, model) };
    const installed = gate ? home.run('install', client.name, ...(client.wish ?? [])) : undefined;
    if (installed && installed.status !== 0) throw new Error(`banksman install ${client.name}: ${installed.text}`);
    await how.arrange?.(home);
    const started = Date.now();
    const [ended] = await Promise.all([
      finish(join(AGENTS, client.program), client.words(prompt), { cwd: home.workspace, env: { ...env, ...client.alone, ...variables } }),
      how.meanwhile?.(home),
    ]);
    const milliseconds = Date.now() - started;
    return {
      late: ended.late,
      milliseconds,
      /** Everything that helps to understand a claim that failed. */
      story: () =>
        [
          `${client.name} ended with ${ended.status}${ended.late ? ', too late' : ''} after ${milliseconds} ms`,
          ended.text.slice(-3000),
          `tools: ${model.tools().join(' ')}`,
          `results: ${JSON.stringify(model.results(), null, 1)}`,
          `refused: ${model.refused.join(' ')}`,
          home.run('log').text,
        ].join('\n'),
    };
  }
}

/** Plays a conversation once, for all claims about it. */
export function playedOnce(client, how, player = play) {
  let done;
  before(async () => {
    done = await player(client, how);
  });
  after(() => done?.close());
  const claim = (words, holds) =>
    test(words, () => {
      try {
        holds(done);
      } catch (error) {
        error.message += `\n${done.story()}`;
        throw error;
      }
    });
  return { claim };
}
