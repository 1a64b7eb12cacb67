---@meta
-- The part of `protocol/types.ts` that this plugin uses, as LuaCATS types.

---@alias banksman.Decision 'allow'|'ask'|'block'
---@alias banksman.Answer 'once'|'session'|'workspace'|'no'
---@alias banksman.Mode 'manual'|'auto'|'strict'|'bypass'|'plan'

---One thing an agent wants to do, before it is done.
---@class banksman.Action
---@field kind 'command'|'edit'|'delete'|'read'|'fetch'|'tool'|'delegate'
---@field command? string
---@field cwd? string
---@field path? string
---@field old? string
---@field new? string
---@field url? string
---@field method? string
---@field body? string
---@field server? string
---@field tool? string
---@field arguments? table
---@field prompt? string

---@class banksman.Span
---@field start integer The first byte.
---@field end integer The byte after the last.

---@class banksman.Finding
---@field rule string
---@field decision banksman.Decision
---@field hard boolean Nothing said in the conversation clears it.
---@field message string
---@field span banksman.Span
---@field place? { path: string, line: integer }
---@field clears string
---@field instead string
---@field clearedBy? string

---@class banksman.Effect
---@field kind string
---@field target string
---@field summary string
---@field certainty 'possible'|'likely'|'certain'
---@field reversibility 'harmless'|'reversible'|'unknown'|'irreversible'

---@class banksman.Verdict
---@field id string
---@field decision banksman.Decision
---@field digest string
---@field summary string
---@field findings banksman.Finding[]
---@field effects banksman.Effect[]
---@field grants string[]
---@field elapsedMicros integer

---@class banksman.VerdictParams
---@field session string
---@field action banksman.Action
---@field verdict banksman.Verdict

---@class banksman.AskParams: banksman.VerdictParams
---@field deadlineMillis integer

---@class banksman.AskResult
---@field answer banksman.Answer
---@field note? string

---@class banksman.Consent
---@field meaning string
---@field quote string
---@field turn integer

---@class banksman.Explanation
---@field verdict banksman.Verdict
---@field action banksman.Action
---@field effects banksman.Effect[]
---@field findings banksman.Finding[]
---@field grants banksman.Consent[]
---@field boundaries banksman.Consent[]
---@field provenance { what: string, origin: string }[]

---@class banksman.Resolution
---@field decision banksman.Decision
---@field reason? string
