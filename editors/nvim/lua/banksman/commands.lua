-- `:Banksman` and the commands of code actions.
local text = require('banksman.text')

local M = {}

local modes = { 'manual', 'auto', 'strict', 'bypass', 'plan' }
local scopes = { 'once', 'session', 'workspace' }

---@class banksman.Subcommand
---@field run fun(arguments: string[], bang: boolean)
---@field complete? fun(position: integer, lead: string): string[] What may stand at a position,
--- counted from 1.

---@return string[]
local function verdicts()
  return vim.tbl_map(function(entry)
    return entry.verdict.id
  end, require('banksman.decisions').list())
end

---The verdict that is named, or the one that waits for an answer, or the latest that was stopped.
---@param id? string
---@param act fun(id: string)
local function with_verdict(id, act)
  local latest = require('banksman.ask').latest() or require('banksman.decisions').latest_stopped()
  if id or latest then
    act(id or latest.verdict.id)
  else
    text.tell('nothing was stopped.')
  end
end

---@type table<string, banksman.Subcommand>
local subcommands = {
  allow = {
    run = function(arguments)
      local scope = vim.list_contains(scopes, arguments[#arguments]) and table.remove(arguments)
      with_verdict(arguments[1], function(id)
        require('banksman').resolve(id, scope or 'once')
      end)
    end,
    complete = function(position)
      return position == 1 and vim.list_extend(verdicts(), scopes) or scopes
    end,
  },
  ask = {
    run = function()
      if require('banksman.ask').count() == 0 then
        text.tell('nothing waits for an answer.')
      end
      require('banksman.ask').show(true)
    end,
  },
  decisions = {
    run = function(arguments)
      require('banksman.decisions').open(arguments[1])
    end,
    complete = function(position)
      return position == 1 and require('banksman.decisions').filters or {}
    end,
  },
  deny = {
    run = function(arguments)
      local words = table.concat(arguments, ' ', 2)
      with_verdict(arguments[1], function(id)
        require('banksman').resolve(id, 'no', words ~= '' and words or nil)
      end)
    end,
    complete = function(position)
      return position == 1 and verdicts() or {}
    end,
  },
  dismiss = {
    run = function(arguments)
      with_verdict(arguments[1], M.dismiss)
    end,
    complete = verdicts,
  },
  export = {
    run = function(arguments, bang)
      if not arguments[1] then
        text.tell('where to? :Banksman export {file}', vim.log.levels.ERROR)
        return
      end
      require('banksman.decisions').export(table.concat(arguments, ' '), bang)
    end,
    complete = function(_, lead)
      return vim.fn.getcompletion(lead, 'file')
    end,
  },
  folder = {
    run = function(arguments)
      if arguments[1] then
        require('banksman.client').add_folder(table.concat(arguments, ' '))
      else
        local folders = require('banksman.client').folders()
        text.tell('guarded: ' .. (#folders > 0 and table.concat(folders, ', ') or 'nothing') .. '.')
      end
    end,
    complete = function(_, lead)
      return vim.fn.getcompletion(lead, 'dir')
    end,
  },
  log = {
    run = function()
      vim.cmd.tabedit(vim.fn.fnameescape(vim.lsp.log.get_filename()))
    end,
  },
  mode = {
    run = function(arguments)
      local mode = arguments[1]
      if not mode then
        text.tell('the mode is ' .. (require('banksman.status').mode() or 'not known') .. '.')
        return
      end
      require('banksman').set_mode(mode)
    end,
    complete = function()
      return modes
    end,
  },
  restart = {
    run = function()
      require('banksman.client').restart()
    end,
  },
  start = {
    run = function()
      require('banksman.client').start()
    end,
  },
  status = {
    run = function()
      text.tell(require('banksman.status').line())
    end,
  },
  stop = {
    run = function()
      require('banksman.client').stop()
    end,
  },
  why = {
    run = function(arguments)
      with_verdict(arguments[1], require('banksman.explain').open)
    end,
    complete = verdicts,
  },
}

---Clears what is shown of a verdict; it stays as it was decided.
---@param id string
function M.dismiss(id)
  require('banksman.client').request('workspace/executeCommand', {
    command = 'banksman.dismiss',
    arguments = { id },
  }, function() end)
end

---@param words string[]
---@param bang? boolean
function M.run(words, bang)
  local name = words[1] or 'status'
  local subcommand = subcommands[name]
  if not subcommand then
    text.tell(
      ('there is no `%s`. There is: %s'):format(
        text.one_line(name, 40),
        table.concat(vim.fn.sort(vim.tbl_keys(subcommands)), ', ')
      ),
      vim.log.levels.ERROR
    )
    return
  end
  subcommand.run(vim.list_slice(words, 2), bang == true)
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local words = vim.split(vim.trim(line), '%s+')
  local position = #words - (lead == '' and 0 or 1)
  ---@type string[]
  local candidates
  if position <= 1 then
    candidates = vim.fn.sort(vim.tbl_keys(subcommands))
  else
    local subcommand = subcommands[words[2]]
    candidates = subcommand and subcommand.complete and subcommand.complete(position - 1, lead)
      or {}
  end
  return vim.tbl_filter(function(candidate)
    return vim.startswith(candidate, lead)
  end, candidates)
end

---@param answer banksman.Answer
---@return fun(command: lsp.Command)
local function answering(answer)
  return function(command)
    require('banksman').resolve(command.arguments[1], answer)
  end
end

---What code actions of the server do here.
---@type table<string, fun(command: lsp.Command)>
M.of_client = {
  ['banksman.allowOnce'] = answering('once'),
  ['banksman.allowInWorkspace'] = answering('workspace'),
  ['banksman.keepBlocked'] = answering('no'),
  ['banksman.dismiss'] = function(command)
    M.dismiss(command.arguments[1])
  end,
  ['banksman.why'] = function(command)
    require('banksman.explain').open(command.arguments[1])
  end,
}

return M
