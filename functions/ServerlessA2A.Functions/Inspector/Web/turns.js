// The turns of a conversation.

import { badge, bytes, decodedSize, download, h, json, link, replace, text } from './dom.js';
import { ENDED } from './wire.js';

export const messageView = message => ({ element: bubble(message) });

// A task: its messages, artifacts, state and events, in the order in which they came.
export function taskView(turn, { cancel, resume }) {
  const body = h('div', { class: 'said' });
  const state = h('span');
  const stop = h('button', { type: 'button', onclick: () => cancel(turn) }, 'Cancel');
  const events = h('ol', { class: 'events' });
  const count = h('span');
  const after = h('input', { type: 'number', min: 0, value: 0, 'aria-label': 'Event number' });
  const element = h('section', { class: 'turn', 'aria-label': `Task ${turn.task.id}` },
    body,
    h('footer', null, state, ' ', h('a', { href: `#tasks/${encodeURIComponent(turn.task.id)}`, class: 'id' }, turn.task.id), ' ', stop),
    h('details', null, h('summary', null, count),
      h('form', {
        class: 'inline', onsubmit: submitted => {
          submitted.preventDefault();
          resume(turn, Number(after.value));
        },
      }, 'Resume after event ', after, h('button', { type: 'submit' }, 'Resume')),
      events));
  let [shown, seen] = [0, null];
  // What has not changed keeps its element, and with it what the reader has opened or selected there.
  const drawn = new WeakMap();
  const once = (value, draw) => {
    if (!drawn.has(value)) drawn.set(value, draw(value));
    return drawn.get(value);
  };
  return {
    element,
    update() {
      const { task } = turn;
      for (const each of turn.events.slice(shown)) {
        events.append(each.note
          ? h('li', { class: 'muted' }, each.note)
          : h('li', null, h('code', { class: 'number' }, each.id ?? '–'), ' ', each.kind, h('details', null, h('summary', null, 'JSON'), json(each.raw))));
      }
      shown = turn.events.length;
      count.textContent = `Events (${turn.events.filter(each => !each.note).length})`;
      if (task === seen) return;
      seen = task;
      stop.hidden = ENDED.includes(task.status.state);
      replace(state, badge(task.status.state));
      const last = task.status.message;
      replace(body, task.history.map(message => once(message, bubble)), task.artifacts.map(each => once(each, artifact)), last ? once(last, bubble) : null);
    },
  };
}

const bubble = ({ role, parts }) => h('div', { class: `bubble ${role === 'user' ? 'user' : 'agent'}` }, parts.map(part));

const artifact = ({ name, artifactId, parts }) => h('div', { class: 'artifact' }, h('div', { class: 'name' }, name || artifactId), parts.map(part));

function part({ text: words, raw, url, data, filename, mediaType }) {
  if (words !== undefined) return text(words);
  if (data !== undefined) return json(data);
  const name = filename || mediaType || 'file';
  if (url !== undefined) return h('p', { class: 'file' }, `${name}: `, link(url));
  if (raw === undefined) return h('p', { class: 'muted' }, 'A part without content.');
  return h('p', { class: 'file' }, h('button', { type: 'button', onclick: () => save(name, raw) }, `Save ${name.slice(0, 100)}`),
    h('span', { class: 'muted' }, ` ${mediaType ?? ''} ${bytes(decodedSize(raw))}`));
}

// A download, never a document of this origin.
function save(name, raw) {
  const plain = atob(String(raw).replaceAll('-', '+').replaceAll('_', '/'));
  download(name, new Blob([Uint8Array.from(plain, letter => letter.charCodeAt(0))], { type: 'application/octet-stream' }));
}
