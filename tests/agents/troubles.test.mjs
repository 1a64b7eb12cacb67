// Nothing fails open: whatever breaks in the guard, a real agent does not run what it would have
// reviewed. One conversation for each agent, one trouble for each call. The disk proves it.
//
// BANKSMAN_CLIENTS=claude,codex picks some of the clients.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { CLIENTS } from './clients.mjs';
import { playedOnce } from './play.mjs';
import { TROUBLES, befall, expectTroubles } from './troubles.mjs';

const wanted = process.env.BANKSMAN_CLIENTS?.split(',') ?? Object.keys(CLIENTS);

for (const client of wanted.map((name) => CLIENTS[name])) {
  describe(client.name, { concurrency: 1 }, () => {
    describe('when the guard itself fails', () => {
      const here = Object.entries(TROUBLES).filter(([, { only }]) => !only || only === client.name);
      const troubles = here.filter(([, { skip }]) => !skip);
      const file = (at) => `made-${at}`;
      const { claim } = playedOnce(client, {
        arrange: (home) => expectTroubles(home, troubles.map(([, trouble]) => trouble)),
        steps: (home) => [
          client.shell('touch before'),
          ...troubles.map(([, trouble], at) => ({
            ...client.shell(trouble.command ?? `touch ${file(at)}`),
            before: () => befall(home, trouble),
          })),
        ],
      });

      for (const [name, { skip }] of here) if (skip) test(`${name}: nothing runs`, { skip }, () => {});
      claim('until then, commands run', ({ home }) => assert.ok(home.has('before')));
      claim('the agent comes to an end', ({ late }) => assert.ok(!late));
      for (const [at, [name, trouble]] of troubles.entries()) {
        claim(`${name}: nothing runs`, ({ home, model }) => {
          assert.ok(!home.has(file(at)) && !existsSync(join(home.path, 'made')));
          const told = model.results()[at + 1];
          assert.ok(told !== undefined, 'the agent did not get as far as this');
          if (trouble.told) assert.match(told, trouble.told);
        });
      }
    });
  });
}
