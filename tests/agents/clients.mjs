// The agents: how each is told to use the mock model and to be silent to everybody else, how it is
// started, and how its tools are called. All run with their own questions switched off, so that
// nothing but Banksman's gate can stop what they would do.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What keeps every client from calling out: the model is the only way, and it refuses. */
export const still = (model) => ({
  HTTP_PROXY: model.url,
  HTTPS_PROXY: model.url,
  http_proxy: model.url,
  https_proxy: model.url,
  NO_PROXY: '127.0.0.1,localhost',
  no_proxy: '127.0.0.1,localhost',
  DO_NOT_TRACK: '1',
  CI: '1',
});

/**
 * @typedef {object} Client
 * @property {string} name  As in `banksman install NAME`.
 * @property {string} program
 * @property {string[]} [wish]  What is wished for beside at the installation.
 * @property {(home, model) => Record<string, string>} prepare  Writes the client's settings; gives variables.
 * @property {Record<string, string>} [alone]  Variables that hold only when the agent runs by itself.
 * @property {(prompt: string) => string[]} words  The command line.
 * @property {(command: string) => object} shell  The call that runs a command.
 * @property {(path: string, text: string) => object} write  The call that writes a file.
 * @property {(path: string) => object} read  The call that reads a file.
 * @property {{ open: (command: string) => object, type: (text: string) => object }} [typed]  The calls that
 * start a program to type into, and type into it, where the client tells its hooks of the first only.
 */

/** @type {Record<string, Client>} */
export const CLIENTS = {
  claude: {
    name: 'claude',
    program: 'claude',
    prepare: (_home, model) => ({
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'sk-mock',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_ERROR_REPORTING: '1',
      // Without it the root of a container may not do without questions.
      IS_SANDBOX: '1',
    }),
    words: (prompt) => ['-p', prompt, '--output-format', 'json', '--dangerously-skip-permissions'],
    shell: (command) => ({ name: 'Bash', input: { command, description: 'step' } }),
    write: (path, content) => ({ name: 'Write', input: { file_path: path, content } }),
    read: (path) => ({ name: 'Read', input: { file_path: path } }),
  },

  codex: {
    name: 'codex',
    program: 'codex',
    prepare: (home, model) => {
      const settings = [
        // A name that it knows, since it offers no patches to a model that it does not know.
        'model = "gpt-5.5"',
        'model_provider = "mock"',
        'check_for_update_on_startup = false',
        '[analytics]',
        'enabled = false',
        '[model_providers.mock]',
        'name = "mock"',
        `base_url = "${model.url}/v1"`,
        'wire_api = "responses"',
        'env_key = "MOCK_KEY"',
        // It would look for plugins and connectors otherwise.
        '[features]',
        'plugins = false',
        'apps = false',
        '',
      ];
      home.writeHome('.codex/config.toml', settings.join('\n'));
      return { CODEX_HOME: join(home.path, '.codex'), MOCK_KEY: 'x' };
    },
    wish: ['--trust'],
    words: (prompt) => ['exec', '--skip-git-repo-check', '--json', '--sandbox', 'danger-full-access', prompt],
    shell: (command) => ({ name: 'exec_command', input: { cmd: command } }),
    write: (path, text) => ({ name: 'apply_patch', input: patch(path, text) }),
    read: (path) => ({ name: 'exec_command', input: { cmd: `cat ${path}` } }),
    typed: {
      open: (cmd) => ({ name: 'exec_command', input: { cmd, tty: true, yield_time_ms: 1_000 } }),
      type: (chars) => ({
        name: 'write_stdin',
        input: { session_id: 1, chars, yield_time_ms: 1_000 },
        before(model) {
          const told = /session ID (\d+)/.exec(model.results().at(-1) ?? '');
          if (told) this.input.session_id = Number(told[1]);
        },
      }),
    },
  },

  gemini: {
    name: 'gemini',
    program: 'gemini',
    prepare: (home, model) => {
      const file = join(home.path, '.gemini/settings.json');
      const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
      home.writeHome('.gemini/settings.json', {
        ...before,
        security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
        telemetry: { enabled: false },
        privacy: { usageStatisticsEnabled: false },
        general: { disableAutoUpdate: true, enableAutoUpdate: false, disableUpdateNag: true },
      });
      return { GEMINI_API_KEY: 'x', GOOGLE_GEMINI_BASE_URL: model.url };
    },
    words: (prompt) => ['--yolo', '-p', prompt],
    shell: (command) => ({ name: 'run_shell_command', input: { command, description: 'step' } }),
    write: (path, content) => ({ name: 'write_file', input: { file_path: path, content } }),
    read: (path) => ({ name: 'read_file', input: { file_path: path } }),
  },

  copilot: {
    name: 'copilot',
    program: 'copilot',
    prepare: (_home, model) => ({
      COPILOT_OFFLINE: 'true',
      COPILOT_PROVIDER_BASE_URL: `${model.url}/v1`,
      COPILOT_MODEL: 'mock-model',
      COPILOT_AUTO_UPDATE: 'false',
    }),
    words: (prompt) => ['-p', prompt, '--allow-all-tools', '--allow-all-paths'],
    shell: (command) => ({ name: 'bash', input: { command, description: 'step' } }),
    write: (path, text) => ({ name: 'create', input: { path, file_text: text } }),
    read: (path) => ({ name: 'view', input: { path } }),
  },

  opencode: {
    name: 'opencode',
    program: 'opencode',
    prepare: (home, model) => {
      const provider = {
        npm: '@ai-sdk/openai-compatible',
        name: 'Mock',
        options: { baseURL: `${model.url}/v1`, apiKey: 'x' },
        models: { 'mock-model': { name: 'Mock', tool_call: true, limit: { context: 100_000, output: 8_000 } } },
      };
      home.writeHome('.config/opencode/opencode.json', {
        model: 'mock/mock-model',
        small_model: 'mock/mock-model',
        autoupdate: false,
        share: 'disabled',
        provider: { mock: provider },
      });
      // It would fetch the types that plugins are written with; so it thinks that they are there.
      for (const folder of ['.config/opencode', 'ws/.opencode']) {
        const needs = { dependencies: { '@opencode-ai/plugin': '*' } };
        home.writeHome(join(folder, 'package-lock.json'), { packages: { '': needs } });
        mkdirSync(join(home.path, folder, 'node_modules'), { recursive: true });
      }
      return { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' };
    },
    // It would refuse by itself what lies outside; not as a setting, which ends its asking in editors.
    alone: { OPENCODE_PERMISSION: JSON.stringify({ external_directory: 'allow' }) },
    words: (prompt) => ['run', prompt],
    shell: (command) => ({ name: 'bash', input: { command, description: 'step' } }),
    write: (path, content) => ({ name: 'write', input: { filePath: path, content } }),
    read: (path) => ({ name: 'read', input: { filePath: path } }),
  },
};

function patch(path, text) {
  const added = text.split('\n').filter((line, at, all) => line !== '' || at + 1 < all.length);
  return ['*** Begin Patch', `*** Add File: ${path}`, ...added.map((line) => `+${line}`), '*** End Patch', ''].join('\n');
}
