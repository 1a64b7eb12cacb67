-- `:checkhealth banksman`
local config = require('banksman.config')
local health = vim.health

local M = {}

function M.check()
  health.start('Banksman')
  M.check_neovim()
  M.check_options()
  if M.check_binary() then
    M.check_server()
  end
  M.check_adapters()
end

function M.check_neovim()
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok(('Neovim %s'):format(tostring(vim.version())))
  else
    health.error('Neovim is older than 0.11.')
  end
end

function M.check_options()
  local problems = config.problems()
  for _, problem in ipairs(problems) do
    health.error(problem, 'See :help banksman-options')
  end
  if #problems == 0 then
    health.ok('`vim.g.banksman` is in order.')
  end
end

---@return boolean
function M.check_binary()
  local cmd = vim.lsp.config.banksman.cmd
  local program = cmd[1]
  local found = vim.fn.exepath(program)
  if found == '' then
    health.error(('`%s` is not there, so nothing is guarded from here.'):format(program), {
      'Install Banksman so that `banksman` is on the PATH,',
      "or name it: `vim.g.banksman = { cmd = { '/path/to/banksman', 'lsp' } }`",
    })
    return false
  end
  local ran, done = pcall(function()
    return vim.system({ found, '--version' }, { text = true, timeout = 5000 }):wait()
  end)
  if not ran or done.code ~= 0 then
    health.error(('`%s` is there but does not run.'):format(found))
    return false
  end
  health.ok(('%s: `%s`'):format(vim.trim(done.stdout), found))
  return true
end

function M.check_server()
  local client = require('banksman.client').get()
  if not client or not client.initialized then
    health.error('The server is not running.', ':Banksman restart, then :Banksman log')
    return
  end
  local ours = vim.tbl_get(client.server_capabilities, 'experimental', 'banksman')
  if not ours then
    health.error('What runs under the name `banksman` is not Banksman.')
    return
  end
  health.ok(('The server guards `%s`, protocol version %d.'):format(client.root_dir, ours.version))
  local mode = require('banksman.status').mode()
  if mode == 'bypass' then
    health.warn('The mode is bypass: nothing is asked.', ':Banksman mode auto')
  elseif mode then
    health.ok(('The mode is %s.'):format(mode))
  end
  if require('banksman.ask').enabled() then
    health.ok('Questions are put here.')
  else
    health.info('Questions are not put here: `ask` is off.')
  end
end

---Plugins that run an agent's tools inside Neovim: those have to ask before each call.
function M.check_adapters()
  local plugins = { codecompanion = 'CodeCompanion', avante = 'avante' }
  for module, plugin in vim.spairs(plugins) do
    if package.loaded[module] then
      if require('banksman.adapters.' .. module).guards then
        health.ok(('The tools of %s are guarded.'):format(plugin))
      else
        local advice = ('See :help banksman-%s'):format(module)
        health.warn(('%s is loaded, and its tools are not guarded.'):format(plugin), advice)
      end
    end
  end
end

return M
