// Raw requests, with a history.

import { request } from './client.js';
import { agentAddress, restore, send, settings, store } from './connection.js';
import { curl } from './curl.js';
import { copy, failure, field, h, json, replace, select, text, time } from './dom.js';
import { isStream, read } from './events.js';

const KEY = 'a2a-inspector-console';
const LONGEST_HISTORY = 50;
const LONGEST_BODY = 20000;

const message = () => ({ messageId: crypto.randomUUID(), role: 'ROLE_USER', parts: [{ text: 'Hello' }] });
const EXAMPLES = {
  send: () => ({ message: message() }), stream: () => ({ message: message() }), get: () => ({ id: 'TASK' }), list: () => ({ pageSize: 10 }),
  cancel: () => ({ id: 'TASK' }), subscribe: () => ({ id: 'TASK' }),
};

let past = null;

export function showConsole(place, signal) {
  past ??= restore(KEY).entries ?? [];
  const method = select({ 'aria-label': 'Method' }, ['POST', 'GET', 'DELETE'], 'POST');
  const path = h('input', { 'aria-label': 'Path', value: '/', class: 'code', spellcheck: 'false' });
  const added = h('textarea', { rows: 3, class: 'code', spellcheck: 'false' });
  const body = h('textarea', { rows: 12, class: 'code', spellcheck: 'false' });
  const answer = h('div', { class: 'answer', 'aria-live': 'polite' });
  const list = h('ol', { class: 'history', reversed: true });
  const example = select({}, [['', 'choose …'], ['send', 'Send a message'], ['stream', 'Send and stream'], ['get', 'Get a task'],
    ['list', 'List tasks'], ['cancel', 'Cancel a task'], ['subscribe', 'Subscribe to a task']], '');
  const form = h('form', { class: 'console' },
    field('Example in ' + `${settings.version} over ${settings.binding === 'JSONRPC' ? 'JSON-RPC' : 'HTTP+JSON'}`, example),
    h('div', { class: 'line' }, method, path),
    field('Headers', added), field('Body', body),
    h('div', { class: 'actions' }, h('button', { type: 'submit', class: 'primary' }, 'Send'),
      h('button', { type: 'button', onclick: event => run(() => copyCurl(event.target)) }, 'Copy as curl'),
      h('button', { type: 'button', onclick: () => current?.abort() }, 'Stop')));
  replace(place, h('div', { class: 'columns' }, h('section', null, form),
    h('section', { class: 'wide' }, h('h2', null, 'Response'), answer, h('h2', null, 'History'), list)));
  let current = null;

  example.onchange = () => run(async () => {
    if (example.value) fill(await request(example.value, EXAMPLES[example.value]()));
  });
  form.onkeydown = pressed => {
    if (pressed.key === 'Enter' && (pressed.ctrlKey || pressed.metaKey)) form.requestSubmit();
  };
  form.onsubmit = submitted => {
    submitted.preventDefault();
    run(exchange);
  };

  async function run(work) {
    try {
      await work();
    } catch (fault) {
      if (!signal.aborted) replace(answer, failure(fault));
    }
  }

  function fill({ method: verb, address, path: known, headers, body: content }) {
    method.value = verb;
    path.value = known ?? address.pathname + address.search;
    added.value = Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n');
    body.value = content ? pretty(content) : '';
  }

  async function made() {
    const headers = {};
    for (const line of added.value.split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
    }
    const { address: base } = await agentAddress(settings.version, settings.binding);
    const address = new URL(path.value, base);
    return { method: method.value, address, headers, body: method.value === 'GET' || !body.value ? undefined : body.value };
  }

  const copyCurl = async button => copy(curl(await made()), button);

  async function exchange() {
    const what = await made();
    current?.abort();
    const controller = current = new AbortController();
    signal.addEventListener('abort', () => controller.abort());
    const began = performance.now();
    replace(answer, h('p', { class: 'muted' }, 'Waiting …'));
    let status = 'failed';
    try {
      const response = await send(what, controller.signal);
      status = response.status || 'redirect';
      const content = h('div');
      replace(answer, h('p', null, h('strong', { class: response.ok ? 'good' : 'bad' }, status), ` ${response.statusText} after `,
        `${Math.round(performance.now() - began)} ms`),
      h('details', null, h('summary', null, 'Headers'), text([...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n'), 'json')),
      content);
      if (!isStream(response)) content.append(json(await response.text()));
      else for await (const { id, event, data } of read(response))
        content.append(h('div', { class: 'event' }, h('code', { class: 'number' }, id ?? event), json(data)));
    } catch (fault) {
      if (!controller.signal.aborted) replace(answer, failure(fault));
    } finally {
      remember(what, status);
    }
  }

  function remember({ method: verb, address, headers, body: content }, status) {
    past.unshift({ method: verb, path: address.pathname + address.search, headers, body: content, status, at: Date.now() });
    past.length = Math.min(past.length, LONGEST_HISTORY);
    store(KEY, { entries: past.filter(each => (each.body ?? '').length < LONGEST_BODY) });
    showHistory();
  }

  function showHistory() {
    if (past.length === 0) replace(list, h('li', { class: 'muted' }, 'Nothing sent yet.'));
    else replace(list, past.map(each => h('li', null, h('button', { type: 'button', class: 'plain', onclick: () => fill(each) },
      h('span', { class: 'time' }, time(each.at).slice(11, 19)), ` ${each.method} ${each.path} ${operation(each.body)} `,
      h('span', { class: 'badge' }, each.status)))));
  }

  showHistory();
  run(async () => fill(await request('list', EXAMPLES.list())));
}

const pretty = value => {
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
};

function operation(body) {
  try {
    return JSON.parse(body).method ?? '';
  } catch {
    return '';
  }
}
