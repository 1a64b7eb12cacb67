---@type vim.lsp.Config
return require('banksman.client').config()
