local help = require('help')

local claims = {}

function claims.subcommands_and_their_arguments_complete()
  local function complete(line)
    return vim.fn.getcompletion(line, 'cmdline')
  end
  help.same(complete('Banksman '), {
    'allow',
    'ask',
    'decisions',
    'deny',
    'dismiss',
    'export',
    'folder',
    'log',
    'mode',
    'restart',
    'start',
    'status',
    'stop',
    'why',
  })
  help.same(complete('Banksman de'), { 'decisions', 'deny' })
  help.same(complete('Banksman decisions a'), { 'all', 'allowed', 'asked' })
  help.same(complete('Banksman mode m'), { 'manual' })
  help.same(complete('Banksman allow s'), { 'session' })
end

function claims.ids_of_verdicts_complete()
  help.start()
  local _, verdict = help.outcome(help.propose('rm -rf ~'))
  help.until_('the decision', function()
    return #require('banksman').decisions() == 1
  end)
  help.same(vim.fn.getcompletion('Banksman why ', 'cmdline'), { verdict.id })
end

function claims.an_unknown_subcommand_is_told()
  vim.cmd('Banksman dance')
  help.has(help.said(), 'there is no `dance`')
end

function claims.mode_changes_the_mode()
  help.start()
  help.until_('the mode', function()
    return require('banksman').statusline() == 'banksman auto'
  end)
  vim.cmd('Banksman mode plan')
  help.until_said('the mode is plan')
  help.same(require('banksman').statusline(), 'banksman plan')
  help.person_answers('No')
  assert(not help.outcome(help.propose('touch a')))
end

function claims.status_counts_decisions()
  help.start()
  help.same(help.outcome(help.propose('ls')), true)
  help.same(help.outcome(help.propose('rm -rf ~')), false)
  help.until_('the counts', function()
    return require('banksman').statusline():find('✓1 ✗1', 1, true)
  end)
end

function claims.status_says_when_an_agent_is_paused()
  help.start()
  for _, folder in ipairs({ '~', '/', '/usr', '/etc' }) do
    assert(not help.outcome(help.propose('rm -rf ' .. folder)))
  end
  help.until_('the pause', function()
    return require('banksman').statusline():find('[paused]', 1, true)
  end)
end

function claims.status_says_when_there_is_no_guard()
  help.same(require('banksman').statusline(), 'banksman off')
end

function claims.decisions_are_listed_newest_first()
  help.start()
  help.outcome(help.propose('ls'))
  help.outcome(help.propose('rm -rf ~'))
  help.until_('the decisions', function()
    return #require('banksman').decisions() == 2
  end)
  vim.cmd('Banksman decisions')
  local lines = vim.api.nvim_buf_get_lines(0, 1, -1, false)
  help.same(#lines, 2)
  assert(lines[1]:find('^✗ %d%d:%d%d:%d%d blocked run rm %-rf ~'), lines[1])
  assert(lines[2]:find('^✓ %d%d:%d%d:%d%d allowed run ls'), lines[2])
end

function claims.an_open_view_follows_what_is_decided()
  help.start()
  vim.cmd('Banksman decisions')
  help.outcome(help.propose('ls'))
  help.until_('the line', function()
    return vim.api.nvim_buf_line_count(0) == 2
  end)
end

function claims.what_an_agent_writes_cannot_turn_the_view_around()
  help.start()
  help.person_answers('No')
  help.outcome(help.propose('echo \226\128\174evil\necho two'))
  help.until_('the decision', function()
    return #require('banksman').decisions() == 1
  end)
  vim.cmd('Banksman decisions')
  local line = vim.api.nvim_buf_get_lines(0, 1, -1, false)[1]
  assert(not line:find('\226\128\174', 1, true), line)
  help.same(vim.api.nvim_buf_line_count(0), 2)
end

function claims.the_view_filters_what_it_shows()
  help.start()
  help.outcome(help.propose('ls'))
  help.outcome(help.propose('rm -rf ~'))
  help.until_('the decisions', function()
    return #require('banksman').decisions() == 2
  end)
  vim.cmd('Banksman decisions stopped')
  help.same(vim.api.nvim_buf_line_count(0), 2)
  help.has(vim.api.nvim_buf_get_lines(0, 1, 2, false)[1], 'rm -rf ~')
  vim.api.nvim_feedkeys('f', 'x', false)
  help.has(vim.api.nvim_buf_get_lines(0, 0, 1, false)[1], 'allowed ·')
  help.has(vim.api.nvim_buf_get_lines(0, 1, 2, false)[1], 'run ls')
  vim.cmd('Banksman decisions loud')
  help.has(help.said(), 'there is no filter `loud`')
end

function claims.decisions_are_exported_and_nothing_is_written_over_unasked()
  help.start()
  help.outcome(help.propose('ls'))
  help.outcome(help.propose('rm -rf ~'))
  help.until_('the decisions', function()
    return #require('banksman').decisions() == 2
  end)
  vim.cmd('Banksman export decisions.jsonl')
  local lines = vim.tbl_map(vim.json.decode, vim.fn.readfile('decisions.jsonl'))
  help.same(#lines, 2)
  help.same(lines[1].action.command, 'ls')
  help.same(lines[2].verdict.decision, 'block')
  vim.fn.writefile({ 'mine' }, 'decisions.jsonl')
  vim.cmd('Banksman export decisions.jsonl')
  help.same(vim.fn.readfile('decisions.jsonl'), { 'mine' })
  vim.cmd('Banksman! export decisions.jsonl')
  help.same(#vim.fn.readfile('decisions.jsonl'), 2)
end

function claims.what_was_stopped_can_be_tried_again_after_it_is_allowed()
  help.start()
  help.person_answers('No')
  local go, verdict = help.outcome(help.propose('npm publish'))
  assert(not go)
  vim.cmd('Banksman allow ' .. verdict.id)
  help.until_said('allowed')
  assert(help.outcome(help.propose('npm publish')))
end

function claims.deny_answers_a_question_with_no()
  help.start()
  help.person_is_away()
  local outcome = help.propose('npm publish')
  help.until_('the question', function()
    return require('banksman.ask').count() == 1
  end)
  vim.cmd('Banksman deny')
  assert(not help.outcome(outcome))
end

function claims.stop_stops_and_start_starts()
  help.start()
  vim.cmd('Banksman stop')
  help.until_('the end', function()
    return #vim.lsp.get_clients({ name = 'banksman' }) == 0
  end)
  help.same(require('banksman').statusline(), 'banksman off')
  assert(not help.outcome(help.propose('ls')))
  vim.cmd('Banksman start')
  assert(help.outcome(help.propose('ls')))
end

function claims.why_shows_what_a_verdict_rests_on()
  help.start()
  help.outcome(help.propose('rm -rf ~'))
  help.until_('the decision', function()
    return #require('banksman').decisions() == 1
  end)
  vim.cmd('Banksman why')
  help.until_('the page', function()
    return vim.api.nvim_buf_get_name(0):find('banksman://why/', 1, true)
  end)
  local page = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  help.has(page, '# ✗ blocked')
  help.has(page, '`run rm -rf ~`')
  help.has(page, '## It would')
end

function claims.allow_says_why_it_cannot()
  help.start()
  local _, verdict = help.outcome(help.propose('rm -rf ~'))
  vim.cmd('Banksman allow ' .. verdict.id)
  help.until_('an answer', function()
    return help.said():find('allowed', 1, true)
  end)
  assert(not help.outcome(help.propose('rm -rf ~')))
end

function claims.health_is_good_when_all_is_there()
  help.start()
  help.until_('the mode', function()
    return require('banksman').statusline() == 'banksman auto'
  end)
  vim.cmd('checkhealth banksman')
  local page = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  help.has(page, 'OK The server guards')
  help.has(page, 'OK The mode is auto')
  assert(not page:find('ERROR', 1, true), page)
end

function claims.health_says_what_is_missing()
  vim.g.banksman = { cmd = { 'banksman-that-is-not-there' }, autostart = 'yes', colour = 'red' }
  vim.cmd('checkhealth banksman')
  local page = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  help.has(page, 'ERROR `banksman-that-is-not-there` is not there')
  help.has(page, '`autostart` is a string, but must be a boolean.')
  help.has(page, '`colour` is not an option.')
end

return claims
