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

---@alias banksman.Filter 'all'|'stopped'|'allowed'|'asked'|'blocked'

---@type table<banksman.Filter, banksman.Decision[]> What each filter lets through.
local filters = {
  all = { 'allow', 'ask', 'block' },
  stopped = { 'ask', 'block' },
  allowed = { 'allow' },
  asked = { 'ask' },
  blocked = { 'block' },
}

---@type banksman.Filter[] In the order in which a key goes through them.
M.filters = { 'all', 'stopped', 'allowed', 'asked', 'blocked' }

---@type banksman.Filter
local filter = 'all'

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
    require('banksman.ask').settled(params.verdict)
  end
  if not known then
    M.tell(entry)
  end
  M.draw()
  require('banksman.status').refresh(params.session)
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

---What the view shows, newest first.
---@return banksman.Entry[]
function M.shown()
  return vim.tbl_filter(function(entry)
    return vim.list_contains(filters[filter], entry.verdict.decision)
  end, M.list())
end

---Writes what the view shows as JSON Lines, oldest first. A file that is there is kept.
---@param path string
---@param over? boolean Writes over a file that is there.
---@return boolean # It was written.
function M.export(path, over)
  local full = vim.fn.fnamemodify(path, ':p')
  if vim.uv.fs_stat(full) and not over then
    text.tell(('`%s` is there already, add ! to write over it.'):format(path), vim.log.levels.ERROR)
    return false
  end
  local lines = vim.iter(M.shown()):rev():map(vim.json.encode):totable()
  local written, trouble = pcall(vim.fn.writefile, lines, full)
  if not written then
    text.tell(text.one_line(tostring(trouble), 300), vim.log.levels.ERROR)
    return false
  end
  text.tell(('%d decisions are in `%s`.'):format(#lines, path))
  return true
end

---Opens the view.
---@param wanted? banksman.Filter
function M.open(wanted)
  if wanted and not filters[wanted] then
    local known = table.concat(M.filters, ', ')
    local message = 'there is no filter `%s`. There is: %s'
    text.tell(message:format(text.one_line(wanted, 40), known), vim.log.levels.ERROR)
    return
  end
  filter = wanted or filter
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
  vim.keymap.set('n', 'f', function()
    local index = vim.iter(ipairs(M.filters)):find(function(_, name)
      return name == filter
    end)
    filter = M.filters[index % #M.filters + 1]
    M.draw()
  end, { buffer = buffer, desc = 'Banksman: another filter', nowait = true })
  vim.keymap.set('n', 'e', function()
    local asked = { prompt = 'Banksman: write these decisions to: ', completion = 'file' }
    vim.ui.input(asked, function(path)
      if path and path ~= '' then
        M.export(path)
      end
    end)
  end, { buffer = buffer, desc = 'Banksman: export', nowait = true })
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close', nowait = true })
  return buffer
end

---Draws the view, if it is there.
function M.draw()
  local buffer = vim.fn.bufnr('^' .. NAME .. '$')
  if buffer == -1 then
    return
  end
  local keys =
    'a once · s session · w workspace · n no · <CR> why · f filter · e export · q close'
  local lines = { ('%s · %s'):format(filter, keys) }
  by_line = {}
  local sessions = {}
  for _, entry in ipairs(entries) do
    sessions[entry.session] = true
  end
  local several = vim.tbl_count(sessions) > 1
  for _, entry in ipairs(M.shown()) do
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
        (several and text.one_line(entry.session, 12) .. '  ' or '') .. rules:join(', ')
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
    -- The mark, the time and the word; the marks take different numbers of bytes.
    local length = #text.mark[entry.verdict.decision] + #' 00:00:00 blocked'
    M.paint(buffer, line, length, text.highlight[entry.verdict.decision])
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
