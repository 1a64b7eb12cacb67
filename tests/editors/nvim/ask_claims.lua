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
  help.person_answers('Allow once')
  assert(help.outcome(help.propose(ASKED)))
  local prompts = help.person_answers('Allow in this session')
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

function claims.no_can_come_with_words_for_the_agent()
  help.start()
  help.person_answers('No, and say why')
  local asked
  ---@diagnostic disable-next-line: duplicate-set-field
  vim.ui.input = function(options, done)
    asked = options.prompt
    done(' Not before the tests are green. ')
  end
  local go, verdict = help.outcome(help.propose(ASKED))
  assert(not go)
  help.has(asked, 'what should the agent know?')
  help.has(verdict.summary, 'Not before the tests are green')
end

function claims.words_that_were_not_written_leave_the_question_open()
  help.start()
  help.person_answers('No, and say why')
  ---@diagnostic disable-next-line: duplicate-set-field
  vim.ui.input = function(_, done)
    done(nil)
  end
  local outcome = help.propose(ASKED)
  help.until_said(':Banksman ask')
  help.same(require('banksman.ask').count(), 1)
  vim.cmd('Banksman deny ' .. require('banksman.ask').latest().verdict.id .. ' Only on Monday.')
  local go, verdict = help.outcome(outcome)
  assert(not go)
  help.has(verdict.summary, 'Only on Monday')
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
  help.until_said('nobody answered')
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
  local inner = help.inner()
  inner.rpc('nvim_input', 'iwriting')
  inner.lua(
    [[
      require('banksman').review({ kind = 'command', command = ... }, { session = 's1' },
        function(go) outcome = go end)
    ]],
    ASKED
  )
  help.until_('the notice', function()
    return inner.lua([[return table.concat(told, '\n')]]):find('Leave this mode', 1, true)
  end)
  inner.rpc('nvim_input', ' 2')
  help.same(inner.lua([[return outcome]]), vim.NIL)
  inner.rpc('nvim_input', '<Esc>')
  help.until_('the list', function()
    return inner.rpc('nvim_get_mode').mode == 'c'
  end)
  inner.rpc('nvim_input', '2<CR><Esc>')
  help.until_('the answer', function()
    return inner.lua([[return outcome]]) == true
  end)
  help.same(inner.rpc('nvim_buf_get_lines', 0, 0, -1, false), { 'writing 2' })
  inner.stop()
  help.same(prompts, {})
end

function claims.the_builtin_list_closes_at_the_deadline()
  local inner = help.inner('ask_deadline_seconds = 1')
  inner.lua(
    [[
      require('banksman').review({ kind = 'command', command = ... }, { session = 's1' },
        function(go) outcome = go end)
    ]],
    ASKED
  )
  help.until_('the list', function()
    return inner.rpc('nvim_get_mode').mode == 'c'
  end)
  help.until_('the end of the list', function()
    return inner.rpc('nvim_get_mode').mode == 'n'
  end)
  help.until_('the answer', function()
    return inner.lua([[return outcome]]) == false
  end)
  inner.stop()
end

return claims
