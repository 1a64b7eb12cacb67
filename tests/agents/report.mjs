// Says at the end, for each file and agent, how many claims held and how long it took. Nothing is tried twice.

import { basename } from 'node:path';

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

export default async function* report(events) {
  const rows = new Map();
  const failed = [];
  const all = { held: 0, failed: 0, skipped: 0, milliseconds: 0 };
  // The names on the way to the test that is told of, and the file that the outermost stands in.
  let path = [];
  let file = '';
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      path = [...path.slice(0, data.nesting), data.name];
      if (data.nesting === 0) file = basename(data.file ?? '').replace('.test.mjs', '');
      continue;
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const key = `${file}: ${path[0]}`;
    const row = rows.get(key) ?? { held: 0, failed: 0, skipped: 0, milliseconds: 0 };
    rows.set(key, row);
    if (data.details?.type === 'suite') {
      if (data.nesting === 0) {
        row.milliseconds += data.details.duration_ms;
        all.milliseconds += data.details.duration_ms;
      }
      continue;
    }
    const what = data.skip !== undefined ? 'skipped' : type === 'test:pass' ? 'held' : 'failed';
    row[what] += 1;
    all[what] += 1;
    if (what === 'failed') failed.push(`${key}: ${[...path.slice(1, data.nesting), data.name].join(': ')}`);
  }
  const line = (name, { held, failed, skipped, milliseconds }) =>
    `${name.padEnd(44)} ${String(held).padStart(4)} held ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped ${seconds(milliseconds).padStart(9)}\n`;
  yield '\n';
  for (const [name, row] of rows) yield line(name, row);
  yield line('all', all);
  for (const name of failed) yield `failed: ${name}\n`;
}
