local M = {}

---What may stand in `vim.g.banksman`. Everything may be left out.
---@class banksman.Options
---@field cmd? string[] How the server is started; `{ 'banksman', 'lsp' }`.
---@field autostart? boolean Start the server with Neovim; true.
---@field ask? boolean Ask here what is to be asked; true.
---@field ask_deadline_seconds? integer How long a question waits; the server's five minutes.
---@field notify? 'block'|'none' Whether a blocked action is told at once; 'block'.
---@field virtual_lines? boolean Show findings as virtual lines; true.
---@field signs? boolean Show signs beside findings; true.
---@field folders? string[] Folders that are guarded beside the one Neovim was opened in; none.
---@field keep? integer How many decisions are kept for the view; 500.
---@field settings? table What may stand in a `banksman.toml`, for this editor.

---@type banksman.Options
M.defaults = {
  cmd = { 'banksman', 'lsp' },
  autostart = true,
  ask = true,
  notify = 'block',
  virtual_lines = true,
  signs = true,
  folders = {},
  keep = 500,
  settings = vim.empty_dict(),
}

local kinds = {
  cmd = 'table',
  autostart = 'boolean',
  ask = 'boolean',
  ask_deadline_seconds = 'number',
  notify = 'string',
  virtual_lines = 'boolean',
  signs = 'boolean',
  folders = 'table',
  keep = 'number',
  settings = 'table',
}

---The options in force. What is wrong in `vim.g.banksman` counts as left out.
---@return banksman.Options
function M.get()
  local options = vim.deepcopy(M.defaults)
  local given = vim.g.banksman
  if type(given) == 'table' then
    for name, value in pairs(given) do
      if kinds[name] == type(value) then
        options[name] = value
      end
    end
  end
  return options
end

---What is wrong with `vim.g.banksman`, one sentence each.
---@return string[]
function M.problems()
  local given = vim.g.banksman
  if given == nil then
    return {}
  end
  if type(given) ~= 'table' then
    return { '`vim.g.banksman` is not a table.' }
  end
  local problems = {}
  for name, value in vim.spairs(given) do
    if not kinds[name] then
      table.insert(problems, ('`%s` is not an option.'):format(name))
    elseif kinds[name] ~= type(value) then
      table.insert(
        problems,
        ('`%s` is a %s, but must be a %s.'):format(name, type(value), kinds[name])
      )
    end
  end
  return problems
end

return M
