// A person in an editor decides what a real agent may do: yes, no, and not at all.
//
// BANKSMAN_CLIENTS=claude,codex picks some of the clients.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'node:test';

import { CLIENTS } from './clients.mjs';
import { openEditor } from './workbench.mjs';
import { playedOnce } from './play.mjs';

const wanted = process.env.BANKSMAN_CLIENTS?.split(',') ?? Object.keys(CLIENTS);
const SAID = {
  'touch ../yes': { answer: 'once' },
  'touch ../no': { answer: 'no', note: 'only in the folder of the project.' },
  'touch ../silence': null,
};

for (const client of wanted.map((name) => CLIENTS[name])) {
  describe(client.name, { concurrency: 1 }, () => {
    describe('with a person in the editor', () => {
      let editor;
      const { claim } = playedOnce(client, {
        steps: ['touch ../yes', 'touch ../no', 'touch ../no', 'touch ../silence'].map(client.shell),
        arrange: async (home) => {
          editor = await openEditor(home, ({ action }) => SAID[action.command] ?? null);
        },
      });
      const done = (home, name) => existsSync(join(home.path, name));

      claim('every question reaches them, and what they refused only once', () => {
        const asked = editor.questions.map(({ action }) => action.command);
        assert.deepEqual(asked, ['touch ../yes', 'touch ../no', 'touch ../silence']);
      });
      claim('what they allow runs', ({ home }) => assert.ok(done(home, 'yes')));
      claim('what they refuse does not', ({ home }) => assert.ok(!done(home, 'no')));
      claim('their silence is a no', ({ home }) => assert.ok(!done(home, 'silence')));
      claim('the model hears what they said', ({ model }) => {
        const [, refused, again, silent] = model.results();
        for (const text of [refused, again]) assert.match(text, /The user said no: only in the folder of the project\./);
        assert.match(silent, /Nobody answered in time/);
      });
      claim('the agent comes to an end', ({ late }) => assert.ok(!late));
    });
  });
}
