local help = require('help')

local claims = {}

-- What is asked about in a fresh workspace.
local ASKED = 'npm publish'

function claims.a_question_says_what_and_why_and_until_when()
  help.start()
  local prompts = help.person_answers('No')
  help.outcome(help.propose(ASKED))
  help.same(#prompts, 1)
  help.has(prompts[1], 'run ' .. ASKED)
  assert(prompts[1]:find('until %d%d:%d%d:%d%d'))
end

function claims.yes_lets_it_go()
  help.start()
  help.person_answers('Allow once')
  local go, verdict = help.outcome(help.propose(ASKED))
  assert(go)
  help.same(verdict.decision, 'allow')
end

function claims.yes_once_is_asked_again_and_yes_for_the_session_is_not()
  help.start()
  local prompts = help.person_answers('Allow once')
  assert(help.outcome(help.propose(ASKED)))
  prompts = help.person_answers('Allow in this session')
  assert(help.outcome(help.propose(ASKED)))
  help.same(#prompts, 1)
  assert(help.outcome(help.propose(ASKED)))
  help.same(#prompts, 1)
end

function claims.no_stops_it()
  help.start()
  help.person_answers('No')
  local go, verdict = help.outcome(help.propose(ASKED))
  assert(not go)
  help.same(verdict.decision, 'block')
end

function claims.silence_stops_it_and_takes_the_question_back()
  help.start({ ask_deadline_seconds = 1 })
  local late = help.person_is_away()
  local go = help.outcome(help.propose(ASKED))
  assert(not go)
  help.same(#late, 1)
  help.until_('an empty table', function()
    return require('banksman.ask').count() == 0
  end)
end

function claims.an_answer_after_the_deadline_is_too_late()
  help.start({ ask_deadline_seconds = 1 })
  local late = help.person_is_away()
  assert(not help.outcome(help.propose(ASKED)))
  help.until_('an empty table', function()
    return require('banksman.ask').count() == 0
  end)
  late[1]('Allow once')
  help.until_said('too late')
end

function claims.a_question_put_aside_can_be_put_again()
  help.start()
  help.person_answers(nil)
  local outcome = help.propose(ASKED)
  help.until_said(':Banksman ask')
  help.same(require('banksman.ask').count(), 1)
  help.person_answers('Allow once')
  vim.cmd('Banksman ask')
  assert(help.outcome(outcome))
end

function claims.why_explains_and_leaves_the_question_open()
  help.start()
  help.person_answers('Why?')
  local outcome = help.propose(ASKED)
  help.until_('the page', function()
    return vim.api.nvim_buf_get_name(0):find('banksman://why/', 1, true)
  end)
  help.same(outcome.go, nil)
  help.person_answers('Allow once')
  vim.cmd('Banksman ask')
  assert(help.outcome(outcome))
end

function claims.questions_are_put_one_after_the_other()
  help.start()
  local late = help.person_is_away()
  local first = help.propose(ASKED)
  help.until_('a question', function()
    return require('banksman.ask').count() == 1
  end)
  local second = help.propose('npm install -g left-pad')
  help.until_('two questions', function()
    return require('banksman.ask').count() == 2
  end)
  help.same(#late, 1)
  late[1]('No')
  assert(not help.outcome(first))
  help.until_('the second question', function()
    return #late == 2
  end)
  late[2]('Allow once')
  assert(help.outcome(second))
end

function claims.a_question_can_be_answered_from_the_decisions()
  help.start()
  help.person_is_away()
  local outcome = help.propose(ASKED)
  help.until_('the decision', function()
    return #require('banksman').decisions() == 1
  end)
  vim.cmd('Banksman decisions')
  vim.api.nvim_win_set_cursor(0, { 2, 0 })
  vim.api.nvim_feedkeys('a', 'x', false)
  assert(help.outcome(outcome))
  help.until_('an empty table', function()
    return require('banksman.ask').count() == 0
  end)
end

function claims.a_person_who_writes_is_not_interrupted()
  help.start()
  local prompts = help.person_answers('Allow once')
  local inner = vim.fn.jobstart({ vim.env.BANKSMAN_NVIM, '--embed', '--clean', '-n' }, {
    rpc = true,
    env = { NVIM = '' },
  })
  local function lua(code, ...)
    return vim.rpcrequest(inner, 'nvim_exec_lua', code, { ... })
  end
  vim.rpcrequest(inner, 'nvim_ui_attach', 80, 24, { rgb = true })
  lua([[
      vim.opt.runtimepath:prepend(vim.env.BANKSMAN_PLUGIN)
      vim.g.banksman = { cmd = { vim.env.BANKSMAN, 'lsp' } }
      vim.cmd.runtime('plugin/banksman.lua')
      told = {}
      vim.notify = function(message) table.insert(told, message) end
    ]])
  help.until_('a server', function()
    return lua([[local c = require('banksman.client').get() return c and c.initialized or false]])
  end)
  vim.rpcrequest(inner, 'nvim_input', 'iwriting')
  lua(
    [[
      require('banksman').review({ kind = 'command', command = ... }, { session = 's1' },
        function(go) outcome = go end)
    ]],
    ASKED
  )
  help.until_('the notice', function()
    return lua([[return table.concat(told, '\n')]]):find('Leave this mode', 1, true)
  end)
  vim.rpcrequest(inner, 'nvim_input', ' 2')
  help.same(lua([[return outcome]]), vim.NIL)
  vim.rpcrequest(inner, 'nvim_input', '<Esc>')
  help.until_('the list', function()
    return vim.rpcrequest(inner, 'nvim_get_mode').mode == 'c'
  end)
  vim.rpcrequest(inner, 'nvim_input', '2<CR><Esc>')
  help.until_('the answer', function()
    return lua([[return outcome]]) == true
  end)
  help.same(vim.rpcrequest(inner, 'nvim_buf_get_lines', 0, 0, -1, false), { 'writing 2' })
  vim.fn.jobstop(inner)
  help.same(prompts, {})
end

function claims.the_builtin_list_closes_at_the_deadline()
  local inner = vim.fn.jobstart(
    { vim.env.BANKSMAN_NVIM, '--embed', '--clean', '-n' },
    { rpc = true }
  )
  local function lua(code, ...)
    return vim.rpcrequest(inner, 'nvim_exec_lua', code, { ... })
  end
  vim.rpcrequest(inner, 'nvim_ui_attach', 80, 24, { rgb = true })
  lua([[
    vim.opt.runtimepath:prepend(vim.env.BANKSMAN_PLUGIN)
    vim.g.banksman = { cmd = { vim.env.BANKSMAN, 'lsp' }, ask_deadline_seconds = 1 }
    vim.cmd.runtime('plugin/banksman.lua')
    vim.notify = function() end
  ]])
  help.until_('a server', function()
    return lua([[local c = require('banksman.client').get() return c and c.initialized or false]])
  end)
  lua(
    [[
      require('banksman').review({ kind = 'command', command = ... }, { session = 's1' },
        function(go) outcome = go end)
    ]],
    ASKED
  )
  help.until_('the list', function()
    return vim.rpcrequest(inner, 'nvim_get_mode').mode == 'c'
  end)
  help.until_('the end of the list', function()
    return vim.rpcrequest(inner, 'nvim_get_mode').mode == 'n'
  end)
  help.until_('the answer', function()
    return lua([[return outcome]]) == false
  end)
  vim.fn.jobstop(inner)
end

return claims
