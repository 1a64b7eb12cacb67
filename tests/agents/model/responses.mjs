// OpenAI Responses, as Codex speaks it.

export const name = 'responses';
export const speaks = (path) => path.endsWith('/responses');
export const tools = (body) => (body.tools ?? []).map((tool) => tool.name ?? tool.type);

const OUTPUTS = ['function_call_output', 'custom_tool_call_output', 'local_shell_call_output'];

export const results = (body) =>
  (Array.isArray(body.input) ? body.input : [])
    .filter((item) => OUTPUTS.includes(item.type))
    .map((item) => (typeof item.output === 'string' ? item.output : JSON.stringify(item.output)));

export function reply(body, { calls, text }) {
  const output = calls
    ? calls.map(({ id, name, input }) =>
        typeof input === 'string'
          ? { type: 'custom_tool_call', id: `ctc_${id}`, call_id: id, name, input, status: 'completed' }
          : { type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: JSON.stringify(input), status: 'completed' },
      )
    : [
        {
          type: 'message',
          id: 'msg_mock',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text, annotations: [] }],
        },
      ];
  const usage = {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  };
  const response = { id: 'resp_mock', object: 'response', created_at: 1, model: body.model ?? 'mock-model', usage };
  const completed = { ...response, status: 'completed', output };
  if (!body.stream) return { json: completed };
  const events = [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    ...output.flatMap((item, index) => [
      { type: 'response.output_item.added', output_index: index, item },
      ...(item.type === 'message'
        ? [{ type: 'response.output_text.delta', item_id: item.id, output_index: index, content_index: 0, delta: text }]
        : []),
      { type: 'response.output_item.done', output_index: index, item },
    ]),
    { type: 'response.completed', response: completed },
  ];
  return { events: events.map((event, index) => [event.type, { ...event, sequence_number: index }]) };
}
