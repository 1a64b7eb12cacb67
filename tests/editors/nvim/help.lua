-- What the claims have in common.
local M = {}

---@type string[] What the plugin told the person.
local told = {}
---@type string[] Folders to be removed.
local folders = {}

---@diagnostic disable-next-line: duplicate-set-field
vim.notify = function(message)
  table.insert(told, message)
end

---@return string
function M.said()
  return table.concat(told, '\n')
end

---Waits until something holds.
---@param what string
---@param holds fun(): any
function M.until_(what, holds)
  local done = vim.wait(60000, function()
    return holds() and true or false
  end, 10)
  assert(done, 'never came: ' .. what)
end

---Waits until the person has been told this.
---@param words string
function M.until_said(words)
  M.until_('“' .. words .. '”', function()
    return M.said():find(words, 1, true)
  end)
end

---Starts the plugin and waits for the server.
---@param options? banksman.Options
---@return vim.lsp.Client
function M.start(options)
  require('banksman').setup(options)
  require('banksman.client').start()
  return M.ready()
end

---@return vim.lsp.Client
function M.ready()
  M.until_('a server', function()
    local client = require('banksman.client').get()
    return client and client.initialized
  end)
  return assert(require('banksman.client').get())
end

---@param name string
---@param content string
---@return string
function M.file(name, content)
  local path = vim.fs.joinpath(vim.fn.getcwd(), name)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  vim.fn.writefile(vim.split(content, '\n'), path)
  return path
end

---@return string
function M.folder()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, 'p')
  table.insert(folders, folder)
  return folder
end

function M.clean()
  for _, folder in ipairs(folders) do
    vim.fn.delete(folder, 'rf')
  end
end

---Reviews a command line as an agent's plugin would, without waiting.
---@param command string
---@param options? { session: string, workspace?: string }
---@return { go?: boolean, verdict?: banksman.Verdict }
function M.propose(command, options)
  local outcome = {}
  local action = { kind = 'command', command = command }
  require('banksman').review(action, options or { session = 's1' }, function(go, verdict)
    outcome.go, outcome.verdict = go, verdict
  end)
  return outcome
end

---@param outcome { go?: boolean, verdict?: banksman.Verdict }
---@return boolean go
---@return banksman.Verdict? verdict
function M.outcome(outcome)
  M.until_('a verdict', function()
    return outcome.go ~= nil
  end)
  return outcome.go, outcome.verdict
end

---Lets a person answer all questions by label; nil puts them aside.
---@param label? string
---@return string[] # The prompts that were seen.
function M.person_answers(label)
  local seen = {}
  ---@diagnostic disable-next-line: duplicate-set-field
  vim.ui.select = function(items, options, done)
    table.insert(seen, options.prompt)
    done(vim.iter(items):find(function(item)
      return options.format_item(item) == label
    end))
  end
  return seen
end

---Lets a person look away from all questions.
---@return fun(label: string)[] # Answers the question, late.
function M.person_is_away()
  local late = {}
  ---@diagnostic disable-next-line: duplicate-set-field
  vim.ui.select = function(items, options, done)
    table.insert(late, function(label)
      done(vim.iter(items):find(function(item)
        return options.format_item(item) == label
      end))
    end)
  end
  return late
end

---Kills the server from outside.
function M.kill_server()
  local mine = tostring(vim.uv.os_getpid())
  local found = vim.system({ 'pgrep', '-P', mine, '-f', ' lsp' }, { text = true }):wait()
  vim.uv.kill(assert(tonumber(vim.trim(found.stdout))), 'sigkill')
end

---Another Neovim with a screen, in the same folder, with its own server.
---@param options? string The rest of its `vim.g.banksman`.
---@return { lua: fun(code: string, ...): any; rpc: fun(method: string, ...): any; stop: fun() }
function M.inner(options)
  local job = vim.fn.jobstart({ vim.env.BANKSMAN_NVIM, '--embed', '--clean', '-n' }, {
    rpc = true,
    env = { NVIM = '' },
  })
  local function rpc(method, ...)
    return vim.rpcrequest(job, method, ...)
  end
  local function lua(code, ...)
    return rpc('nvim_exec_lua', code, { ... })
  end
  rpc('nvim_ui_attach', 80, 24, { rgb = true })
  lua(([[
    vim.opt.runtimepath:prepend(vim.env.BANKSMAN_PLUGIN)
    vim.g.banksman = { cmd = { vim.env.BANKSMAN, 'lsp' }, %s }
    vim.cmd.runtime('plugin/banksman.lua')
    told = {}
    vim.notify = function(message) table.insert(told, message) end
  ]]):format(options or ''))
  M.until_('a server', function()
    return lua("local c = require('banksman.client').get() return c and c.initialized or false")
  end)
  return {
    lua = lua,
    rpc = rpc,
    stop = function()
      vim.fn.jobstop(job)
    end,
  }
end

---@param got any
---@param wanted any
function M.same(got, wanted)
  assert(
    vim.deep_equal(got, wanted),
    ('got %s, wanted %s'):format(vim.inspect(got), vim.inspect(wanted))
  )
end

---@param text string
---@param part string
function M.has(text, part)
  assert(text:find(part, 1, true), ('no %q in %q'):format(part, text))
end

return M
