-- What was decided, newest first: the memory and the buffer that shows it.
local config = require('banksman.config')
local text = require('banksman.text')

local M = {}

local NAME = 'banksman://decisions'
local marks = vim.api.nvim_create_namespace('banksman_decisions')

---@class banksman.Entry: banksman.VerdictParams
---@field at integer When it was decided, in seconds since 1970.

---@type banksman.Entry[] Oldest first.
local entries = {}
---@type table<string, banksman.Entry>
local by_id = {}
---@type table<integer, banksman.Entry> What stands on each line of the buffer.
local by_line = {}

---Takes in a verdict.
---@param params banksman.VerdictParams
function M.add(params)
  local id = params.verdict.id
  local known = by_id[id]
  local entry = vim.tbl_extend('force', params, { at = known and known.at or os.time() })
  by_id[id] = entry
  if known then
    for index, candidate in ipairs(entries) do
      if candidate == known then
        entries[index] = entry
      end
    end
  else
    table.insert(entries, entry)
  end
  while #entries > config.get().keep do
    local oldest = table.remove(entries, 1)
    by_id[oldest.verdict.id] = nil
  end
  if params.verdict.decision ~= 'ask' then
    require('banksman.ask').settled(id)
  end
  if not known then
    M.tell(entry)
  end
  M.draw()
  vim.cmd.redrawstatus({ bang = true })
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'BanksmanVerdict',
    modeline = false,
    data = params,
  })
end

---@param entry banksman.Entry
function M.tell(entry)
  if entry.verdict.decision ~= 'block' or config.get().notify ~= 'block' then
    return
  end
  text.tell(
    ('blocked `%s`. %s (:Banksman why %s)'):format(
      text.action(entry.action, 80),
      text.one_line(entry.verdict.summary, 300),
      entry.verdict.id
    ),
    vim.log.levels.WARN
  )
end

---What is remembered, newest first.
---@return banksman.Entry[]
function M.list()
  return vim.iter(entries):rev():totable()
end

---@param id string
---@return banksman.Entry?
function M.find(id)
  return by_id[id]
end

---The latest action that was stopped or waits.
---@return banksman.Entry?
function M.latest_stopped()
  return vim.iter(entries):rev():find(function(entry)
    return entry.verdict.decision ~= 'allow'
  end)
end

---How many actions were decided which way.
---@return table<banksman.Decision, integer>
function M.counts()
  local counts = { allow = 0, ask = 0, block = 0 }
  for _, entry in ipairs(entries) do
    counts[entry.verdict.decision] = counts[entry.verdict.decision] + 1
  end
  return counts
end

---Opens the view.
function M.open()
  local buffer = M.buffer()
  local window = vim.fn.bufwinid(buffer)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd('botright 12split')
    vim.api.nvim_win_set_buf(0, buffer)
    vim.wo[0][0].wrap = false
    vim.wo[0][0].number = false
    vim.wo[0][0].relativenumber = false
    vim.wo[0][0].cursorline = true
    vim.wo[0][0].winfixheight = true
  end
  M.draw()
end

---@return integer
function M.buffer()
  local existing = vim.fn.bufnr('^' .. NAME .. '$')
  if existing ~= -1 then
    return existing
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, NAME)
  vim.bo[buffer].filetype = 'banksman'
  vim.bo[buffer].modifiable = false
  local function map(key, desc, act)
    vim.keymap.set('n', key, function()
      local entry = by_line[vim.api.nvim_win_get_cursor(0)[1]]
      if entry then
        act(entry.verdict.id)
      end
    end, { buffer = buffer, desc = desc, nowait = true })
  end
  local answers = { a = 'once', s = 'session', w = 'workspace', n = 'no' }
  for key, answer in pairs(answers) do
    map(key, 'Banksman: answer ' .. answer, function(id)
      require('banksman').resolve(id, answer)
    end)
  end
  for _, key in ipairs({ '<CR>', 'K' }) do
    map(key, 'Banksman: why', function(id)
      require('banksman.explain').open(id)
    end)
  end
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close', nowait = true })
  return buffer
end

---Draws the view, if it is there.
function M.draw()
  local buffer = vim.fn.bufnr('^' .. NAME .. '$')
  if buffer == -1 then
    return
  end
  local lines = { 'a once · s session · w workspace · n no · <CR> why · q close' }
  by_line = {}
  for _, entry in ipairs(M.list()) do
    local decision = entry.verdict.decision
    local rules = vim.iter(entry.verdict.findings):map(function(finding)
      return not finding.clearedBy and finding.rule or nil
    end)
    table.insert(
      lines,
      ('%s %s %-7s %s  %s'):format(
        text.mark[decision],
        os.date('%H:%M:%S', entry.at),
        text.word[decision],
        text.action(entry.action, 120),
        rules:join(', ')
      )
    )
    by_line[#lines] = entry
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.api.nvim_buf_clear_namespace(buffer, marks, 0, -1)
  M.paint(buffer, 1, #lines[1], 'Comment')
  for line, entry in pairs(by_line) do
    M.paint(buffer, line, 20, text.highlight[entry.verdict.decision])
  end
end

---@param buffer integer
---@param line integer Counted from 1.
---@param length integer
---@param highlight string
function M.paint(buffer, line, length, highlight)
  vim.api.nvim_buf_set_extmark(buffer, marks, line - 1, 0, {
    end_col = length,
    hl_group = highlight,
    strict = false,
  })
end

for name, link in pairs({
  BanksmanAllow = 'DiagnosticOk',
  BanksmanAsk = 'DiagnosticWarn',
  BanksmanBlock = 'DiagnosticError',
}) do
  vim.api.nvim_set_hl(0, name, { link = link, default = true })
end

return M
