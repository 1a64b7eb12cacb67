-- What the adapters have in common: the user's words first, then every part of a tool call, then go.
local text = require('banksman.text')

local M = {}

---@class banksman.ToolCall
---@field session string
---@field id? string How the plugin names the call.
---@field actions banksman.Action[] What the call would do; all of it has to be allowed.
---@field words string[] All that the user has said in the conversation, oldest first.

---@type table<string, string[]> What was passed on of the user's words, by session.
local heard = {}

---How many of these words come right after each other at the end of what is known.
---@param known string[]
---@param words string[]
---@return integer
local function overlap(known, words)
  for first = 1, #known do
    local tail = vim.list_slice(known, first)
    if vim.deep_equal(tail, vim.list_slice(words, 1, #tail)) then
      return #tail
    end
  end
  return 0
end

---Passes on what was not passed on yet. A chat may lose its oldest messages; what is left of them
---must not count as said again.
---@param session string
---@param words string[]
function M.hear(session, words)
  for index = overlap(heard[session] or {}, words) + 1, #words do
    require('banksman').prompt(session, words[index])
  end
  heard[session] = words
end

---What the model is told of a call that was stopped.
---@param verdict? banksman.Verdict
---@return string
function M.refusal(verdict)
  if not verdict then
    return 'Banksman did not answer, so this was not run.'
  end
  local sentences = { 'Banksman stopped this, it was not run.', verdict.summary }
  for _, finding in ipairs(verdict.findings) do
    if not finding.clearedBy and finding.instead ~= '' then
      table.insert(sentences, finding.instead)
      break
    end
  end
  return table.concat(sentences, ' ')
end

---Reviews a call, one action after the other. `done` gets true only when all may be done.
---@param call banksman.ToolCall
---@param done fun(go: boolean, refusal?: string)
function M.check(call, done)
  M.hear(call.session, call.words)
  ---@param index integer
  local function from(index)
    local action = call.actions[index]
    if not action then
      return done(true)
    end
    require('banksman').review(action, {
      session = call.session,
      tool_call_id = M.part(call, index),
    }, function(go, verdict)
      if go then
        from(index + 1)
      else
        done(false, M.refusal(verdict))
      end
    end)
  end
  if #call.actions == 0 then
    return done(false, M.refusal())
  end
  from(1)
end

---The name of one action of a call.
---@param call banksman.ToolCall
---@param index integer
---@return string?
function M.part(call, index)
  return call.id and (index == 1 and call.id or ('%s/%d'):format(call.id, index)) or nil
end

---Tells the guard what became of a call, so that later ones are read against it.
---@param call banksman.ToolCall
---@param ok boolean
---@param output any
function M.outcome(call, ok, output)
  local client = require('banksman.client').get()
  if not client or not call.id then
    return
  end
  for index in ipairs(call.actions) do
    client:notify('banksman/outcome', {
      session = call.session,
      toolCallId = M.part(call, index),
      ok = ok,
      output = type(output) == 'string' and output or vim.inspect(output),
    })
  end
end

---A tool that has no meaning of its own here. The server reads its name and its arguments.
---@param server string
---@param tool string
---@param arguments any
---@return banksman.Action
local function unknown(server, tool, arguments)
  local given = type(arguments) == 'table' and arguments or { input = arguments }
  if vim.tbl_isempty(given) then
    given = vim.empty_dict()
  end
  return { kind = 'tool', server = server, tool = tool, arguments = given }
end

---@param action banksman.Action
---@return boolean
local function is_whole(action)
  local subject = action.command or action.path or action.url or action.prompt
  local written = action.kind ~= 'edit' or type(action.new) == 'string'
  return type(subject) == 'string' and written
end

---What a call would do. What is not understood as a whole goes to the server by its name.
---@param plugin string
---@param meanings table<string, fun(arguments: table): banksman.Action[]> What the plugin's own tools do.
---@param tool string
---@param arguments any
---@return banksman.Action[]
function M.actions(plugin, meanings, tool, arguments)
  local meaning = meanings[tool]
  local understood, actions = pcall(function()
    return meaning and meaning(arguments)
  end)
  if understood and actions and #actions > 0 and vim.iter(actions):all(is_whole) then
    return actions
  end
  return { unknown(plugin, tool, arguments) }
end

---Puts a function in the place of another one, once.
---@param where table
---@param name string
---@param replace fun(original: function): function
function M.wrap(where, name, replace)
  local mark = 'banksman_' .. name
  if not where[mark] then
    where[mark] = where[name]
    where[name] = replace(where[name])
  end
end

---Says that a plugin has no gate.
---@param plugin string
---@param why string
function M.open(plugin, why)
  text.tell(
    ('the tools of %s are NOT guarded: %s. See :checkhealth banksman'):format(plugin, why),
    vim.log.levels.ERROR
  )
end

return M
