-- Words for people. What comes from an agent is made harmless before it is shown.
local M = {}

-- Characters that are not seen, or that turn the text around: U+200B-200F, U+202A-202E,
-- U+2060-2069, U+FEFF, and the tags of plane 14.
local unseen = {
  '\226\128[\139-\143]',
  '\226\128[\170-\174]',
  '\226\129[\160-\169]',
  '\239\187\191',
  '\243\160[\128-\191][\128-\191]',
}

---A text in one line, at most `width` characters, with nothing in it that is not seen.
---@param text string
---@param width? integer
---@return string
function M.one_line(text, width)
  local shown = text:gsub('[\r\n]+', ' ⏎ '):gsub('%c', ' ')
  for _, pattern in ipairs(unseen) do
    shown = shown:gsub(pattern, function(char)
      return ('<U+%04X>'):format(vim.fn.char2nr(char, true))
    end)
  end
  if width and vim.fn.strchars(shown) > width then
    shown = vim.fn.strcharpart(shown, 0, width - 1) .. '…'
  end
  return shown
end

---A text broken between words into lines of at most `width` cells. Its own lines stay.
---@param text string
---@param width integer
---@return string
function M.wrapped(text, width)
  local lines = {}
  for _, given in ipairs(vim.split(text, '\n')) do
    local line = ''
    for word in given:gmatch('%S+') do
      local longer = line == '' and word or line .. ' ' .. word
      if line ~= '' and vim.fn.strdisplaywidth(longer) > width then
        table.insert(lines, line)
        line = word
      else
        line = longer
      end
    end
    table.insert(lines, line)
  end
  return table.concat(lines, '\n')
end

---A path as a person would write it here.
---@param path string
---@return string
local function short(path)
  return vim.fn.fnamemodify(path, ':~:.')
end

---What the agent wants, in one line.
---@param action banksman.Action
---@param width? integer
---@return string
function M.action(action, width)
  local kind = action.kind
  if kind == 'command' then
    return M.one_line('run ' .. action.command, width)
  elseif kind == 'edit' or kind == 'delete' or kind == 'read' then
    return M.one_line(kind .. ' ' .. short(action.path), width)
  elseif kind == 'fetch' then
    return M.one_line(('%s %s'):format(action.method or 'GET', action.url), width)
  elseif kind == 'tool' then
    return M.one_line(('call %s of %s'):format(action.tool, action.server), width)
  elseif kind == 'delegate' then
    return M.one_line('hand on ' .. action.prompt, width)
  end
  return M.one_line(tostring(kind), width)
end

---@type table<banksman.Decision, string>
M.mark = { allow = '✓', ask = '?', block = '✗' }

---@type table<banksman.Decision, string>
M.word = { allow = 'allowed', ask = 'asked', block = 'blocked' }

---@type table<banksman.Decision, string>
M.highlight = { allow = 'BanksmanAllow', ask = 'BanksmanAsk', block = 'BanksmanBlock' }

---Tells the person.
---@param text string
---@param level? integer
function M.tell(text, level)
  vim.notify('Banksman: ' .. text, level or vim.log.levels.INFO)
end

return M
