-- Runs one claim and leaves with its outcome.
vim.opt.runtimepath:prepend(vim.env.BANKSMAN_PLUGIN)
package.path = vim.env.BANKSMAN_TESTS .. '/?.lua;' .. package.path

local help = require('help')
vim.g.banksman = { cmd = { vim.env.BANKSMAN, 'lsp' }, autostart = false }

vim.api.nvim_create_autocmd('VimEnter', {
  once = true,
  callback = vim.schedule_wrap(function()
    vim.cmd.runtime('plugin/banksman.lua')
    local ran, trouble = xpcall(function()
      dofile(vim.env.CLAIMS)[vim.env.CLAIM]()
    end, debug.traceback)
    help.clean()
    if not ran then
      io.stdout:write(tostring(trouble), '\n', help.said(), '\n')
    end
    vim.cmd(ran and 'qall!' or 'cquit!')
  end),
})
