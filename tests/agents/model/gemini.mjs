// Gemini's generateContent, as Gemini CLI speaks it.

export const name = 'gemini';
export const speaks = (path) => /:(stream)?generateContent$/i.test(path);
export const tools = (body) =>
  (body.tools ?? []).flatMap((tool) => (tool.functionDeclarations ?? []).map((one) => one.name));

export const results = (body) =>
  (body.contents ?? [])
    .flatMap((content) => content.parts ?? [])
    .filter((part) => part.functionResponse)
    .map((part) => JSON.stringify(part.functionResponse.response));

/** What its helpers on the side want to know: how hard a task is, who speaks next. */
const ASIDE = {
  complexity_reasoning: 'none',
  complexity_score: 1,
  reasoning: 'none',
  model_choice: 'flash',
  next_speaker: 'user',
};

export function reply(body, { calls, text }, path) {
  const config = body.generationConfig ?? {};
  const aside = config.responseMimeType === 'application/json' || config.responseJsonSchema !== undefined;
  const parts = calls
    ? calls.map(({ name, input }) => ({ functionCall: { name, args: input }, thoughtSignature: 'c2ln' }))
    : [{ text: aside ? JSON.stringify(ASIDE) : text }];
  const json = {
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    modelVersion: 'mock',
  };
  return path.includes('stream') ? { events: [[null, json]] } : { json };
}
