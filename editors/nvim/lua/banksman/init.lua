-- What configurations and other plugins may call. The rest may change without notice.
local text = require('banksman.text')

local M = {}

---Changes options. Not needed: `vim.g.banksman` does the same before the plugin is loaded.
---@param options? banksman.Options
function M.setup(options)
  local given = type(vim.g.banksman) == 'table' and vim.g.banksman or {}
  vim.g.banksman = vim.tbl_extend('force', given, options or {})
end

---For a statusline.
---@return string
function M.statusline()
  return require('banksman.status').line()
end

---What was decided, newest first.
---@return banksman.VerdictParams[]
function M.decisions()
  return require('banksman.decisions').list()
end

---Reviews an action before it is done, for plugins that run an agent's tools themselves.
---`done` gets true only when the action may go on: an error and no server at all mean no.
---@param action banksman.Action
---@param options { session: string, tool_call_id?: string, workspace?: string }
---@param done fun(go: boolean, verdict?: banksman.Verdict)
function M.review(action, options, done)
  local server = require('banksman.client')
  server.when_ready(function(client)
    if not client then
      return done(false)
    end
    -- Neovim forgets the requests of a server that dies; what waits for one is not run.
    local answer = server.once_or_gone(client.id, done)
    local sent = client:request('banksman/review', {
      session = options.session,
      action = action,
      toolCallId = options.tool_call_id,
      workspace = options.workspace,
    }, function(err, verdict)
      answer(not err and verdict.decision == 'allow', verdict)
    end)
    if not sent then
      answer(false)
    end
  end)
end

---Passes on what the user said to the agent, verbatim. Only these words can allow anything.
---@param session string
---@param words string
function M.prompt(session, words)
  require('banksman.client').when_ready(function(client)
    if client then
      client:notify('banksman/prompt', { session = session, text = words })
    end
  end)
end

---The command line that runs an agent of the Agent Client Protocol behind the gate.
---@param command string[] The agent's own, such as `{ 'gemini', '--acp' }`.
---@return string[]
function M.acp(command)
  local guarded = vim.deepcopy(require('banksman.config').get().cmd)
  if guarded[#guarded] == 'lsp' then
    table.remove(guarded)
  end
  vim.list_extend(guarded, { 'acp', '--' })
  if vim.deep_equal(vim.list_slice(command, 1, #guarded), guarded) then
    return command
  end
  return vim.list_extend(guarded, command)
end

---Answers a question, or clears what was blocked so that the agent may try again.
---@param id string
---@param answer banksman.Answer
---@param note? string What the agent is told with it.
function M.resolve(id, answer, note)
  local params = { verdict = id, answer = answer, note = note }
  require('banksman.client').request('banksman/resolve', params, function(resolution)
    local meant = answer == 'no' and 'block' or 'allow'
    if resolution.decision ~= meant and resolution.reason then
      text.tell(text.one_line(resolution.reason, 300), vim.log.levels.WARN)
    else
      text.tell(('%s: %s.'):format(id, meant == 'allow' and 'allowed' or 'kept stopped'))
    end
  end)
end

---Changes the mode of the workspace.
---@param mode banksman.Mode
function M.set_mode(mode)
  require('banksman.client').request('banksman/setMode', { mode = mode }, function(now)
    require('banksman.status').set_mode(now)
    text.tell(('the mode is %s.'):format(now), now ~= mode and vim.log.levels.WARN or nil)
  end)
end

return M
