-- The gate before avante's tools: all of them go through one function of avante, which waits here
-- for the verdict and returns an error to the model when the verdict is no.
local gate = require('banksman.adapters.gate')

local M = {}

---@param input table
---@return string?
local function path_of(input)
  return input.path or input.rel_path or input.filepath or input.abs_path
end

---@param input table
---@return banksman.Action[]
local function read(input)
  return { { kind = 'read', path = path_of(input) } }
end

---@param input table
---@return banksman.Action[]
local function delete(input)
  return { { kind = 'delete', path = path_of(input) } }
end

---@param input table
---@return banksman.Action[]
local function create(input)
  local new = input.the_content or input.content or input.file_text
  return { { kind = 'edit', path = path_of(input), new = new } }
end

---@param input table
---@return banksman.Action[]
local function replace(input)
  return { { kind = 'edit', path = path_of(input), old = input.old_str, new = input.new_str } }
end

---Edits written as blocks: a line with SEARCH, the old text, `=======`, the new text, a line with
---REPLACE.
---@param input table
---@return banksman.Action[]
local function replace_blocks(input)
  local actions = {}
  local old, new ---@type string[]?, string[]?
  for _, line in ipairs(vim.split(input.the_diff or input.diff, '\n')) do
    if line:find('^[-<]+ SEARCH') then
      old, new = {}, nil
    elseif old and not new and line:find('^=======') then
      new = {}
    elseif old and new and line:find('^[+>]+ REPLACE') then
      local path = path_of(input)
      local before, after = table.concat(old, '\n'), table.concat(new, '\n')
      table.insert(actions, { kind = 'edit', path = path, old = before, new = after })
      old, new = nil, nil
    elseif old then
      table.insert(new or old, line)
    end
  end
  -- A block without its end is not understood.
  return old and {} or actions
end

---What avante's own tools do. Others go to the server by their names and arguments.
---@type table<string, fun(input: table): banksman.Action[]>
local meanings = {
  create = create,
  create_file = create,
  delete_dir = delete,
  delete_file = delete,
  delete_path = delete,
  read_file = read,
  read_global_file = read,
  replace_in_file = replace_blocks,
  str_replace = replace,
  view = read,
  write_global_file = create,
  write_to_file = create,
}

function meanings.bash(input)
  return { { kind = 'command', command = input.command, cwd = input.path or input.rel_path } }
end

function meanings.fetch(input)
  return { { kind = 'fetch', url = input.url } }
end

function meanings.dispatch_agent(input)
  return { { kind = 'delegate', prompt = input.prompt } }
end

function meanings.str_replace_editor(input)
  local meaning = meanings[input.command]
  return meaning and meaning(input) or {}
end

meanings.str_replace_based_edit_tool = meanings.str_replace_editor

---What a call would do.
---@param name string
---@param input any
---@return banksman.Action[]
function M.actions(name, input)
  return gate.actions('avante', meanings, name, input)
end

---What the user wrote in avante's sidebar.
---@return string[]
function M.words()
  local there, avante = pcall(require, 'avante')
  local sidebar = there and avante.get and avante.get()
  local history = sidebar and sidebar.chat_history
  local words = {}
  for _, entry in ipairs(history and history.messages or {}) do
    local message = entry.message or {}
    local said = message.content
    if type(said) == 'table' then
      said = type(said[1]) == 'table' and said[1].text or said[1]
    end
    if entry.is_user_submission and message.role == 'user' and type(said) == 'string' then
      table.insert(words, said)
    end
  end
  return words
end

---@return string
local function session()
  local there, avante = pcall(require, 'avante')
  local sidebar = there and avante.get and avante.get()
  local chat = sidebar and sidebar.chat_history and sidebar.chat_history.filename
    or sidebar and sidebar.id
  return ('avante-%d-%s'):format(vim.uv.os_getpid(), chat or 0)
end

---@param original function
---@return function
local function guarded(original)
  -- Older versions take `on_log` and `on_complete` one by one, newer ones in a table.
  return function(tools, use, options, on_complete, ...)
    if use.state == 'generating' then
      -- A call that is still being written is not run, not even for a preview.
      return
    end
    local input = use.input or vim.F.npcall(vim.json.decode, use.input_json)
    local call = {
      session = session(),
      id = use.id,
      actions = M.actions(use.name, input),
      words = M.words(),
    }
    local give = type(options) == 'table' and options.on_complete or on_complete
    local function tell(result, trouble)
      gate.outcome(call, trouble == nil, trouble or result)
      give(result, trouble)
    end
    local rest = vim.F.pack_len(...)
    local function run()
      if not give then
        return original(tools, use, options, on_complete, vim.F.unpack_len(rest))
      elseif type(options) == 'table' then
        return original(tools, use, vim.tbl_extend('force', options, { on_complete = tell }))
      end
      return original(tools, use, options, tell, vim.F.unpack_len(rest))
    end
    if not give then
      -- Nobody waits for an answer later, so it has to come now.
      local answer
      gate.check(call, function(...)
        answer = vim.F.pack_len(...)
      end)
      local deadline = require('banksman.config').get().ask_deadline_seconds or 300
      vim.wait(deadline * 1000 + 5000, function()
        return answer ~= nil
      end, 10)
      if answer and answer[1] then
        return run()
      end
      return nil, answer and answer[2] or gate.refusal()
    end
    gate.check(call, function(go, refusal)
      if not go then
        return give(nil, refusal)
      end
      local ran, result, trouble = pcall(run)
      if not ran then
        tell(nil, tostring(result))
      elseif result ~= nil or trouble ~= nil then
        tell(result, trouble)
      end
    end)
  end
end

---Puts the gate before avante's tools. To be called after avante's own `setup`.
---@return boolean # The gate is there.
function M.setup()
  local there, tools = pcall(require, 'avante.llm_tools')
  if not there or type(tools) ~= 'table' or type(tools.process_tool_use) ~= 'function' then
    gate.open('avante', 'the function that runs them is not where this plugin knows it')
    return false
  end
  gate.wrap(tools, 'process_tool_use', guarded)
  M.guards = true
  return true
end

---Providers for avante's `acp_providers` whose agents run behind `banksman acp`.
---@param providers table<string, { command: string, args?: string[] }>
---@return table<string, table>
function M.acp_providers(providers)
  return vim.tbl_map(function(provider)
    local command = vim.list_extend({ provider.command }, provider.args or {})
    local behind = require('banksman').acp(command)
    return vim.tbl_extend('force', provider, {
      command = behind[1],
      args = vim.list_slice(behind, 2),
    })
  end, providers)
end

return M
