local help = require('help')

local claims = {}

---The tags of the help page.
---@return table<string, boolean>
local function tags()
  local folder = help.folder()
  vim.uv.fs_copyfile(vim.env.BANKSMAN_PLUGIN .. '/doc/banksman.txt', folder .. '/banksman.txt')
  vim.cmd.helptags(folder)
  local found = {}
  for _, line in ipairs(vim.fn.readfile(folder .. '/tags')) do
    found[line:match('^[^\t]+')] = true
  end
  return found
end

function claims.help_tells_of_every_subcommand()
  local found = tags()
  for _, subcommand in ipairs(vim.fn.getcompletion('Banksman ', 'cmdline')) do
    assert(found[':Banksman-' .. subcommand], subcommand)
  end
end

function claims.help_tells_of_every_option_and_of_no_other()
  local found = tags()
  local page = table.concat(vim.fn.readfile(vim.env.BANKSMAN_PLUGIN .. '/doc/banksman.txt'), '\n')
  local listed = page:match('vim%.g%.banksman = {\n(.-)\n    }')
  local names = { 'ask_deadline_seconds' }
  vim.list_extend(names, vim.tbl_keys(require('banksman.config').defaults))
  for _, name in ipairs(names) do
    assert(found['banksman-' .. name] or found['banksman-' .. name .. '-option'], name)
    assert(listed:find('      ' .. name .. ' = ', 1, true), name)
  end
  for name in listed:gmatch('      ([%w_]+) = ') do
    assert(vim.list_contains(names, name), name)
  end
end

function claims.help_tells_of_every_function()
  local found = tags()
  for name in pairs(require('banksman')) do
    assert(found['banksman.' .. name .. '()'], name)
  end
end

function claims.links_within_help_lead_somewhere()
  local found = tags()
  local page = vim.fn.readfile(vim.env.BANKSMAN_PLUGIN .. '/doc/banksman.txt')
  for _, line in ipairs(page) do
    for link in line:gmatch('|([^|%s]+)|') do
      local ours = found[link]
      assert(ours or #vim.fn.getcompletion(link, 'help') > 0, link)
    end
    assert(vim.fn.strdisplaywidth(line) <= 82, line)
  end
end

return claims
