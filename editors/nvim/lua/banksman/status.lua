-- The mode and the counts, for a statusline.
local text = require('banksman.text')

local M = {}

-- A session that nobody has: its starting state tells the mode of the workspace.
local NOBODY = 'neovim'

---@type banksman.Mode?
local mode

---The mode in force, if it is known.
---@return banksman.Mode?
function M.mode()
  return mode
end

---@param now banksman.Mode
function M.set_mode(now)
  mode = now
  vim.cmd.redrawstatus({ bang = true })
end

---Asks the server for the mode.
function M.refresh()
  local client = require('banksman.client').get()
  if client then
    client:request('banksman/session', { session = NOBODY }, function(_, state)
      if state then
        M.set_mode(state.mode)
      end
    end)
  end
end

function M.forget()
  mode = nil
  vim.cmd.redrawstatus({ bang = true })
end

---For a statusline: `banksman auto ✓41 ✗1`, and what waits for an answer.
---@return string
function M.line()
  if not require('banksman.client').get() then
    return 'banksman off'
  end
  local counts = require('banksman.decisions').counts()
  local parts = { 'banksman', mode or '…' }
  for _, decision in ipairs({ 'allow', 'ask', 'block' }) do
    if counts[decision] > 0 then
      table.insert(parts, text.mark[decision] .. counts[decision])
    end
  end
  local waiting = require('banksman.ask').count()
  if waiting > 0 then
    table.insert(parts, ('[%d waiting]'):format(waiting))
  end
  return table.concat(parts, ' ')
end

return M
