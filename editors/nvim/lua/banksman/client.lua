-- The server: how it is found and started, what it says, and what happens when it is gone.
local config = require('banksman.config')
local text = require('banksman.text')

local M = {}

-- A server that dies more often than this within a minute is left alone.
local MOST_RESTARTS = 3

---@type integer[] When it was restarted, in milliseconds.
local restarts = {}
---@type table<integer, 'stop'|'restart'> Servers that are to go, by client id.
local leaving = {}
---@type integer? The server in use, by client id.
local current
---@type table<string, uv.uv_fs_event_t> What watches for settings, by folder.
local watchers = {}

---The folder that is guarded: the project that Neovim was opened in.
---Opening a file elsewhere does not widen it.
---@return string
function M.root()
  local cwd = assert(vim.uv.cwd())
  return vim.fs.root(cwd, { 'banksman.toml', '.git' }) or cwd
end

---The server in use. It may not have said hello yet.
---@return vim.lsp.Client?
function M.get()
  local client = current and vim.lsp.get_client_by_id(current)
  if client and not client:is_stopped() and not leaving[client.id] then
    return client
  end
end

---@type fun(client?: vim.lsp.Client)[] Who waits for the server to say hello.
local waiting = {}

---Calls back with the server once it has said hello, or with nothing when there is none.
---@param done fun(client?: vim.lsp.Client)
function M.when_ready(done)
  local client = M.get()
  if client and not client.initialized then
    table.insert(waiting, done)
  else
    done(client)
  end
end

---@param client? vim.lsp.Client
local function ready(client)
  local told = waiting
  waiting = {}
  for _, done in ipairs(told) do
    done(client)
  end
end

---@type table<fun(...), integer> Who waits for an answer, and of which server.
local asking = {}

---Calls back once: with the answer, or with false when the server is gone before there is one.
---@param client integer
---@param done fun(...)
---@return fun(...)
function M.once_or_gone(client, done)
  local answer
  function answer(...)
    if asking[answer] then
      asking[answer] = nil
      done(...)
    end
  end
  asking[answer] = client
  return answer
end

---What `vim.lsp.config.banksman` starts from.
---@return vim.lsp.Config
function M.config()
  local options = config.get()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.experimental = { banksman = { ask = options.ask } }
  local seconds = options.ask_deadline_seconds
  return {
    cmd = options.cmd,
    root_dir = function(_, on_dir)
      on_dir(M.root())
    end,
    -- One guard for each Neovim: all that agents do is seen in one place.
    reuse_client = function(client)
      return client.name == 'banksman' and not client:is_stopped() and not leaving[client.id]
    end,
    capabilities = capabilities,
    init_options = {
      banksman = { ask = options.ask, askDeadlineMillis = seconds and seconds * 1000 or nil },
    },
    settings = { banksman = options.settings },
    handlers = {
      ['banksman/ask'] = function(...)
        return require('banksman.ask').handle(...)
      end,
      ['banksman/verdict'] = function(_, params)
        require('banksman.decisions').add(params)
      end,
    },
    commands = require('banksman.commands').of_client,
    on_init = function(client)
      M.prepare(client)
    end,
    on_exit = function(code, signal, id)
      vim.schedule(function()
        M.gone(code, signal, id)
      end)
    end,
  }
end

---Starts the server, with or without a file. Does nothing when it runs.
function M.start()
  if M.get() then
    return
  end
  local wanted = vim.deepcopy(vim.lsp.config.banksman)
  wanted.name = 'banksman'
  if vim.fn.executable(wanted.cmd[1]) == 0 then
    text.tell(
      ('there is no `%s` to run, so nothing is guarded from here. See :checkhealth banksman'):format(
        wanted.cmd[1]
      ),
      vim.log.levels.ERROR
    )
    return
  end
  if type(wanted.root_dir) ~= 'string' then
    wanted.root_dir = M.root()
  end
  local id = vim.lsp.start(wanted, { attach = false, reuse_client = wanted.reuse_client })
  if not id then
    return
  end
  current = id
  M.watch(wanted.root_dir)
  for _, folder in ipairs(config.get().folders) do
    M.add_folder(folder)
  end
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    M.attach(buffer)
  end
end

---Guards another folder too.
---@param folder string
function M.add_folder(folder)
  local path = vim.fs.normalize(vim.fn.fnamemodify(folder, ':p'))
  path = #path > 1 and path:gsub('/$', '') or path
  if vim.fn.isdirectory(path) == 0 then
    text.tell(('there is no folder `%s`.'):format(text.one_line(path, 200)), vim.log.levels.ERROR)
    return
  end
  M.when_ready(function(client)
    if not client then
      text.tell('the server is not running. See :checkhealth banksman', vim.log.levels.ERROR)
      return
    end
    local added = { uri = vim.uri_from_fname(path), name = path }
    client.workspace_folders = client.workspace_folders or {}
    for _, known in ipairs(client.workspace_folders) do
      if known.uri == added.uri then
        return
      end
    end
    table.insert(client.workspace_folders, added)
    client:notify('workspace/didChangeWorkspaceFolders', {
      event = { added = { added }, removed = {} },
    })
    M.watch(path)
  end)
end

---The folders that are guarded.
---@return string[]
function M.folders()
  local client = M.get()
  return vim.tbl_map(function(folder)
    return vim.uri_to_fname(folder.uri)
  end, client and client.workspace_folders or {})
end

---Lets the server see a file.
---@param buffer integer
function M.attach(buffer)
  local client = M.get()
  local is_file = vim.api.nvim_buf_is_loaded(buffer)
    and vim.bo[buffer].buftype == ''
    and vim.api.nvim_buf_get_name(buffer) ~= ''
  if client and is_file then
    vim.lsp.buf_attach_client(buffer, client.id)
  end
end

---Stops the server; nothing is guarded from here until it is started again.
function M.stop()
  M.leave('stop')
end

---Stops the server and starts it again.
function M.restart()
  restarts = {}
  if not M.leave('restart') then
    M.start()
  end
end

---@param how 'stop'|'restart'
---@return boolean # There was one to stop.
function M.leave(how)
  local client = M.get()
  if not client then
    return false
  end
  leaving[client.id] = how
  client:stop()
  -- One that does not listen any more is not waited for.
  vim.defer_fn(function()
    if not client:is_stopped() then
      client:stop(true)
    end
  end, 2000)
  return true
end

---@param client vim.lsp.Client
function M.prepare(client)
  current = client.id
  local options = config.get()
  local severity = vim.diagnostic.severity
  vim.diagnostic.config({
    virtual_lines = options.virtual_lines and { format = M.virtual_lines } or false,
    virtual_text = false,
    severity_sort = true,
    signs = options.signs and {
      text = {
        [severity.ERROR] = text.mark.block,
        [severity.WARN] = text.mark.ask,
        [severity.INFO] = 'i',
      },
    },
  }, vim.lsp.diagnostic.get_namespace(client.id))
  require('banksman.status').refresh()
  ready(client)
end

---A finding as lines below the text, which do not wrap by themselves.
---@param diagnostic vim.Diagnostic
---@return string
function M.virtual_lines(diagnostic)
  local message = diagnostic.message
  if diagnostic.code then
    message = ('%s: %s'):format(diagnostic.code, message)
  end
  local window = vim.fn.bufwinid(diagnostic.bufnr)
  if window == -1 then
    return message
  end
  local gutter = vim.fn.getwininfo(window)[1].textoff
  local branch = 7
  local column = vim.fn.virtcol({ diagnostic.lnum + 1, diagnostic.col + 1 }, false, window)
  local width = vim.api.nvim_win_get_width(window) - gutter - column - branch
  return text.wrapped(message, math.max(width, 30))
end

---The server is gone.
---@param code integer
---@param signal integer
---@param id integer
function M.gone(code, signal, id)
  local how = leaving[id]
  leaving[id] = nil
  ready(nil)
  for _, answer in ipairs(vim.tbl_keys(asking)) do
    if asking[answer] == id then
      answer(false)
    end
  end
  require('banksman.ask').forget(id)
  require('banksman.status').forget()
  if how == 'restart' then
    M.start()
  elseif not how and vim.v.exiting == vim.NIL then
    M.crashed(code, signal)
  end
end

---@param code integer
---@param signal integer
function M.crashed(code, signal)
  local now = vim.uv.now()
  restarts = vim.tbl_filter(function(at)
    return now - at < 60000
  end, restarts)
  local what = signal ~= 0 and ('signal %d'):format(signal) or ('code %d'):format(code)
  if #restarts >= MOST_RESTARTS then
    text.tell(
      ('the server has stopped again (%s) and stays stopped. Nothing can be allowed from here. '):format(
        what
      ) .. 'See :Banksman log, then :Banksman restart',
      vim.log.levels.ERROR
    )
    return
  end
  table.insert(restarts, now)
  text.tell(
    ('the server has stopped (%s). What waited for an answer is not run. Starting it again.'):format(
      what
    ),
    vim.log.levels.WARN
  )
  M.start()
end

---Tells the server when its settings file changes on disk, which Neovim does not on every system.
---@param root string
function M.watch(root)
  local watcher = not watchers[root] and vim.uv.new_fs_event() or nil
  if not watcher then
    return
  end
  watchers[root] = watcher
  watcher:start(root, {}, function(_, name)
    if name ~= 'banksman.toml' then
      return
    end
    vim.schedule(function()
      local client = M.get()
      if client and client.initialized then
        local uri = vim.uri_from_fname(vim.fs.joinpath(root, name))
        client:notify('workspace/didChangeWatchedFiles', { changes = { { uri = uri, type = 2 } } })
      end
    end)
  end)
end

---Sends a request and tells the person what goes wrong.
---@param method string
---@param params table
---@param done fun(result: any)
function M.request(method, params, done)
  local client = M.get()
  if not client then
    text.tell('the server is not running. See :checkhealth banksman', vim.log.levels.ERROR)
    return
  end
  client:request(method, params, function(err, result)
    if err then
      text.tell(text.one_line(err.message, 300), vim.log.levels.ERROR)
    else
      done(result)
    end
  end)
end

return M
