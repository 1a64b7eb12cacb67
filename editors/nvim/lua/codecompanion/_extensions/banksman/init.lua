-- CodeCompanion finds this by name: `extensions = { banksman = {} }` in its setup.
return {
  setup = function()
    require('banksman.adapters.codecompanion').setup()
  end,
}
