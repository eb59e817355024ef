// Server-sent events (HTML, section 9.2), read with fetch: an EventSource can neither POST nor send headers.

// Yields { id, event, data } for each event of a response.
export async function* read(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let [rest, id, name, data] = ['', null, '', []];
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += value;
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield { id, event: name || 'message', data: data.join('\n') };
          [id, name, data] = [null, '', []];
          continue;
        }
        const colon = line.indexOf(':');
        if (colon === 0) continue;
        const field = colon < 0 ? line : line.slice(0, colon);
        const content = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'data') data.push(content);
        else if (field === 'id') id = content;
        else if (field === 'event') name = content;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

export const isStream = response => (response.headers.get('Content-Type') ?? '').startsWith('text/event-stream');
