// A throw-away home with a workspace in it, and Banksman's real program beside it.

import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The program under test. */
export const BANKSMAN = process.env.BANKSMAN ?? join(import.meta.dirname, '../../target/debug/banksman');
/** The folder in which the agents' programs stand, see `install`. */
export const AGENTS =
  process.env.BANKSMAN_AGENTS_BIN ??
  join(process.env.BANKSMAN_AGENTS ?? join(process.env.HOME, '.cache/banksman-agents'), 'node_modules/.bin');

/** How long an agent may take before it is ended, in milliseconds. */
const PATIENCE = 300_000;

export class Home {
  constructor() {
    this.path = realpathSync(mkdtempSync(join(tmpdir(), 'agents-home-')));
    this.workspace = join(this.path, 'ws');
    mkdirSync(this.workspace);
    /** Programs that end with the home. */
    this.children = [];
    /** What is to be done before the home goes. */
    this.undone = [];
    /** Like the variables of a shell: what every program started here sees. */
    this.variables = {
      HOME: this.path,
      PATH: `${AGENTS}:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
      LANG: 'C.UTF-8',
      TMPDIR: join(this.path, 'tmp'),
    };
    mkdirSync(this.variables.TMPDIR);
    this.banksman = join(this.path, 'bin/banksman');
    mkdirSync(dirname(this.banksman));
    // A copy of its own, so that a test may break it.
    try {
      linkSync(BANKSMAN, this.banksman);
    } catch {
      copyFileSync(BANKSMAN, this.banksman);
    }
    this.git('init', '-q', '.');
    this.write('README.md', '# A project\n');
    this.git('add', '.');
    this.git('-c', 'user.name=Nobody', '-c', 'user.email=nobody@example.invalid', 'commit', '-qm', 'Begin');
  }

  git(...words) {
    const done = spawnSync('git', words, { cwd: this.workspace, env: this.variables, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`git ${words.join(' ')}: ${done.stderr}`);
    return done.stdout;
  }

  /** A path in the workspace. */
  at(name) {
    return join(this.workspace, name);
  }

  /** Writes a file of the workspace. */
  write(name, text) {
    this.writeHome(join('ws', name), text);
  }

  /** Writes a file below the home. */
  writeHome(name, text) {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text, null, 2));
  }

  has(name) {
    return existsSync(this.at(name));
  }

  read(name) {
    return readFileSync(this.at(name), 'utf8');
  }

  /** Runs Banksman, and gives back what it printed. */
  run(...words) {
    const done = spawnSync(this.banksman, words, {
      cwd: this.workspace,
      env: this.variables,
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { status: done.status, text: done.stdout + done.stderr };
  }

  /** The decisions that stand in the ledger, the newest last. */
  decisions() {
    const { text } = this.run('log', '--json');
    return text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  }

  /** The programs that live in this home and no other: agents leave some behind that write on. */
  lingering() {
    const mark = `HOME=${this.path}\0`;
    const lives = (pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    };
    return existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter(lives).map(Number) : [];
  }

  close() {
    for (const child of this.children) child.kill('SIGKILL');
    for (const pid of this.lingering()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    }
    for (const undo of this.undone) undo();
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/**
 * Runs a program to its end, or ends it when it takes too long. Its children go with it.
 * @returns {Promise<{ status: number | null, late: boolean, text: string }>}
 */
export function finish(program, words, { cwd, env, patience = PATIENCE }) {
  return new Promise((done, failed) => {
    const child = spawn(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let text = '';
    let late = false;
    const end = () => {
      late = true;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    };
    const timer = setTimeout(end, patience);
    child.stdout.on('data', (bytes) => (text += bytes));
    child.stderr.on('data', (bytes) => (text += bytes));
    child.on('error', failed);
    child.on('close', (status) => {
      clearTimeout(timer);
      done({ status, late, text });
    });
  });
}
