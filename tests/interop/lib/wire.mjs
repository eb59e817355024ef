// A fetch that the SDKs are given: it remembers the exchanges for the message of a failed row, and reads what the SDKs do not hand out of event
// streams.

const longestShown = 1500;

export class Wire {
  /** Headers that replace those of the SDK. */
  headers = {};
  exchanges = [];
  /** The streams, each an array of {id, data}, which grows as the events come. */
  streams = [];

  constructor(signal) {
    this.signal = signal;
    this.fetch = this.fetch.bind(this);
  }

  /** The ids of the newest stream; undefined over gRPC, whose events have none. */
  get eventIds() {
    return this.streams.at(-1)?.map((event) => event.id);
  }

  async fetch(url, init = {}) {
    const signal = init.signal ? AbortSignal.any([init.signal, this.signal]) : this.signal;
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(this.headers)) headers.set(name, value);
    const exchange = { request: `${init.method ?? 'GET'} ${url}`, headers: Object.fromEntries(headers), body: init.body, answer: '' };
    this.exchanges.push(exchange);
    const response = await fetch(url, { ...init, headers, signal });
    exchange.status = `${response.status} ${response.headers.get('content-type') ?? ''}`;
    if (!response.body) return response;
    const body = response.body.pipeThrough(this.#tap(exchange, response.headers.get('content-type')));
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
  }

  #tap(exchange, contentType) {
    const addEvents = contentType?.startsWith('text/event-stream') ? this.#newStream() : () => {};
    const decoder = new TextDecoder();
    return new TransformStream({
      transform(chunk, controller) {
        const text = decoder.decode(chunk, { stream: true });
        exchange.answer += text;
        addEvents(text);
        controller.enqueue(chunk);
      },
    });
  }

  #newStream() {
    const stream = [];
    this.streams.push(stream);
    let rest = '';
    return (text) => {
      const events = (rest + text).split('\n\n');
      rest = events.pop();
      for (const event of events) {
        const field = (name) => event.split('\n').find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        if (field('data')) stream.push({ id: field('id'), data: JSON.parse(field('data')) });
      }
    };
  }

  describe() {
    return this.exchanges.map((exchange) =>
      [
        `> ${exchange.request} ${JSON.stringify(exchange.headers)}`,
        ...(exchange.body ? [`> ${cut(exchange.body)}`] : []),
        `< ${exchange.status ?? 'no answer'}`,
        ...(exchange.answer ? [`< ${cut(exchange.answer)}`] : []),
      ].join('\n'),
    ).join('\n');
  }
}

const cut = (text) => (text.length > longestShown ? `${text.slice(0, longestShown)}… (${text.length} characters)` : text);
