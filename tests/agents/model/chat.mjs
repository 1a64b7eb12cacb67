// OpenAI Chat Completions, as Copilot CLI, opencode and VS Code speak it.

export const name = 'chat';
export const speaks = (path) => path.endsWith('/chat/completions');
export const tools = (body) => (body.tools ?? []).map((tool) => tool.function?.name ?? tool.name);

export const results = (body) =>
  (body.messages ?? [])
    .filter((message) => message.role === 'tool')
    .map((message) => (typeof message.content === 'string' ? message.content : JSON.stringify(message.content)));

export function reply(body, { calls, text }) {
  const said = { role: 'assistant', content: calls ? null : text };
  if (calls) {
    said.tool_calls = calls.map(({ id, name, input }, index) => ({
      index,
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input) },
    }));
  }
  const finish_reason = calls ? 'tool_calls' : 'stop';
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const base = { id: 'chat_mock', created: 1, model: body.model ?? 'mock-model' };
  if (!body.stream) {
    return { json: { ...base, object: 'chat.completion', choices: [{ index: 0, message: said, finish_reason }], usage } };
  }
  const chunk = { ...base, object: 'chat.completion.chunk' };
  return {
    events: [
      [null, { ...chunk, choices: [{ index: 0, delta: said, finish_reason: null }] }],
      [null, { ...chunk, choices: [{ index: 0, delta: {}, finish_reason }], usage }],
      [null, '[DONE]'],
    ],
  };
}
