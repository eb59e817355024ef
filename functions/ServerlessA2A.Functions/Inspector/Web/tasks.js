// The list of the caller's tasks.

import { listTasks } from './client.js';
import { restore, store } from './connection.js';
import { badge, failure, field, h, replace, select, time } from './dom.js';
import { ASKING, ENDED, state as short, task as taskOf } from './wire.js';

const KEY = 'a2a-inspector-tasks';
const STATES = ['submitted', 'working', ...ASKING, ...ENDED];

export function showTasks(place, signal) {
  const filter = { state: '', contextId: '', since: '', pageSize: '100', ...restore(KEY) };
  const rows = h('tbody');
  const summary = h('p', { class: 'muted', 'aria-live': 'polite' });
  const error = h('div');
  const more = h('button', { type: 'button', hidden: true, onclick: () => load(false) }, 'Load more');
  const form = h('form', { class: 'filters' },
    field('State', select({ name: 'state' }, [['', 'any'], ...STATES], filter.state)),
    field('Context', h('input', { name: 'contextId', value: filter.contextId, spellcheck: 'false' })),
    field('Changed since', h('input', { name: 'since', type: 'datetime-local', step: 1, value: filter.since })),
    field('Page', select({ name: 'pageSize' }, ['20', '50', '100'], filter.pageSize)),
    h('button', { type: 'submit', class: 'primary' }, 'Load'));
  replace(place, form, summary, error,
    h('div', { class: 'scroll' }, h('table', { class: 'tasks' },
      h('thead', null, h('tr', null, ['State', 'Task', 'Context', 'Status since', 'Last message'].map(name => h('th', { scope: 'col' }, name)))),
      rows)), more);
  let token = '';
  form.onsubmit = submitted => {
    submitted.preventDefault();
    load(true);
  };
  form.onchange = () => load(true);

  async function load(isFirst) {
    Object.assign(filter, Object.fromEntries(new FormData(form)));
    store(KEY, filter);
    if (isFirst) token = '';
    try {
      const page = await listTasks({
        ...filter, pageToken: token, since: filter.since ? new Date(filter.since).toISOString() : '',
      });
      if (signal.aborted) return;
      replace(error);
      if (isFirst) replace(rows);
      const found = Array.isArray(page.tasks) ? page.tasks : [];
      rows.append(...found.map(row));
      token = page.nextPageToken ?? '';
      more.hidden = !token;
      const shown = rows.children.length;
      summary.textContent = shown === 0 ? 'No tasks.' : `${shown} of ${page.totalSize ?? shown} tasks, newest status first`;
    } catch (fault) {
      replace(error, failure(fault));
    }
  }

  load(true);
}

function row(value) {
  const task = taskOf(value);
  const last = task.status.message ?? task.history.at(-1);
  const words = last?.parts.find(part => part.text !== undefined)?.text ?? '';
  return h('tr', null,
    h('td', null, badge(short(task.status.state))),
    h('td', null, h('a', { href: `#tasks/${encodeURIComponent(task.id)}`, class: 'id' }, task.id)),
    h('td', { class: 'id' }, task.contextId ?? ''),
    h('td', { class: 'time' }, time(task.status.timestamp)),
    h('td', { class: 'words' }, words.slice(0, 120)));
}
