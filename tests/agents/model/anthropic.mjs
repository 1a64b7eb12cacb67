// Anthropic Messages, as Claude Code speaks it.

export const name = 'anthropic';
export const speaks = (path) => path.endsWith('/messages');
export const tools = (body) => (body.tools ?? []).map((tool) => tool.name);

const blocks = (message) => (Array.isArray(message.content) ? message.content : []);

export const results = (body) =>
  (body.messages ?? [])
    .flatMap(blocks)
    .filter((block) => block.type === 'tool_result')
    .map((block) => (typeof block.content === 'string' ? block.content : JSON.stringify(block.content)));

export function reply(body, { calls, text }) {
  const content = calls
    ? calls.map(({ id, name, input }) => ({ type: 'tool_use', id: id.replace('call', 'toolu'), name, input }))
    : [{ type: 'text', text }];
  const stop = { stop_reason: calls ? 'tool_use' : 'end_turn', stop_sequence: null };
  const usage = { input_tokens: 10, output_tokens: 5 };
  const message = { id: 'msg_mock', type: 'message', role: 'assistant', model: body.model ?? 'mock-model', usage };
  if (!body.stream) return { json: { ...message, content, ...stop } };
  const events = [
    { type: 'message_start', message: { ...message, content: [], stop_reason: null, stop_sequence: null } },
    ...content.flatMap((block, index) => {
      const use = block.type === 'tool_use';
      return [
        { type: 'content_block_start', index, content_block: use ? { ...block, input: {} } : { type: 'text', text: '' } },
        {
          type: 'content_block_delta',
          index,
          delta: use
            ? { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
            : { type: 'text_delta', text: block.text },
        },
        { type: 'content_block_stop', index },
      ];
    }),
    { type: 'message_delta', delta: stop, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ];
  return { events: events.map((event) => [event.type, event]) };
}
