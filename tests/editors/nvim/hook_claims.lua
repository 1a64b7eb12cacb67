local help = require('help')

local claims = {}

---Runs the hook of Claude Code as Claude Code does, in this folder.
---@param id string
---@param command string
---@return { decision?: string, reason?: string, ended?: boolean }
local function hook(id, command)
  local said = {
    session_id = 'in-a-terminal',
    cwd = vim.fn.getcwd(),
    hook_event_name = 'PreToolUse',
    tool_name = 'Bash',
    tool_input = { command = command },
    tool_use_id = id,
  }
  local outcome = {}
  local run = { vim.env.BANKSMAN, 'hook', 'claude' }
  vim.system(run, { text = true, stdin = vim.json.encode(said) }, function(done)
    local ok, answer = pcall(vim.json.decode, done.stdout)
    local specific = ok and answer.hookSpecificOutput or {}
    outcome.decision, outcome.reason =
      specific.permissionDecision, specific.permissionDecisionReason
    outcome.ended = true
  end)
  return outcome
end

---@param outcome { ended?: boolean, decision?: string }
---@return string?
local function decision(outcome)
  help.until_('the end of the hook', function()
    return outcome.ended
  end)
  return outcome.decision
end

function claims.what_a_hook_reviews_shows_in_neovim()
  help.start()
  help.same(decision(hook('1', 'ls -la')), 'allow')
  help.same(decision(hook('2', 'rm -rf ~')), 'deny')
  help.until_('the decisions', function()
    return #require('banksman').decisions() == 2
  end)
  local latest = require('banksman').decisions()[1]
  help.same(latest.session, 'in-a-terminal')
  help.same(latest.action.command, 'rm -rf ~')
  help.same(latest.verdict.decision, 'block')
  help.has(help.said(), 'blocked `run rm -rf ~`')
end

function claims.a_hooks_question_is_answered_in_neovim()
  help.start()
  local prompts = help.person_answers('Allow once')
  help.same(decision(hook('1', 'npm publish')), 'allow')
  help.same(#prompts, 1)
  help.person_answers('No')
  help.same(decision(hook('2', 'npm install -g left-pad')), 'deny')
end

function claims.a_hooks_question_that_nobody_answers_in_neovim_means_no()
  help.start({ ask_deadline_seconds = 1 })
  help.person_is_away()
  help.same(decision(hook('1', 'npm publish')), 'deny')
end

function claims.a_hook_goes_on_guarding_when_neovims_server_is_gone()
  help.start()
  vim.cmd('Banksman stop')
  help.until_('the end', function()
    return #vim.lsp.get_clients({ name = 'banksman' }) == 0
  end)
  help.same(decision(hook('1', 'rm -rf ~')), 'deny')
  help.same(decision(hook('2', 'ls')), 'allow')
end

function claims.one_of_two_neovims_is_asked_by_a_hook()
  local inner = help.inner()
  inner.lua([[
    vim.ui.select = function(items, options, done)
      asked = (asked or 0) + 1
      done(vim.iter(items):find(function(item) return options.format_item(item) == 'Allow once' end))
    end
  ]])
  help.start()
  local prompts = help.person_answers('Allow once')
  help.same(decision(hook('1', 'npm publish')), 'allow')
  help.same(#prompts + inner.lua('return asked or 0'), 1)
  inner.stop()
end

return claims
