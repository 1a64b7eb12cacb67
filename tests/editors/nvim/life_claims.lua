local help = require('help')

local claims = {}

function claims.starts_without_a_file()
  local client = help.start()
  help.same(vim.tbl_count(client.attached_buffers), 0)
  help.same(vim.uv.fs_realpath(client.root_dir), vim.uv.fs_realpath(vim.fn.getcwd()))
end

function claims.sees_files_of_every_type_and_of_none()
  local client = help.start()
  for _, name in ipairs({ 'a.py', 'LICENSE', 'notes' }) do
    vim.cmd.edit(help.file(name, 'x'))
    assert(client.attached_buffers[vim.api.nvim_get_current_buf()], name)
  end
end

function claims.a_file_elsewhere_does_not_widen_what_is_guarded()
  local client = help.start()
  local other = help.folder()
  vim.fn.mkdir(other .. '/.git')
  vim.fn.writefile({ 'x' }, other .. '/a.py')
  vim.cmd.edit(other .. '/a.py')
  assert(client.attached_buffers[vim.api.nvim_get_current_buf()])
  help.same(#client.workspace_folders, 1)
  help.same(#vim.lsp.get_clients(), 1)
end

function claims.enabling_it_by_name_uses_the_same_server()
  help.start()
  vim.lsp.enable('banksman')
  vim.cmd.edit(help.file('a.py', 'x'))
  vim.bo.filetype = 'python'
  vim.wait(300)
  help.same(#vim.lsp.get_clients({ name = 'banksman' }), 1)
end

function claims.a_killed_server_is_started_again_and_the_person_is_told()
  local client = help.start()
  vim.cmd.edit(help.file('a.py', 'x'))
  help.kill_server()
  help.until_said('the server has stopped')
  local again = help.ready()
  assert(again.id ~= client.id)
  assert(again.attached_buffers[vim.api.nvim_get_current_buf()])
  assert(help.outcome(help.propose('ls')))
end

function claims.what_waits_when_the_server_is_killed_is_not_run()
  help.start()
  help.person_is_away()
  local outcome = help.propose('npm publish')
  help.until_('the question', function()
    return require('banksman.ask').count() == 1
  end)
  help.kill_server()
  help.same(help.outcome(outcome), false)
  help.same(require('banksman.ask').count(), 0)
  help.ready()
end

function claims.what_is_proposed_before_the_server_is_ready_waits_for_it()
  require('banksman.client').start()
  assert(help.outcome(help.propose('ls')))
end

function claims.a_server_that_keeps_dying_is_left_alone()
  local path = help.file('dies', '#!/bin/sh\nexit 3')
  vim.uv.fs_chmod(path, 493)
  require('banksman').setup({ cmd = { path } })
  require('banksman.client').start()
  help.until_said('stays stopped')
  help.same(#vim.lsp.get_clients({ name = 'banksman' }), 0)
  assert(not help.outcome(help.propose('ls')))
end

function claims.a_missing_program_is_told()
  require('banksman').setup({ cmd = { 'banksman-that-is-not-there' } })
  require('banksman.client').start()
  help.has(help.said(), 'there is no `banksman-that-is-not-there`')
end

function claims.restart_gives_a_new_server()
  local client = help.start()
  vim.cmd('Banksman restart')
  help.until_('another server', function()
    local now = require('banksman.client').get()
    return now and now.id ~= client.id and now.initialized
  end)
  help.same(help.said(), '')
end

function claims.settings_of_the_editor_count()
  help.start({ settings = { block = { { command = 'echo forbidden' } } } })
  help.until_('the settings', function()
    local go = help.outcome(help.propose('echo forbidden'))
    return not go
  end)
end

function claims.a_settings_file_written_by_others_counts_at_once()
  help.start()
  assert(help.outcome(help.propose('echo forbidden')))
  help.file('banksman.toml', '[[block]]\ncommand = "echo forbidden"\n')
  help.until_('the settings', function()
    local go = help.outcome(help.propose('echo forbidden'))
    return not go
  end)
end

function claims.a_settings_file_saved_here_counts_at_once()
  help.start()
  vim.cmd.edit('banksman.toml')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { '[[block]]', 'command = "echo forbidden"' })
  vim.cmd.write()
  help.until_('the settings', function()
    local go = help.outcome(help.propose('echo forbidden'))
    return not go
  end)
end

function claims.each_folder_has_its_own_settings()
  local other = help.folder()
  vim.fn.writefile({ '[[block]]', 'command = "echo forbidden"' }, other .. '/banksman.toml')
  local client = help.start({ folders = { other } })
  help.until_('the folder', function()
    return #client.workspace_folders == 2
  end)
  assert(help.outcome(help.propose('echo forbidden')))
  assert(not help.outcome(help.propose('echo forbidden', { session = 's2', workspace = other })))
  local third = help.folder()
  vim.cmd('Banksman folder ' .. third)
  help.same(#client.workspace_folders, 3)
  assert(help.outcome(help.propose('echo forbidden', { session = 's3', workspace = third })))
  vim.fn.writefile({ '[[block]]', 'command = "echo forbidden"' }, third .. '/banksman.toml')
  help.until_('the settings', function()
    return not help.outcome(help.propose('echo forbidden', { session = 's3', workspace = third }))
  end)
  vim.cmd('Banksman folder')
  help.has(help.said(), third)
end

function claims.two_neovims_guard_one_workspace()
  local inner = help.inner()
  help.start()
  local propose = [[
    outcome = nil
    require('banksman').review({ kind = 'command', command = ... }, { session = 'other' },
      function(go) outcome = go end)
  ]]
  inner.lua(propose, 'rm -rf ~')
  assert(help.outcome(help.propose('ls')))
  help.until_('the other verdict', function()
    return inner.lua('return outcome') == false
  end)
  -- What is allowed in the workspace in one is allowed in the other.
  help.person_answers('Allow in this workspace')
  assert(help.outcome(help.propose('npm publish')))
  inner.lua(propose, 'npm publish')
  help.until_('the other verdict', function()
    return inner.lua('return outcome') == true
  end)
  -- When one leaves, the other goes on.
  inner.stop()
  assert(help.outcome(help.propose('ls')))
end

---Starts a Neovim with a configuration of its own, and gives its statusline once it guards.
---@param configuration string[]
---@return string
local function status_with(configuration)
  vim.fn.mkdir(vim.env.XDG_CONFIG_HOME .. '/nvim', 'p')
  vim.fn.writefile(
    vim.list_extend({
      'vim.g.banksman = { cmd = { vim.env.BANKSMAN, "lsp" } }',
      'vim.api.nvim_create_autocmd("VimEnter", {',
      '  callback = vim.schedule_wrap(function()',
      '    local status = require("banksman").statusline',
      '    vim.wait(15000, function() return status() == "banksman auto" end)',
      '    io.stdout:write(status())',
      '    vim.cmd.qall({ bang = true })',
      '  end),',
      '})',
    }, configuration),
    vim.env.XDG_CONFIG_HOME .. '/nvim/init.lua'
  )
  local command = { vim.env.BANKSMAN_NVIM, '--headless' }
  return vim.system(command, { text = true }):wait().stdout or ''
end

function claims.works_as_a_plain_package()
  local packages = vim.env.XDG_DATA_HOME .. '/nvim/site/pack/guard/start'
  vim.fn.mkdir(packages, 'p')
  vim.uv.fs_symlink(vim.env.BANKSMAN_PLUGIN, packages .. '/banksman')
  help.same(status_with({}), 'banksman auto')
end

function claims.works_from_the_runtimepath()
  help.same(
    status_with({ 'vim.opt.runtimepath:prepend(vim.env.BANKSMAN_PLUGIN)' }),
    'banksman auto'
  )
end

function claims.works_as_a_package_that_is_added_later()
  local packages = vim.env.XDG_DATA_HOME .. '/nvim/site/pack/guard/opt'
  vim.fn.mkdir(packages, 'p')
  vim.uv.fs_symlink(vim.env.BANKSMAN_PLUGIN, packages .. '/banksman')
  local added = 'vim.api.nvim_create_autocmd("VimEnter", { command = "packadd banksman" })'
  help.same(status_with({ added }), 'banksman auto')
end

function claims.works_when_enabled_by_name()
  local file = help.file('a.py', 'x')
  help.same(
    status_with({
      'vim.opt.runtimepath:prepend(vim.env.BANKSMAN_PLUGIN)',
      'vim.g.banksman = { cmd = { vim.env.BANKSMAN, "lsp" }, autostart = false }',
      'vim.lsp.enable("banksman")',
      ('vim.api.nvim_create_autocmd("VimEnter", { nested = true, command = "edit %s" })'):format(
        file
      ),
    }),
    'banksman auto'
  )
end

return claims
