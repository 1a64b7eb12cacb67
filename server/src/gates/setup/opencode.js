// Banksman's gate in opencode: what the agent would do is reviewed first.
// Written by `banksman install opencode`, taken away by `banksman uninstall opencode`.
// It holds no policy. Whatever is not answered by "allow" does not run.

import { spawn } from "node:child_process"

const PROGRAM = "banksman"
// How long the program takes at the most when a person is asked in the editor, in seconds.
const WAIT = 305
// Longer than that, in milliseconds.
const PATIENCE = (WAIT + 25) * 1000

const stopped = (why) => ({
  decision: "deny",
  reason: `Banksman could not review this, so it does not run: ${why}. Tell the user; \`banksman doctor\` looks for the cause.`,
})

const review = (directory, said) =>
  new Promise((done) => {
    const child = spawn(PROGRAM, ["hook", "opencode", "--wait", String(WAIT)], { cwd: directory, stdio: ["pipe", "pipe", "pipe"] })
    const late = setTimeout(() => {
      child.kill("SIGKILL")
      done(stopped("the review took too long"))
    }, PATIENCE)
    let text = ""
    let complaint = ""
    child.stdout.on("data", (bytes) => (text += bytes))
    child.stderr.on("data", (bytes) => (complaint += bytes))
    child.stdin.on("error", () => {})
    child.on("error", (error) => {
      clearTimeout(late)
      done(stopped(error.message))
    })
    child.on("close", (status) => {
      clearTimeout(late)
      try {
        const answer = JSON.parse(text)
        if (status === 0 && (answer.decision === "allow" || answer.decision === "deny")) return done(answer)
      } catch {}
      done(stopped(complaint.trim() || `the program ended with ${status}`))
    })
    child.stdin.end(JSON.stringify(said))
  })

export const Banksman = async ({ client, directory }) => {
  const parents = new Map()

  // The conversation that the user leads, and whether it is this one: subagents have their own.
  const root = async (id) => {
    let current = id
    for (let depth = 0; depth < 16; depth++) {
      if (!parents.has(current)) {
        const found = await client.session.get({ path: { id: current } })
        if (!found.data) throw new Error(`the session ${current} cannot be looked up`)
        parents.set(current, found.data.parentID)
      }
      const parent = parents.get(current)
      if (!parent) return current
      current = parent
    }
    throw new Error("subagents are nested too deeply")
  }

  const ask = async (event, id, more) => {
    let session
    try {
      session = await root(id)
    } catch (error) {
      return stopped(error.message)
    }
    return review(directory, { hook_event_name: event, session_id: session, cwd: directory, ...more })
  }

  return {
    "chat.message": async (input, output) => {
      const parts = output.parts.filter((part) => part.type === "text" && !part.synthetic)
      const prompt = parts.map((part) => part.text).join("\n")
      // What one agent tells another is not the user's word.
      if (prompt === "" || (await root(input.sessionID)) !== input.sessionID) return
      const answer = await ask("chat.message", input.sessionID, { prompt })
      if (answer.decision !== "allow") throw new Error(answer.reason)
    },
    "tool.execute.before": async (input, output) => {
      const call = { tool_name: input.tool, tool_input: output.args, tool_use_id: input.callID }
      const answer = await ask("tool.execute.before", input.sessionID, call)
      if (answer.decision !== "allow") throw new Error(answer.reason)
    },
    "tool.execute.after": async (input, output) => {
      const call = { tool_name: input.tool, tool_input: input.args, tool_use_id: input.callID }
      const answer = await ask("tool.execute.after", input.sessionID, { ...call, tool_response: output.output })
      if (answer.decision !== "allow") output.output = answer.reason
      else if (answer.warning) output.output = `${answer.warning}\n\n${output.output}`
    },
  }
}
