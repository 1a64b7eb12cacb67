// What `banksman acp` does between an editor and real agents. The model proposes, the disk proves
// what was done.
//
// BANKSMAN_CLIENTS=claude,opencode picks some of the agents.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';

import { CLIENTS, still } from './clients.mjs';
import { converse } from './editor.mjs';
import { AGENTS, Home } from './home.mjs';
import { startModel } from './model/server.mjs';
import { playedOnce } from './play.mjs';

/** How the agents are started as agents of an editor, and what is different then. */
const AGENTS_OF_EDITORS = {
  claude: { ...CLIENTS.claude, words: ['claude-agent-acp'] },
  codex: {
    ...CLIENTS.codex,
    words: ['codex-acp'],
    variables: { OPENAI_API_KEY: 'x' },
    login: 'openai-api-key',
    // It asks for what its sandbox would stop.
    shell: (cmd) => ({
      name: 'exec_command',
      input: { cmd, sandbox_permissions: 'require_escalated', justification: 'It is a part of the work.' },
    }),
  },
  gemini: { ...CLIENTS.gemini, words: ['gemini', '--acp'], login: 'gemini-api-key' },
  copilot: { ...CLIENTS.copilot, words: ['copilot', '--acp'] },
  opencode: { ...CLIENTS.opencode, words: ['opencode', 'acp'] },
};

const wanted = process.env.BANKSMAN_CLIENTS?.split(',') ?? Object.keys(AGENTS_OF_EDITORS);

for (const agent of wanted.map((name) => AGENTS_OF_EDITORS[name])) {
  describe(`an editor and ${agent.name}`, { concurrency: 1 }, () => {
    describe('ordinary work', () => {
      const { claim } = talkedOnce(agent, {
        steps: (home) => [agent.shell('touch made'), agent.write(home.at('hello.txt'), 'hello\n')],
      });

      claim('is done', ({ home }) => {
        assert.ok(home.has('made'));
        assert.equal(home.read('hello.txt'), 'hello\n');
      });
      claim('asks nobody', ({ seen }) => assert.deepEqual(seen.questions, []));
      claim('comes to its end', ({ seen }) => assert.equal(seen.stop, 'end_turn'));
    });

    describe('a forbidden command', () => {
      const { claim } = talkedOnce(agent, {
        answer: 'yes',
        prepare: (home) => home.write('drafts/novel.txt', 'chapter one'),
        steps: [agent.shell('rm -r drafts')],
      });

      claim('does not run, whatever a person would say', ({ home }) => {
        assert.equal(home.read('drafts/novel.txt'), 'chapter one');
      });
      claim('is told to the person, with the reason', ({ seen }) => {
        assert.match(seen.told, /Banksman.*irrecoverable-delete.*drafts/s);
      });
      claim('stands in the ledger', ({ home }) => {
        assert.ok(home.decisions().some(({ verdict }) => verdict.decision === 'block'));
      });
    });

    describe('a forbidden edit', () => {
      const { claim } = talkedOnce(agent, {
        answer: 'yes',
        steps: (home) => [agent.write(home.at('banksman.toml'), 'mode = "bypass"\n')],
      });

      claim('is not made', ({ home }) => assert.ok(!home.has('banksman.toml')));
      claim('is told to the person, with the reason', ({ seen }) => assert.match(seen.told, /guard-tampering/));
    });

    for (const answer of ['yes', 'no']) {
      describe(`a question that is answered with ${answer}`, () => {
        const { claim } = talkedOnce(agent, { answer, steps: [agent.shell('touch ../asked')] });

        claim('is put to the person once, with the reason', ({ seen }) => {
          assert.equal(seen.questions.length, 1, JSON.stringify(seen.questions, null, 1));
          assert.match(JSON.stringify(seen.questions[0].toolCall.content), /outside-workspace/);
        });
        claim(answer === 'yes' ? 'runs' : 'does not run', ({ home }) => {
          assert.equal(existsSync(join(home.path, 'asked')), answer === 'yes');
        });
      });
    }

    describe('a mode that does not ask', () => {
      const refusals = [];
      const { claim } = talkedOnce(agent, {
        steps: [],
        before: async (call, sessionId) => {
          for (const modeId of ['bypassPermissions', 'yolo', 'full-access', 'auto', '#autopilot']) {
            await call('session/set_mode', { sessionId, modeId }).catch((error) => refusals.push(error.message));
          }
        },
      });

      claim('is refused', () => {
        assert.equal(refusals.length, 5);
        for (const refusal of refusals) assert.match(refusal, /Banksman refuses this/);
      });
    });
  });
}

/** Plays a conversation in the editor once, for all claims about it. */
function talkedOnce(agent, how) {
  return playedOnce(agent, how, talk);
}

async function talk(agent, { steps, answer, prepare, before: between }) {
  const home = new Home();
  const model = await startModel(typeof steps === 'function' ? steps(home) : steps);
  prepare?.(home);
  const env = { ...home.variables, ...still(model), ...agent.prepare(home, model), ...agent.variables };
  const [program, ...words] = agent.words;
  const seen = await converse([home.banksman, 'acp', '--', join(AGENTS, program), ...words], {
    cwd: home.workspace,
    env,
    prompt: 'Go on with the work.',
    answer,
    login: agent.login,
    before: between,
  });
  return {
    home,
    model,
    seen,
    close: async () => {
      await model.close();
      home.close();
    },
    /** Everything that helps to understand a claim that failed. */
    story: () =>
      [
        `${agent.name} ended with ${seen.status}, stopped with ${seen.stop}${seen.late ? ', too late' : ''}`,
        String(seen.failed ?? ''),
        seen.errors.slice(-2000),
        seen.told,
        ...seen.messages.slice(-14).map((message) => JSON.stringify(message).slice(0, 900)),
        `results: ${JSON.stringify(model.results(), null, 1)}`,
        `refused: ${model.refused.join(' ')}`,
        home.run('log').text,
      ].join('\n'),
  };
}
