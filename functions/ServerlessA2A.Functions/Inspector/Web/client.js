// An A2A client for both versions over both bindings.

import { agentAddress, headers, problem, send, settings } from './connection.js';
import { isStream, read } from './events.js';
import { event, outgoing, stateOfV1 } from './wire.js';

const METHODS = {
  '1.0': {
    send: 'SendMessage', stream: 'SendStreamingMessage', get: 'GetTask', list: 'ListTasks', cancel: 'CancelTask', subscribe: 'SubscribeToTask',
  },
  '0.3': { send: 'message/send', stream: 'message/stream', get: 'tasks/get', cancel: 'tasks/cancel', subscribe: 'tasks/resubscribe' },
};

const PATHS = {
  send: () => ['POST', '/message:send'],
  stream: () => ['POST', '/message:stream'],
  get: id => ['GET', `/tasks/${encodeURIComponent(id)}`],
  list: () => ['GET', '/tasks'],
  cancel: id => ['POST', `/tasks/${encodeURIComponent(id)}:cancel`],
  subscribe: id => ['POST', `/tasks/${encodeURIComponent(id)}:subscribe`],
};

// The request of an operation: { method, address, headers, body }. options: { lastEventId, version }
export async function request(operation, params, options = {}) {
  const version = options.version ?? settings.version;
  // 0.3 lists tasks over HTTP+JSON only.
  const binding = operation === 'list' && version === '0.3' ? 'HTTP+JSON' : settings.binding;
  const { address: base, tenant } = await agentAddress(version, binding);
  const isStreaming = operation === 'stream' || operation === 'subscribe';
  const made = {
    method: 'POST', address: base,
    headers: { 'A2A-Version': version, Accept: isStreaming ? 'text/event-stream' : 'application/json', ...headers() },
  };
  if (options.lastEventId !== undefined) made.headers['Last-Event-ID'] = String(options.lastEventId);
  let body = { ...params };
  if (body.message) body.message = outgoing(body.message, version, binding);
  if (binding === 'JSONRPC') {
    if (version === '1.0' && tenant) body.tenant = tenant;
    body = { jsonrpc: '2.0', id: crypto.randomUUID(), method: METHODS[version][operation], params: body };
  } else {
    const [method, path] = PATHS[operation](params.id);
    const folder = (version === '0.3' ? '/v1' : '') + (tenant ? '/' + encodeURIComponent(tenant) : '');
    made.method = method;
    made.address = new URL(base.pathname.replace(/\/+$/, '') + folder + path, base);
    delete body.id;
    if (method === 'GET') {
      for (const [name, value] of Object.entries(body)) made.address.searchParams.set(name, value);
      body = null;
    } else if (Object.keys(body).length === 0) {
      body = null;
    }
  }
  if (body) {
    made.headers['Content-Type'] = 'application/json';
    made.body = JSON.stringify(body);
  }
  return made;
}

// The result of an operation that answers once.
export async function call(operation, params, options) {
  const response = await send(await request(operation, params, options), options?.signal);
  if (!response.ok) {
    // An agent that is gone answers 404 as well.
    const isTaskNotFound = response.status === 404 && /task.?not.?found|-32001/i.test(await response.clone().text());
    throw Object.assign(new Error(await problem(response)), { isTaskNotFound });
  }
  return result(await response.json());
}

// Yields { id, change, raw } for each event of a stream.
export async function* stream(operation, params, options) {
  const response = await send(await request(operation, params, options), options?.signal);
  if (!response.ok) throw new Error(await problem(response));
  if (!isStream(response)) {
    // An error before the stream, or an agent that answers at once.
    const raw = result(await response.json());
    yield { id: null, change: event(raw), raw };
    return;
  }
  for await (const item of read(response)) {
    const raw = result(JSON.parse(item.data));
    const number = /^\d+$/.test(item.id ?? '') ? Number(item.id) : null;
    yield { id: number, change: event(raw), raw };
  }
}

// What a JSON-RPC response or an HTTP+JSON body holds; throws its error.
function result(body) {
  if (body?.error) {
    const { code, message } = body.error;
    throw Object.assign(new Error(`${code ?? ''} ${message ?? JSON.stringify(body.error)}`.trim()), { isTaskNotFound: code === -32001 });
  }
  return body?.jsonrpc ? body.result : body;
}

// A page of tasks. filter: { contextId, state, since, pageToken, pageSize }
export async function listTasks({ contextId, state, since, pageToken, pageSize }) {
  const params = { pageSize };
  if (contextId) params.contextId = contextId;
  if (state) params.status = stateOfV1(state);
  if (since) params.statusTimestampAfter = since;
  if (pageToken) params.pageToken = pageToken;
  return call('list', params);
}
