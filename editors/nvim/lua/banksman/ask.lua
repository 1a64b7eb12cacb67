-- Questions to the person. One is put at a time; silence means no.
local config = require('banksman.config')
local text = require('banksman.text')

local M = {}

---@class banksman.Question
---@field params banksman.AskParams
---@field client integer The server that asks, by client id.
---@field due integer When the deadline passes, in seconds since 1970.
---@field timer uv.uv_timer_t
---@field aside? boolean The person has put it aside.
---@field reply fun(result: banksman.AskResult) Answers the server. Only the first call counts.

---@type banksman.Question[] In the order in which they came.
local waiting = {}
---@type banksman.Question?
local showing
-- The built-in list is open.
local listing = false

---@class banksman.Choice
---@field answer? banksman.Answer Absent: explain, then ask again.
---@field because? boolean The person wants the agent to know why.
---@field label string

-- No stands first: a key that was meant for something else must not allow anything.
---@type banksman.Choice[]
local choices = {
  { answer = 'no', label = 'No' },
  { answer = 'once', label = 'Allow once' },
  { answer = 'session', label = 'Allow in this session' },
  { answer = 'workspace', label = 'Allow in this workspace' },
  { answer = 'no', because = true, label = 'No, and say why' },
  { label = 'Why?' },
}

---Handles `banksman/ask`.
---@param params banksman.AskParams
---@param context lsp.HandlerContext
function M.handle(_, params, context)
  local waits = assert(coroutine.running())
  local timer = assert(vim.uv.new_timer())
  local replied = false
  ---@type banksman.Question
  local question = {
    params = params,
    client = context.client_id,
    due = os.time() + math.floor(params.deadlineMillis / 1000),
    timer = timer,
    reply = function(result)
      if replied then
        return
      end
      replied = true
      timer:stop()
      timer:close()
      vim.schedule(function()
        coroutine.resume(waits, result)
      end)
    end,
  }
  table.insert(waiting, question)
  timer:start(params.deadlineMillis, 0, function()
    if showing == question and M.is_builtin() then
      M.close_list()
    end
    vim.schedule(function()
      if M.close(question) then
        question.reply({ answer = 'no' })
        M.tell_silence(params)
      end
    end)
  end)
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'BanksmanAsk',
    modeline = false,
    data = params,
  })
  vim.schedule(M.show)
  return coroutine.yield()
end

---What the question is about that came last.
---@return banksman.AskParams?
function M.latest()
  local question = waiting[#waiting]
  return question and question.params
end

---How many questions wait.
---@return integer
function M.count()
  return #waiting
end

---Puts the next question that was not put aside.
---@param again? boolean Also those that were.
function M.show(again)
  local question = vim.iter(waiting):find(function(candidate)
    return again or not candidate.aside
  end)
  if showing or not question then
    return
  end
  if M.is_builtin() and #vim.api.nvim_list_uis() == 0 then
    return
  end
  local mode = vim.api.nvim_get_mode()
  if mode.mode ~= 'n' or mode.blocking then
    M.show_later(question)
    return
  end
  showing = question
  listing = M.is_builtin()
  local params = question.params
  local prompt = ('Banksman: %s\nThe agent wants to `%s` (until %s, silence means no)'):format(
    text.one_line(params.verdict.summary, 300),
    text.action(params.action, 200),
    os.date('%H:%M:%S', question.due)
  )
  vim.ui.select(choices, {
    kind = 'banksman_ask',
    prompt = listing and text.wrapped(prompt, vim.o.columns - 1) or prompt,
    format_item = function(choice)
      return choice.label
    end,
  }, function(choice)
    listing = false
    -- A list that is not built in may answer much later, and about a question that is settled.
    vim.schedule(function()
      if showing == question then
        showing = nil
        M.chosen(question, choice)
      elseif choice and choice.answer and choice.answer ~= 'no' then
        text.tell('that came too late. It was not run.', vim.log.levels.WARN)
      end
    end)
  end)
end

---@param question banksman.Question
---@param choice? banksman.Choice
function M.chosen(question, choice)
  if not choice then
    question.aside = true
    text.tell('the question is put aside, :Banksman ask puts it again. Silence means no.')
    M.show()
  elseif not choice.answer then
    question.aside = true
    require('banksman.explain').open(question.params.verdict.id)
    text.tell(':Banksman ask puts the question again. Silence means no.')
    M.show()
  elseif choice.because then
    M.because(question)
  elseif M.close(question) then
    question.reply({ answer = choice.answer })
  end
end

---Says no with words for the agent. The question waits until they are written.
---@param question banksman.Question
function M.because(question)
  question.aside = true
  vim.ui.input({ prompt = 'Banksman: what should the agent know? ' }, function(words)
    if not words then
      text.tell('the question is put aside, :Banksman ask puts it again. Silence means no.')
    elseif M.close(question) then
      question.reply({ answer = 'no', note = vim.trim(words) ~= '' and vim.trim(words) or nil })
    else
      text.tell('that came too late. It was not run, and the agent was not told why.')
    end
  end)
end

---Closes the built-in list, which only a key does, and the “Press ENTER” that may follow it.
function M.close_list()
  local timer = assert(vim.uv.new_timer())
  local presses = 0
  timer:start(0, 100, function()
    presses = presses + 1
    if presses <= 20 and (listing or vim.api.nvim_get_mode().mode:find('^r')) then
      vim.api.nvim_input('<Esc>')
    elseif not timer:is_closing() then
      timer:close()
    end
  end)
end

---A person who writes is not interrupted: the keys would answer.
---@param question banksman.Question
function M.show_later(question)
  text.tell(
    ('the agent asks to `%s`. Leave this mode to answer.'):format(
      text.action(question.params.action, 80)
    ),
    vim.log.levels.WARN
  )
  vim.api.nvim_create_autocmd('ModeChanged', {
    group = vim.api.nvim_create_augroup('banksman_ask', { clear = true }),
    pattern = '*:n*',
    once = true,
    callback = vim.schedule_wrap(function()
      M.show()
    end),
  })
end

---Takes a question off the table.
---@param question banksman.Question
---@return boolean # It was there.
function M.close(question)
  for index, candidate in ipairs(waiting) do
    if candidate == question then
      table.remove(waiting, index)
      if showing == question then
        showing = nil
        -- Answered elsewhere, or by the server's own clock: the list would take keys for nothing.
        if listing then
          M.close_list()
        end
      end
      vim.schedule(M.show)
      vim.cmd.redrawstatus({ bang = true })
      return true
    end
  end
  return false
end

---@param params banksman.AskParams
function M.tell_silence(params)
  local wanted = text.action(params.action, 80)
  text.tell(('nobody answered, so this is not run: `%s`'):format(wanted), vim.log.levels.WARN)
end

---A verdict is settled by another way, or by the server's own clock, which may be ahead.
---@param verdict banksman.Verdict
function M.settled(verdict)
  for _, question in ipairs(vim.list_extend({}, waiting)) do
    if question.params.verdict.id == verdict.id and M.close(question) then
      question.reply({ answer = 'no' })
      if verdict.decision == 'block' and os.time() >= question.due - 1 then
        M.tell_silence(question.params)
      end
    end
  end
end

---The server that asked is gone.
---@param client integer
function M.forget(client)
  for _, question in ipairs(vim.list_extend({}, waiting)) do
    if question.client == client and M.close(question) then
      question.reply({ answer = 'no' })
    end
  end
end

---`vim.ui.select` is the one that Neovim brings along.
---@return boolean
function M.is_builtin()
  local source = debug.getinfo(vim.ui.select, 'S').source
  return source:find('vim[/\\]ui%.lua$') ~= nil
end

---Whether questions are put here at all.
---@return boolean
function M.enabled()
  return config.get().ask == true
end

return M
