// Which agent, version, binding, tenant and headers the page uses, and where that leads.

const PREFIX = 'a2a-inspector-';
const KEY = PREFIX + 'connection';
// inspected: the agent of --inspect that the settings belong to; null for the agents of this program.
const defaults = { agent: '', version: '1.0', binding: 'JSONRPC', tenant: '', headers: '', inspected: null };

// The page is at …/inspector/.
const here = new URL('.', document.baseURI);
const root = new URL('..', document.baseURI);

export const settings = { ...defaults, ...restore(KEY) };
export const program = { agents: [''], inspected: null, isLoaded: false };

// The inspected agent's card, as clients of each version read it.
let cards = {};
let isTyped = false;

export function restore(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

// What does not fit into the storage of the page is lost with a reload, and with nothing else.
export function store(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    sessionStorage.removeItem(key);
  }
}

export function change(values) {
  Object.assign(settings, values);
  cards = {};
  if (program.isLoaded) store(KEY, settings);
}

// The headers that the user has added, one "Name: value" a line.
export function headers() {
  const added = {};
  for (const line of settings.headers.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) added[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return added;
}

// Reads what this program serves, and keeps the tab's settings only if they are for it.
export async function load() {
  try {
    const response = await api('api/agents');
    Object.assign(program, await response.json(), { isLoaded: true });
  } catch (fault) {
    // It is not known yet whether the tab's settings are for this program. Those that the user types from now on are.
    if (!isTyped) Object.assign(settings, defaults, { inspected: settings.inspected });
    isTyped = true;
    throw fault;
  }
  if (settings.inspected !== program.inspected) forget();
  change({ inspected: program.inspected });
  if (!program.inspected && !program.agents.includes(settings.agent)) change({ agent: program.agents[0] ?? '' });
}

// Another agent was inspected at this address before: what the tab has kept of it, credentials among it, is not for this one.
function forget() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  if (!isTyped) Object.assign(settings, defaults);
}

// A request to the inspector itself, for the chosen agent and tenant.
export async function api(path, options = {}) {
  const address = new URL(path, here);
  address.searchParams.set('agent', settings.agent);
  address.searchParams.set('tenant', settings.tenant);
  const response = await fetch(address, { ...options, headers: { ...headers(), ...options.headers } });
  if (response.ok) return response;
  throw new Error(await problem(response));
}

export async function problem(response) {
  const body = await response.text();
  try {
    const { error } = JSON.parse(body);
    return `${response.status} ${error.message ?? body}`;
  } catch {
    return `${response.status} ${body || response.statusText}`;
  }
}

// Where the browser sends what is meant for an address of the agent's origin.
const through = address => program.inspected
  ? new URL('target' + address.pathname + address.search, here)
  : address;

// The host rejects what is meant for the agent that it inspected before a restart: this page may be older.
const addressee = () => program.inspected ? { 'Inspected-Agent': program.inspected } : {};

const trimmed = path => path.replace(/\/+$/, '');

const named = () => settings.agent ? `${settings.agent}/` : '';

// The address of the agent's card.
export function cardAddress() {
  const base = program.inspected ? new URL(program.inspected) : new URL(named(), root);
  return base.pathname.endsWith('.json') ? base : new URL(trimmed(base.pathname) + '/.well-known/agent-card.json', base);
}

// Reads a document of the agent's origin, as any client of that version would.
export async function read(address, version) {
  const made = { Accept: 'application/json', ...headers() };
  if (version) made['A2A-Version'] = version;
  return fetch(through(address), { headers: { ...made, ...addressee() }, cache: 'no-store' });
}

// The { address, tenant } that clients use for a version and binding: of this program by its path, of another agent by its card.
export async function agentAddress(version, binding) {
  if (!program.inspected) return { address: new URL(named(), root), tenant: settings.tenant };
  if (!cards[version]) {
    const response = await read(cardAddress(), version);
    if (!response.ok) throw new Error(`The card could not be read: ${await problem(response)}`);
    cards[version] = await response.json();
  }
  const offered = interfaces(cards[version]).find(each => each.binding === binding && String(each.version).startsWith(version));
  if (!offered) throw new Error(`The card has no interface for ${binding} in ${version}. Choose another one in Connection.`);
  const address = new URL(offered.url);
  if (address.origin !== new URL(program.inspected).origin)
    throw new Error(`The agent's interface is at ${address.origin}, and this inspector is bound to ${new URL(program.inspected).origin}. ` +
      `Start it with --inspect ${offered.url}`);
  return { address, tenant: settings.tenant || offered.tenant || '' };
}

// The interfaces of a card of either version.
export function interfaces(value) {
  const items = Array.isArray(value.supportedInterfaces) ? value.supportedInterfaces : [];
  const found = items.map(each => ({ url: each?.url, binding: each?.protocolBinding, version: each?.protocolVersion, tenant: each?.tenant }));
  if (typeof value.url === 'string' && !found.some(each => String(each.version).startsWith('0.3'))) {
    const version = value.protocolVersion ?? '0.3';
    found.push({ url: value.url, binding: value.preferredTransport ?? 'JSONRPC', version });
    for (const other of Array.isArray(value.additionalInterfaces) ? value.additionalInterfaces : [])
      if (other?.transport !== (value.preferredTransport ?? 'JSONRPC')) found.push({ url: other?.url, binding: other?.transport, version });
  }
  return found;
}

// The request to an address of the agent: { method, address, headers, body }.
export const send = (request, signal) => fetch(through(request.address), {
  method: request.method, headers: { ...request.headers, ...addressee() }, body: request.body,
  signal, cache: 'no-store', redirect: 'manual',
});
