// What the agent of either version does: it says steps, and the version puts them into events.

/** The steps of a message: {state, text}, {artifact, append, text} or {reply}. */
export function* stepsOf(text, isContinued) {
  const [verb, argument] = text.split(':');
  if (verb === 'reply') {
    yield { reply: 'hi' };
    return;
  }
  yield { state: 'working' };
  if (verb === 'ask' && !isContinued) {
    yield { state: 'input-required', text: 'Which one?' };
    return;
  }
  for (let i = 0; i < Number(argument ?? 1); i++) yield { artifact: 'text', append: i > 0, text: `chunk ${i} ` };
  yield { state: verb === 'fail' ? 'failed' : 'completed' };
}

/** A turn of the event loop for each step, so that a connection can be lost between two of them. */
export const pause = () => new Promise((resolve) => setTimeout(resolve, 2));
