-- Everything a verdict rests on, as a page.
local text = require('banksman.text')

local M = {}

---@param id string
function M.open(id)
  require('banksman.client').request('banksman/explain', { verdict = id }, function(explanation)
    M.show(id, M.page(explanation))
  end)
end

---@param explanation banksman.Explanation
---@return string[]
function M.page(explanation)
  local verdict = explanation.verdict
  local lines = {
    ('# %s %s'):format(text.mark[verdict.decision], text.word[verdict.decision]),
    '',
    text.one_line(verdict.summary),
    '',
    ('`%s`'):format(text.action(explanation.action)),
  }
  ---@param title string
  ---@param items string[]
  local function section(title, items)
    if #items > 0 then
      vim.list_extend(lines, { '', '## ' .. title, '' })
      vim.list_extend(lines, items)
    end
  end
  ---@param consents banksman.Consent[]
  local function quotes(consents)
    return vim.tbl_map(function(consent)
      local meaning, quote = text.one_line(consent.meaning), text.one_line(consent.quote)
      return ('- %s: “%s” (turn %d)'):format(meaning, quote, consent.turn)
    end, consents)
  end
  section('Findings', M.findings(explanation.findings))
  section(
    'It would',
    vim.tbl_map(function(effect)
      local how = ('%s, %s'):format(effect.certainty, effect.reversibility)
      return ('- %s (%s)'):format(text.one_line(effect.summary), how)
    end, explanation.effects)
  )
  section('You allowed', quotes(explanation.grants))
  section('You forbade', quotes(explanation.boundaries))
  section(
    'Where it comes from',
    vim.tbl_map(function(seen)
      return ('- `%s`: %s'):format(text.one_line(seen.what), text.one_line(seen.origin))
    end, explanation.provenance)
  )
  return lines
end

---@param findings banksman.Finding[]
---@return string[]
function M.findings(findings)
  local lines = {}
  for _, finding in ipairs(findings) do
    table.insert(lines, ('- **%s**: %s'):format(finding.rule, text.one_line(finding.message)))
    if finding.place then
      local path = text.one_line(finding.place.path)
      table.insert(lines, ('  - Where: %s:%d'):format(path, finding.place.line))
    end
    if finding.clearedBy then
      table.insert(lines, ('  - You said: “%s”'):format(text.one_line(finding.clearedBy)))
    else
      for title, more in vim.spairs({ ['Clears it'] = finding.clears, Instead = finding.instead }) do
        if more ~= '' then
          table.insert(lines, ('  - %s: %s'):format(title, text.one_line(more)))
        end
      end
    end
  end
  return lines
end

---@param id string
---@param lines string[]
function M.show(id, lines)
  local name = 'banksman://why/' .. id
  local buffer = vim.fn.bufnr('^' .. name .. '$')
  if buffer == -1 then
    buffer = vim.api.nvim_create_buf(false, true)
    vim.api.nvim_buf_set_name(buffer, name)
    vim.bo[buffer].bufhidden = 'wipe'
    vim.bo[buffer].filetype = 'markdown'
    vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close', nowait = true })
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  local window = vim.fn.bufwinid(buffer)
  if window ~= -1 then
    vim.api.nvim_set_current_win(window)
    return
  end
  vim.cmd('botright split')
  vim.api.nvim_win_set_buf(0, buffer)
  vim.wo[0][0].wrap = true
  vim.wo[0][0].linebreak = true
  vim.wo[0][0].conceallevel = 0
end

return M
