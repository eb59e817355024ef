// One task: its numbered log as it grows, its JSON in both versions, and its events as a client replays them.

import { call, stream } from './client.js';
import { api, program, settings } from './connection.js';
import { badge, bytes, decodedSize, failure, h, json, link, replace, select, tabs, time } from './dom.js';
import { read } from './events.js';
import { ENDED, state as short } from './wire.js';

export function showTask(place, signal, id) {
  const error = h('div');
  const cancel = h('button', {
    type: 'button', onclick: async () => {
      try {
        await call('cancel', { id });
        replace(error);
      } catch (fault) {
        replace(error, failure(fault));
      }
    },
  }, 'Cancel the task');
  const pages = [
    ['1.0', () => versionOf(id, '1.0')],
    ['0.3', () => versionOf(id, '0.3')],
    ['Replay', left => replay(id, AbortSignal.any([signal, left]))],
  ];
  // The log is in the store of this program; another agent shows what the protocol has.
  const onState = task => { cancel.hidden = ENDED.includes(short(task.state)); };
  if (!program.inspected) pages.unshift(['Log', left => liveLog(id, AbortSignal.any([signal, left]), onState)]);
  replace(place,
    h('p', null, h('a', { href: '#tasks' }, '← Tasks')),
    h('div', { class: 'actions' }, h('h2', { class: 'id' }, id), cancel),
    error,
    program.inspected ? h('p', { class: 'muted' }, 'Leases, checkpoints and deliveries are in the agent’s own store: its local host shows them.') : null,
    tabs('Task', pages));
}

function versionOf(id, version) {
  const element = h('div', null, h('p', { class: 'muted' }, 'Reading …'));
  const load = async () => {
    try {
      const task = await call('get', { id }, { version });
      replace(element, h('button', { type: 'button', onclick: load }, 'Read again'), json(task));
    } catch (fault) {
      replace(element, failure(fault));
    }
  };
  load();
  return element;
}

function liveLog(id, signal, onState) {
  const facts = h('div');
  const rows = h('tbody');
  const notice = h('p', { class: 'muted', 'aria-live': 'polite' });
  const element = h('div', null, facts, h('h3', null, 'Log'),
    h('div', { class: 'scroll' }, h('table', { class: 'log' },
      h('thead', null, h('tr', null, ['Event', 'Time', 'After', 'Kind', 'Content'].map(name => h('th', { scope: 'col' }, name)))), rows)),
    notice);
  let [last, before] = [0, null];
  follow();
  return element;

  // The time of a request is limited; the next one continues behind the last event.
  async function follow() {
    while (!signal.aborted) {
      try {
        const response = await api(`api/tasks/${encodeURIComponent(id)}?after=${last}`, { signal });
        notice.textContent = 'Live.';
        for await (const { event, data } of read(response)) {
          const value = JSON.parse(data);
          if (event === 'entry') {
            entry(value);
            continue;
          }
          onState(value);
          replace(facts, state(value));
        }
      } catch (fault) {
        if (signal.aborted) return;
        notice.textContent = `Not live: ${fault.message}`;
        if (/^404/.test(fault.message)) return;
      }
      await new Promise(done => setTimeout(done, 1000));
    }
  }

  function entry({ first, at, events }) {
    const moment = new Date(at);
    events.forEach((item, i) => {
      const [kind, value] = Object.entries(item)[0];
      const number = first + i;
      if (number <= last) return;
      last = number;
      rows.append(h('tr', { class: hidden(kind, value) ? 'hidden-event' : null },
        h('td', { class: 'number' }, number),
        h('td', { class: 'time' }, i === 0 ? time(at).slice(11) : ''),
        h('td', { class: 'time' }, i === 0 && before ? elapsed(moment - before) : ''),
        h('td', null, kind, hidden(kind, value) ? h('span', { class: 'muted', title: 'Clients do not see it' }, ' internal') : null),
        h('td', null, h('details', null, h('summary', null, summary(kind, value)), json(value)))));
    });
    before = moment;
  }
}

const elapsed = span => span < 1000 ? `+${span} ms` : `+${(span / 1000).toFixed(1)} s`;

const hidden = (kind, value) => ['added', 'advanced', 'checkpoint'].includes(kind) || (kind === 'started' && !value.fromSubmitted);

const words = parts => (parts ?? []).map(part => part.text ?? (part.data !== undefined ? JSON.stringify(part.data) : `[${part.filename ?? 'file'}]`)).join(' ');

const cut = value => value.length > 300 ? value.slice(0, 300) + '…' : value;

function summary(kind, value) {
  switch (kind) {
    case 'received': case 'added': case 'replied': return cut(words(value.message?.parts));
    case 'started': return `attempt ${value.attempt}, lease until ${time(value.until).slice(11)}${value.dropped ? `, dropped ${value.dropped.join(', ')}` : ''}`;
    case 'status': return [badge(short(value.state)), ' ', cut(words(value.message?.parts))];
    case 'artifact': return [h('code', null, value.artifact?.artifactId ?? ''), value.append ? ' + ' : ' ', cut(words(value.artifact?.parts))];
    case 'checkpoint': return `${bytes(decodedSize(value.data))}${value.handOver ? ', hands over' : ''}`;
    case 'advanced': return 'The next message becomes the request.';
    default: return '';
  }
}

function state(task) {
  const name = short(task.state);
  const row = (label, value) => [h('dt', null, label), h('dd', null, value)];
  return [
    h('dl', { class: 'facts' },
      row('State', badge(name)), row('Newest event', task.seq), row('Created', time(task.createdAt)), row('Changed', time(task.changedAt)),
      row('Retained until', time(task.expireAt)), row('Attempts', task.attempts),
      row('Lease', task.lease ? `until ${time(task.lease.until).slice(11)}, run ${task.lease.runId}` : ENDED.includes(name) ? 'none' : 'none: no run holds the task'),
      row('Checkpoint', task.checkpointSize === undefined ? 'none' : bytes(task.checkpointSize)),
      row('Unread messages', task.pending), row('Size', bytes(task.size))),
    task.webhooks.length ? [h('h3', null, 'Webhooks'), h('ul', { class: 'webhooks' }, task.webhooks.map(webhook => delivery(webhook, task.seq)))] : null,
  ].flat();
}

// The attempts newest first, one line each.
function delivery(webhook, seq) {
  const next = webhook.endedBecause ? h('span', { class: 'bad' }, `Disabled: ${webhook.endedBecause}`)
    : webhook.holder ? 'being delivered'
      : webhook.dueAt ? `next at ${time(webhook.dueAt).slice(11)}` : 'next with the next event';
  return h('li', null,
    h('p', null, h('code', null, webhook.id), ` ${webhook.version} `, link(webhook.url)),
    h('p', { class: 'muted' }, `${webhook.delivered ?? 0} of ${seq} events delivered, `,
      webhook.failures ? `${webhook.failures} failed since ${time(webhook.failingSince).slice(11)}, ` : null, next),
    webhook.attempts.length ? h('div', { class: 'scroll' }, h('table', { class: 'attempts' },
      h('thead', null, h('tr', null, ['Attempt', 'Event', 'Answer', 'Took'].map(label => h('th', { scope: 'col' }, label)))),
      h('tbody', null, webhook.attempts.toReversed().map(attempt => h('tr', null,
        h('td', { class: 'time' }, time(attempt.at).slice(11)),
        h('td', { class: 'number' }, attempt.seq),
        h('td', { class: attempt.status >= 200 && attempt.status < 300 ? 'good' : 'bad' }, attempt.status ?? attempt.error),
        h('td', { class: 'time' }, `${attempt.milliseconds} ms`)))))) : null);
}

function replay(id, signal) {
  const from = h('input', { type: 'number', min: 1, value: 1, 'aria-label': 'Event number' });
  const version = select({ 'aria-label': 'Version' }, [['1.0', 'A2A 1.0'], ['0.3', 'A2A 0.3']], settings.version);
  const rows = h('ol', { class: 'events' });
  const notice = h('p', { class: 'muted', 'aria-live': 'polite' });
  let current = null;
  return h('div', null, h('form', {
    class: 'inline', onsubmit: async submitted => {
      submitted.preventDefault();
      current?.abort();
      const controller = current = new AbortController();
      signal.addEventListener('abort', () => controller.abort());
      replace(rows);
      notice.textContent = `Last-Event-ID: ${from.value - 1}`;
      try {
        const options = { lastEventId: from.value - 1, version: version.value, signal: controller.signal };
        for await (const { id: number, change, raw } of stream('subscribe', { id }, options))
          rows.append(h('li', null, h('code', { class: 'number' }, number ?? '–'), ' ', change.kind, json(raw)));
        notice.textContent += ` – ${rows.children.length} events, the stream has ended.`;
      } catch (fault) {
        if (!controller.signal.aborted) replace(notice, failure(fault));
      }
    },
  }, 'From event ', from, ' as ', version, h('button', { type: 'submit', class: 'primary' }, 'Replay')), notice, rows);
}
