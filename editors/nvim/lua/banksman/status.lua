-- The mode and the counts, for a statusline.
local text = require('banksman.text')

local M = {}

-- A session that nobody has: its starting state tells the mode of the workspace.
local NOBODY = 'neovim'

---@type banksman.Mode?
local mode
---@type table<string, boolean> The sessions that are paused: all of theirs is asked.
local paused = {}

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

---Asks the server for the mode, and whether a session is paused.
---@param session? string
function M.refresh(session)
  local client = require('banksman.client').get()
  if client and client.initialized then
    client:request('banksman/session', { session = session or NOBODY }, function(_, state)
      if state then
        paused[state.session] = state.paused or nil
        M.set_mode(state.mode)
      end
    end)
  end
end

function M.forget()
  mode = nil
  paused = {}
  vim.cmd.redrawstatus({ bang = true })
end

---For a statusline: `banksman auto ✓41 ✗1`, whether a session is paused, and what waits.
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
  if next(paused) then
    table.insert(parts, '[paused]')
  end
  local waiting = require('banksman.ask').count()
  if waiting > 0 then
    table.insert(parts, ('[%d waiting]'):format(waiting))
  end
  return table.concat(parts, ' ')
end

return M
