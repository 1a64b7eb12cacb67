// The model as a process, for whoever does not speak JavaScript:
//
//   node tests/agents/model/serve.mjs [--port PORT] [--log FILE] [STEPS.json]
//
// Prints `{"port":…}` when it listens. STEPS.json is the list of steps, see server.mjs. With --log,
// every request is appended to the file as a line of JSON. Ends when its stdin does.

import { appendFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { startModel } from './server.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string' }, log: { type: 'string' } },
});
const steps = positionals[0] ? JSON.parse(readFileSync(positionals[0], 'utf8')) : [];
const model = await startModel(steps, { port: Number(values.port ?? 0) });
if (values.log) {
  const keep = model.requests.push.bind(model.requests);
  model.requests.push = (request) => {
    appendFileSync(values.log, `${JSON.stringify(request)}\n`);
    return keep(request);
  };
}
console.log(JSON.stringify({ port: model.port }));
process.stdin.resume();
process.stdin.on('end', () => model.close().then(() => process.exit(0)));
