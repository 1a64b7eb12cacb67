// How the guard itself may fail: each trouble befalls one call of the hook, and no more.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, rmdirSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { AGENTS } from './home.mjs';
import { openEditor } from './workbench.mjs';

/**
 * @typedef {object} Trouble
 * @property {string} [script]  What the shell does in the hook's place; `$real` is Banksman, `$client` the client.
 * @property {(home) => void} [now]  What is done just before the call.
 * @property {(home) => Promise<void> | void} [prepare]  What has to stand there.
 * @property {string} [command]  What the agent proposes meanwhile.
 * @property {RegExp} [told]  What the model hears.
 * @property {string} [only]  It holds for this client only.
 * @property {string | false} [skip]  Why it cannot be brought about here.
 */

const COULD_NOT = /Banksman could not review this/;
const ledger = (name) => `BANKSMAN_LEDGER="$home/${name}" exec "$real" "$@"`;

/** @type {Record<string, Trouble>} */
export const TROUBLES = {
  'a hook that panics': { script: 'BANKSMAN_FAULT=panic exec "$real" "$@"', told: /the guard itself failed/ },
  'a review that takes for ever': { script: 'BANKSMAN_FAULT=hang exec "$real" "$@"', told: /the review took too long/ },
  'words that break off': { script: 'head -c 60 | "$real" "$@"', told: COULD_NOT },
  'words that are no JSON': { script: 'echo "<html>" | "$real" "$@"', told: COULD_NOT },
  'a tool that nobody knows': {
    script: `sed -E 's/"(tool_name|toolName)":"[^"]*"/"\\1":"transmogrify"/' | "$real" "$@"`,
    prepare: (home) => home.write('drafts/novel.txt', 'chapter one'),
    command: 'rm -r drafts && touch ../made',
    told: /Banksman stopped this/,
  },
  'a disk that is full': { script: ledger('full/ledger.sqlite3'), prepare: fill, told: /Banksman/, skip: !mountable() && 'it wants the right to mount' },
  'a ledger that cannot be written': { script: 'BANKSMAN_LEDGER=/dev/full exec "$real" "$@"', told: /Banksman/ },
  'a ledger that is no database': {
    script: ledger('damaged.sqlite3'),
    prepare: (home) => home.writeHome('damaged.sqlite3', 'no database\n'.repeat(1000)),
    told: /Banksman/,
  },
  'a ledger that is damaged inside': { script: ledger('torn.sqlite3'), prepare: tear, told: /Banksman/ },
  'a ledger that somebody keeps locked': { script: ledger('locked.sqlite3'), prepare: lock, told: /Banksman/ },
  'a language server that dies while it asks': {
    script: ledger('dying.sqlite3'),
    // It is killed as soon as its question has reached the editor.
    prepare: (home) => openEditor(home, (_, server) => void server.kill('SIGKILL') ?? null, { BANKSMAN_LEDGER: join(home.path, 'dying.sqlite3') }),
    command: 'touch ../made',
    told: /the language server went away in the middle of it/,
  },
  'a language server that goes away': standIn('gone', (socket) => socket.destroy(), /the language server went away/),
  'a language server that babbles': standIn('babble', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n'), COULD_NOT),
  'a language server that says nothing more': {
    ...standIn('silent', () => {}, /the review took too long/),
    script: 'BANKSMAN_LEDGER="$home/silent.sqlite3" exec "$real" hook "$client" --wait 3',
  },
  'a program that dies': { script: 'kill -ABRT $$' },
  // Only a gate that is Banksman's own on both ends stops then.
  'a program that babbles': { script: 'echo yes', only: 'opencode' },
  'a program that is gone': { now: (home) => rmSync(home.banksman) },
};

/** Puts what can be broken in Banksman's place, and makes ready whatever the troubles need. */
export async function expectTroubles(home, troubles) {
  for (const { prepare } of troubles) await prepare?.(home);
  const real = join(home.path, 'bin/real/banksman');
  mkdirSync(dirname(real));
  renameSync(home.banksman, real);
  const script = `#!/bin/sh
home='${home.path}' real='${real}' client="$2"
if [ "$1" = hook ] && [ -f "$home/trouble" ]; then
    mv "$home/trouble" "$home/trouble.$$"
    . "$home/trouble.$$"
    exit
fi
exec "$real" "$@"
`;
  writeFileSync(home.banksman, script, { mode: 0o755 });
}

/** The next call of the hook ends like this. */
export function befall(home, { script, now }) {
  if (script) home.writeHome('trouble', `${script}\n`);
  now?.(home);
}

/** A language server that takes a call and then does as it likes. */
function standIn(name, then, told) {
  const prepare = (home) =>
    new Promise((done, failed) => {
      const known = `${home.workspace}\0${join(home.path, `${name}.sqlite3`)}`;
      const folder = createHash('sha256').update(known).digest('hex').slice(0, 16);
      const meeting = join(home.variables.TMPDIR, `banksman-run-${process.getuid()}`);
      mkdirSync(join(meeting, folder), { recursive: true, mode: 0o700 });
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => {
          const taken = JSON.stringify('taken');
          const frame = Buffer.alloc(4 + taken.length, taken, 'utf8');
          frame.writeUInt32BE(taken.length);
          frame.write(taken, 4);
          socket.write(frame, () => then(socket));
        });
      });
      server.once('error', failed);
      server.listen(join(meeting, folder, '0-1-1'), done);
      server.unref();
      home.undone.push(() => server.close());
    });
  return { script: ledger(`${name}.sqlite3`), prepare, told };
}

/** Runs a program as root. */
function asRoot(...words) {
  const [program, ...rest] = process.getuid() === 0 ? words : ['sudo', '-n', ...words];
  const done = spawnSync(program, rest, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${words.join(' ')}: ${done.stderr ?? done.error}`);
}

function mountSmall(folder) {
  asRoot('mount', '-t', 'tmpfs', '-o', `size=1m,mode=0700,uid=${process.getuid()}`, 'tmpfs', folder);
  return () => asRoot('umount', '-l', folder);
}

function mountable() {
  const folder = mkdtempSync(join(tmpdir(), 'agents-mount-'));
  try {
    mountSmall(folder)();
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

/** A ledger on a disk of its own on which nothing fits any more. */
function fill(home) {
  const folder = join(home.path, 'full');
  mkdirSync(folder);
  home.undone.push(mountSmall(folder));
  make(home, 'full/ledger.sqlite3');
  const file = openSync(join(folder, 'ballast'), 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(512));
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

/** A ledger that was written to, with nonsense in its middle. */
function tear(home) {
  make(home, 'torn.sqlite3');
  const file = openSync(join(home.path, 'torn.sqlite3'), 'r+');
  for (let at = 4096; at < 4096 * 12; at += 4096) writeSync(file, Buffer.alloc(2048, 'torn'), 0, 2048, at);
  closeSync(file);
  rmSync(join(home.path, 'torn.sqlite3-wal'), { force: true });
  rmSync(join(home.path, 'torn.sqlite3-shm'), { force: true });
}

function make(home, name) {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    new DatabaseSync(process.argv[1]).exec('PRAGMA wal_checkpoint(TRUNCATE)');`;
  const file = join(home.path, name);
  const said = { session_id: 's', cwd: home.workspace, hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input: { command: 'ls' } };
  const made = spawnSync(home.banksman, ['hook', 'claude'], {
    cwd: home.workspace,
    env: { ...home.variables, BANKSMAN_LEDGER: file },
    input: JSON.stringify(said),
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`banksman hook: ${made.stderr}`);
  const done = spawnSync(join(AGENTS, 'node'), ['-e', script, file], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
}

/** Opens a ledger and does not let go of it. */
function lock(home) {
  make(home, 'locked.sqlite3');
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const ledger = new DatabaseSync(process.argv[1]);
    ledger.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS held (x)');
    console.log('held');
    setInterval(() => {}, 1000);`;
  return new Promise((done, failed) => {
    const file = join(home.path, 'locked.sqlite3');
    const holder = spawn(join(AGENTS, 'node'), ['-e', script, file], { stdio: ['ignore', 'pipe', 'ignore'] });
    home.children.push(holder);
    holder.stdout.once('data', done);
    holder.once('error', failed);
  });
}
