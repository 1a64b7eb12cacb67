-- Small stand-ins for the parts of CodeCompanion and avante that the adapters touch, after their
-- documentation. They are not those plugins: what the plugins do beyond this is not tried here.
local M = {}

---CodeCompanion: a runner that calls a tool's functions one after the other.
---@param kind 'callback'|'options' Whether a tool's function gets its callback as the fourth
--- argument, as it used to, or as a field of the third, as it does now.
---@return { call: fun(tool: table): table, table }
function M.codecompanion(kind)
  local Runner = {}
  function Runner.new(made)
    return setmetatable(made, { __index = Runner })
  end
  function Runner:setup(input)
    local finished = false
    local function output(message)
      if finished then
        return
      end
      finished = true
      table.insert(self.orchestrator.results, message)
      local following = self.orchestrator.tool.cmds[self.index + 1]
      if message.status ~= 'error' and following then
        local runner = { orchestrator = self.orchestrator, index = self.index + 1 }
        runner[kind == 'options' and 'cmd' or 'runner'] = following
        Runner.new(runner):setup(message.data)
      end
    end
    local run = self.cmd or self.runner
    local given = kind == 'options' and { input = input, output_cb = output } or input
    local tools, tool = self.orchestrator.tools, self.orchestrator.tool
    local result = run(tools, tool.args, given, kind == 'callback' and output or nil)
    if result ~= nil then
      output(result)
    end
  end
  package.loaded['codecompanion'] = {}
  package.loaded['codecompanion.interactions.chat.tools.runtime.runner'] = Runner
  package.loaded['codecompanion.adapters'] = {
    extend = function(name, changes)
      local preset = { name = name, commands = { default = { name, '--acp' } } }
      return vim.tbl_deep_extend('force', preset, changes)
    end,
  }
  local chat = { id = 7, bufnr = 1, messages = {} }
  return {
    chat = chat,
    call = function(tool)
      local orchestrator = { tool = tool, tools = { chat = chat }, results = {} }
      local runner = { orchestrator = orchestrator, index = 1 }
      runner[kind == 'options' and 'cmd' or 'runner'] = tool.cmds[1]
      Runner.new(runner):setup()
      return orchestrator.results, orchestrator
    end,
  }
end

---avante: one function through which all calls of tools go.
---@param kind 'one by one'|'table' How it takes its callbacks.
---@return table
function M.avante(kind)
  local tools = {}
  function tools.process_tool_use(given, use, options, on_complete)
    local tool = vim.iter(given):find(function(tool)
      return tool.name == use.name
    end)
    local complete = kind == 'table' and options.on_complete or on_complete
    return tool.func(use.input or vim.json.decode(use.input_json), complete)
  end
  local sidebar = { id = 3, chat_history = { messages = {} } }
  package.loaded['avante.llm_tools'] = tools
  package.loaded['avante'] = {
    get = function()
      return sidebar
    end,
  }
  return {
    sidebar = sidebar,
    call = function(tool, use)
      local outcome = { results = {} }
      local function complete(result, trouble)
        table.insert(outcome.results, { result = result, trouble = trouble })
      end
      if kind == 'table' then
        tools.process_tool_use({ tool }, use, { on_complete = complete, session_ctx = {} })
      else
        use.input_json, use.input = vim.json.encode(use.input), nil
        tools.process_tool_use({ tool }, use, nil, complete, {})
      end
      return outcome.results
    end,
    call_now = function(tool, use)
      return tools.process_tool_use({ tool }, use, { session_ctx = {} })
    end,
  }
end

return M
