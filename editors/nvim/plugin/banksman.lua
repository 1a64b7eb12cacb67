if vim.g.loaded_banksman then
  return
end
vim.g.loaded_banksman = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.notify('Banksman needs Neovim 0.11 or later.', vim.log.levels.WARN)
  return
end

vim.api.nvim_create_user_command('Banksman', function(command)
  require('banksman.commands').run(command.fargs, command.bang)
end, {
  nargs = '*',
  bang = true,
  desc = 'Banksman: what agents want to do, and what you say to it',
  complete = function(lead, line)
    return require('banksman.commands').complete(lead, line)
  end,
})

local group = vim.api.nvim_create_augroup('banksman', { clear = true })

-- The guard is there before the first file is: an agent may ask from an empty editor.
vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile', 'BufFilePost' }, {
  group = group,
  desc = 'Banksman looks through files for hidden instructions',
  callback = function(event)
    require('banksman.client').attach(event.buf)
  end,
})

local function start()
  if require('banksman.config').get().autostart then
    require('banksman.client').start()
  end
end

if vim.v.vim_did_enter == 1 then
  start()
else
  vim.api.nvim_create_autocmd('VimEnter', { group = group, once = true, callback = start })
end
