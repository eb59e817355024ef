// The frame: views by the address's fragment, the connection, keys.

import { showCard } from './card.js';
import { converse, showChat } from './chat.js';
import { change, load, program, settings } from './connection.js';
import { showConsole } from './console.js';
import { failure, field, h, replace, select } from './dom.js';
import { showTask } from './log.js';
import { showTasks } from './tasks.js';

const main = document.getElementById('main');
const views = ['card', 'chat', 'tasks', 'console'];
let leave = null;

// A view gets its place and a signal that is aborted when another one takes it.
async function show() {
  if (!program.isLoaded) return;
  const [name, ...rest] = location.hash.slice(1).split('/');
  const view = views.includes(name) ? name : 'card';
  for (const anchor of document.querySelectorAll('nav a'))
    if (anchor.hash === '#' + view) anchor.setAttribute('aria-current', 'page');
    else anchor.removeAttribute('aria-current');
  leave?.abort();
  leave = new AbortController();
  const { signal } = leave;
  const place = h('div', { class: `view view-${view}` });
  replace(main, place);
  try {
    const task = rest.length > 0 ? decodeURIComponent(rest.join('/')) : null;
    if (view === 'card') await showCard(place, signal);
    else if (view === 'chat') showChat(place, signal);
    else if (view === 'tasks' && task) showTask(place, signal, task);
    else if (view === 'tasks') showTasks(place, signal);
    else showConsole(place, signal);
  } catch (error) {
    if (!signal.aborted) place.append(failure(error));
  }
}

// Where callers must authenticate, this succeeds only after the user has typed a credential.
async function begin() {
  try {
    await load();
  } catch (error) {
    document.getElementById('connection').open = true;
    replace(main, failure(error));
    return;
  }
  showConnection();
  await show();
}

function showConnection() {
  const form = document.getElementById('connection-form');
  const version = select({ name: 'version' }, [['1.0', 'A2A 1.0'], ['0.3', 'A2A 0.3']], settings.version);
  const binding = select({ name: 'binding' }, [['JSONRPC', 'JSON-RPC'], ['HTTP+JSON', 'HTTP+JSON']], settings.binding);
  const tenant = h('input', { name: 'tenant', value: settings.tenant, autocomplete: 'off', spellcheck: 'false' });
  const added = h('textarea', { name: 'headers', rows: 2, spellcheck: 'false', placeholder: 'Authorization: Bearer …', value: settings.headers });
  const agents = program.agents.length > 1
    ? select({ name: 'agent' }, program.agents.map(name => [name, name || '(default)']), settings.agent) : null;
  replace(form,
    agents ? field('Agent', agents) : null,
    field('Version', version), field('Binding', binding),
    field('Tenant', tenant, 'Over JSON-RPC, 1.0 only.'), field('Headers', added, 'One "Name: value" a line.'));
  form.onsubmit = event => event.preventDefault();
  form.onchange = () => {
    change(Object.fromEntries(new FormData(form)));
    if (!program.isLoaded) return begin();
    converse();
    describe();
    show();
  };
  describe();
}

function describe() {
  const parts = [
    settings.agent, settings.version, settings.binding === 'JSONRPC' ? 'JSON-RPC' : settings.binding,
    settings.tenant ? `tenant ${settings.tenant}` : '', settings.headers.trim() ? 'with headers' : '',
  ];
  document.getElementById('connection-summary').textContent = parts.filter(part => part).join(' · ');
  document.getElementById('target').textContent = program.inspected ?? 'this local host';
}

document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});

document.addEventListener('keydown', event => {
  const isTyping = event.target.closest('input, textarea, select');
  const view = views[Number(event.key) - 1];
  if (view && !isTyping && !event.ctrlKey && !event.altKey && !event.metaKey) location.hash = view;
});

window.addEventListener('hashchange', show);
await begin();
// Not at each failure: the user may be typing there.
if (!program.isLoaded) showConnection();
