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
const ANSWERS = { 'who says yes': 'once', 'who says no': 'no', 'who says nothing': null };

for (const client of wanted.map((name) => CLIENTS[name])) {
  describe(client.name, { concurrency: 1 }, () => {
    for (const [who, answer] of Object.entries(ANSWERS)) {
      describe(`with a person in the editor ${who}`, () => {
        let editor;
        const { claim } = playedOnce(client, {
          steps: [client.shell('touch ../asked')],
          arrange: async (home) => {
            editor = await openEditor(home, answer);
          },
        });

        claim('the question reaches them', () => {
          assert.equal(editor.questions.length, 1);
          assert.equal(editor.questions[0].action.command, 'touch ../asked');
        });
        claim(answer === 'once' ? 'it runs' : 'it does not run', ({ home }) => {
          assert.equal(existsSync(join(home.path, 'asked')), answer === 'once');
        });
        claim('the agent comes to an end', ({ late }) => assert.ok(!late));
      });
    }
  });
}
