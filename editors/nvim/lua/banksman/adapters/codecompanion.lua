-- The gate before CodeCompanion's tools. Its runner calls each tool's functions; the first of them
-- waits for the verdict, and answers as a tool that failed when the verdict is no.
local gate = require('banksman.adapters.gate')

local M = {}

-- Where the runner was and is.
local runners = {
  'codecompanion.interactions.chat.tools.runtime.runner',
  'codecompanion.strategies.chat.tools.runtime.runner',
}

---What CodeCompanion's own tools do. Others go to the server by their names and arguments.
---@type table<string, fun(arguments: table): banksman.Action[]>
local meanings = {}

function meanings.run_command(arguments)
  return { { kind = 'command', command = arguments.cmd } }
end

meanings.cmd_runner = meanings.run_command

function meanings.create_file(arguments)
  return { { kind = 'edit', path = arguments.filepath, new = arguments.content } }
end

function meanings.delete_file(arguments)
  return { { kind = 'delete', path = arguments.filepath } }
end

function meanings.read_file(arguments)
  return { { kind = 'read', path = arguments.filepath } }
end

function meanings.fetch_webpage(arguments)
  return { { kind = 'fetch', url = arguments.url } }
end

function meanings.edit_file(arguments)
  local path, old, new = arguments.filepath, arguments.old_string, arguments.new_string
  return { { kind = 'edit', path = path, old = old, new = new } }
end

function meanings.insert_edit_into_file(arguments)
  local edits = arguments.edits
  if type(edits) == 'string' then
    edits = vim.json.decode(edits)
  end
  return vim.tbl_map(function(edit)
    -- Without an old text the new one is the whole file, or stands at its start or end.
    local old = type(edit.oldText) == 'string' and edit.oldText ~= '' and edit.oldText or nil
    return { kind = 'edit', path = arguments.filepath, old = old, new = edit.newText }
  end, edits)
end

---Adds what one file of a patch becomes.
---@param actions banksman.Action[]
---@param file { kind: string, path: string, to?: string, old: string[], new: string[] }
local function add_part(actions, file)
  local old, new = table.concat(file.old, '\n'), table.concat(file.new, '\n')
  if file.kind == 'Delete' then
    table.insert(actions, { kind = 'delete', path = file.path })
  elseif file.kind == 'Add' then
    table.insert(actions, { kind = 'edit', path = file.path, new = new })
  elseif #file.old + #file.new > 0 then
    -- A file that moves keeps what it holds, so that is a change in both places and no loss.
    for _, path in ipairs({ file.path, file.to }) do
      table.insert(
        actions,
        { kind = 'edit', path = path, old = old ~= '' and old or nil, new = new }
      )
    end
  end
end

---A patch with `*** Add File: …`, `*** Update File: …` (and `*** Move to: …`) and `*** Delete File: …`.
function meanings.apply_patch(arguments)
  local actions = {}
  local file ---@type table?
  local function finish()
    if file then
      add_part(actions, file)
      file.old, file.new = {}, {}
    end
  end
  for _, line in ipairs(vim.split(arguments.patchText, '\r?\n')) do
    local kind, path = line:match('^%*%*%* (%a+) File: (.+)$')
    local to = line:match('^%*%*%* Move to: (.+)$')
    local sign, rest = line:match('^([-+ ])(.*)$')
    if kind then
      finish()
      file = { kind = kind, path = path, old = {}, new = {} }
    elseif to and file then
      file.to = to
    elseif line:find('^@@') then
      finish()
    elseif sign and file then
      if sign ~= '+' then
        table.insert(file.old, rest)
      end
      if sign ~= '-' then
        table.insert(file.new, rest)
      end
    end
  end
  finish()
  return actions
end

---What a call would do.
---@param name string
---@param arguments any
---@return banksman.Action[]
function M.actions(name, arguments)
  return gate.actions('codecompanion', meanings, name, arguments)
end

---What the user wrote in a chat. Files and other context that CodeCompanion adds in the user's
---name, and what it hides from the user, are not the user's words.
---@param chat table
---@return string[]
function M.words(chat)
  local words = {}
  for _, message in ipairs(chat.messages or {}) do
    local meta, options = message._meta or {}, message.opts or {}
    local added = meta.tag or options.tag or message.context or options.context
    added = added or message.reference or options.reference
    if
      message.role == 'user'
      and type(message.content) == 'string'
      and options.visible == true
      and not added
    then
      table.insert(words, message.content)
    end
  end
  return words
end

---@param orchestrator table
---@return banksman.ToolCall
local function call_of(orchestrator)
  local tool, chat = orchestrator.tool, orchestrator.tools.chat
  return {
    session = ('codecompanion-%d-%s'):format(vim.uv.os_getpid(), chat.id or chat.bufnr or 0),
    id = type(tool.function_call) == 'table' and tool.function_call.id or nil,
    actions = M.actions(tool.name, tool.args),
    words = M.words(chat),
  }
end

---Where a tool's function gives its result: the fourth argument, or a field of the third.
---@return fun(result: table)?
local function result_of(_, _, options, callback)
  if type(callback) == 'function' then
    return callback
  end
  return type(options) == 'table' and options.output_cb or nil
end

---@param orchestrator table
---@param run function
---@return function
local function guarded(orchestrator, run)
  return function(...)
    local give = result_of(...)
    if not give then
      return { status = 'error', data = 'Banksman does not know this version of CodeCompanion.' }
    end
    local given = vim.F.pack_len(...)
    local call = call_of(orchestrator)
    gate.check(call, function(go, refusal)
      if not go then
        return give({ status = 'error', data = refusal })
      end
      if orchestrator.cancelled then
        -- The user has stopped the agent while the verdict was waited for.
        return give({ status = 'error', data = 'The user has stopped this.' })
      end
      local function tell(result)
        gate.outcome(call, result.status ~= 'error', result.data)
        give(result)
      end
      if type(given[4]) == 'function' then
        given[4] = tell
      else
        given[3] = vim.tbl_extend('force', given[3], { output_cb = tell })
      end
      local ran, result = pcall(run, vim.F.unpack_len(given))
      if not ran then
        tell({ status = 'error', data = tostring(result) })
      elseif result ~= nil then
        tell(result)
      end
    end)
  end
end

---Puts the gate before the tools. Called by CodeCompanion when the extension is listed.
---@return boolean # The gate is there.
function M.setup()
  for _, name in ipairs(runners) do
    local there, runner = pcall(require, name)
    if there and type(runner) == 'table' and type(runner.setup) == 'function' then
      gate.wrap(runner, 'setup', function(setup)
        return function(self, input)
          local field = self.cmd and 'cmd' or 'runner'
          if self.index == 1 then
            self[field] = guarded(self.orchestrator, self[field])
          end
          return setup(self, input)
        end
      end)
      M.guards = true
      return true
    end
  end
  gate.open('CodeCompanion', 'its tool runner is not where this plugin knows it')
  return false
end

---An ACP adapter of CodeCompanion whose agent runs behind `banksman acp`, for
---`adapters = { acp = { name = … } }`.
---@param name string
---@param changes? table As for CodeCompanion's own `extend`.
---@return fun(): table
function M.acp(name, changes)
  return function()
    local adapter = require('codecompanion.adapters').extend(name, changes or {})
    for key, command in pairs(adapter.commands or {}) do
      if vim.islist(command) and #command > 0 then
        adapter.commands[key] = require('banksman').acp(command)
      end
    end
    return adapter
  end
end

return M
