// A conversation: sends messages, follows their tasks, answers questions, steers and cancels.

import { attachments } from './attachments.js';
import { call, stream } from './client.js';
import { restore, settings, store } from './connection.js';
import { failure, h, replace } from './dom.js';
import { messageView, taskView } from './turns.js';
import { ASKING, ENDED, event, fold, task as taskOf } from './wire.js';

const KEY = 'a2a-inspector-chat';

// A conversation with one agent for one tenant. What outlives a reload of the page are the ids; the agent has the rest.
// turns: { task, events } or { message }. left: aborted when another conversation takes its place.
const conversation = (key, { contextId = null, tasks = [] } = {}) => ({
  key, contextId, tasks, turns: [], follows: new Map(), left: new AbortController(), isRead: false, fault: null,
});

let talk = conversation('');
let [render, report] = [() => {}, () => {}];

function begin(next) {
  talk.left.abort();
  talk = next;
}

// Turns to the conversation with the chosen agent and tenant: no other one may get its ids.
export function converse() {
  const key = `${KEY} ${JSON.stringify([settings.agent, settings.tenant])}`;
  if (key !== talk.key) begin(conversation(key, restore(key)));
}

// Ids that arrive after their conversation was left must not replace those of a new one with the same agent and tenant.
function remember({ key, contextId, tasks, left }) {
  if (!left.signal.aborted || key !== talk.key) store(key, { contextId, tasks });
}

export function showChat(place, signal) {
  converse();
  const log = h('div', { class: 'turns', role: 'log', 'aria-label': 'Conversation' });
  const error = h('div', { 'aria-live': 'polite' });
  const words = h('textarea', { id: 'words', rows: 3, 'aria-label': 'Message', placeholder: 'Message. Ctrl+Enter sends.' });
  const streams = h('input', { type: 'checkbox', id: 'streams', checked: true });
  const apart = h('input', { type: 'checkbox', id: 'apart' });
  const hint = h('p', { class: 'muted', id: 'hint' });
  const attached = attachments();
  const form = h('form', { class: 'composer' },
    hint, words, attached.element,
    h('div', { class: 'actions' }, h('button', { type: 'submit', class: 'primary' }, 'Send'), attached.buttons,
      h('label', { class: 'check' }, streams, 'Stream'), h('label', { class: 'check' }, apart, 'New task'),
      h('button', { type: 'button', class: 'right', onclick: restart }, 'New conversation')));
  replace(place, log, error, form);

  const views = new Map();
  let scheduled = false;
  render = () => {
    if (scheduled || signal.aborted) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      const isAtEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 80;
      const { turns } = talk;
      for (const [turn, view] of views) {
        if (turns.includes(turn)) continue;
        view.element.remove();
        views.delete(turn);
      }
      for (const turn of turns) {
        if (!views.has(turn)) {
          const view = turn.task ? taskView(turn, { cancel, resume }) : messageView(turn.message);
          views.set(turn, view);
          log.append(view.element);
        }
        views.get(turn).update?.();
      }
      if (turns.length === 0) replace(log, h('p', { class: 'muted empty' }, 'Say something to the agent.'));
      else log.querySelector('.empty')?.remove();
      const current = open(talk);
      hint.textContent = !current || apart.checked ? 'A message starts a task.'
        : ASKING.includes(current.task.status.state) ? 'The message answers the question of the task.'
        : 'The message steers the running task.';
      if (isAtEnd) window.scrollTo(0, document.body.scrollHeight);
    });
  };
  apart.onchange = render;
  words.onkeydown = pressed => {
    if (pressed.key === 'Enter' && (pressed.ctrlKey || pressed.metaKey)) form.requestSubmit();
  };
  form.onsubmit = async submitted => {
    submitted.preventDefault();
    const sender = talk;
    report(sender, null);
    try {
      const parts = [...(words.value ? [{ text: words.value }] : []), ...attached.parts()];
      if (parts.length === 0) throw new Error('A message needs a text, a file or data.');
      const sent = say(sender, parts, { streaming: streams.checked, apart: apart.checked });
      words.value = '';
      attached.clear();
      words.focus();
      await sent;
    } catch (fault) {
      report(sender, fault);
    }
  };

  function restart() {
    begin({ ...conversation(talk.key), isRead: true });
    remember(talk);
    views.clear();
    replace(log);
    report(talk, null);
    render();
    words.focus();
  }

  async function cancel(turn) {
    const from = talk;
    try {
      const canceled = event(await call('cancel', { id: turn.task.id }));
      // A stream tells of it too, and of what came before.
      if (!from.follows.has(turn)) take(turn, null, canceled);
    } catch (fault) {
      report(from, fault);
    }
  }

  function resume(turn, after) {
    const from = talk;
    follow(from, turn, { lastEventId: after }).catch(fault => report(from, fault));
  }

  report = (from, fault) => {
    // A failure while another view is open is shown when this one is opened again.
    from.fault = signal.aborted ? fault : null;
    if (from === talk) replace(error, fault ? failure(fault) : null);
  };
  report(talk, talk.fault);
  render();
  if (!talk.isRead) reload(talk);
}

// The newest task, while it has not ended.
const open = ({ turns }) => turns.findLast(turn => turn.task && !ENDED.includes(turn.task.status.state));

async function say(from, parts, { streaming, apart }) {
  const current = apart ? null : open(from);
  const isSteering = current && !ASKING.includes(current.task.status.state);
  const made = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts };
  if (from.contextId) made.contextId = from.contextId;
  if (current) made.taskId = current.task.id;
  if (!current) from.turns.push({ message: { role: 'user', parts } });
  render();
  if (streaming && !isSteering) {
    await follow(from, current, { message: made });
    return;
  }
  // A running task has its stream already, or gets one: the answer is not waited for.
  const configuration = settings.version === '1.0' ? { returnImmediately: Boolean(isSteering) } : { blocking: !isSteering };
  const isFollowed = from.follows.has(current);
  const answer = event(await call('send', { message: made, configuration }));
  if (isFollowed && answer.task) {
    // The stream is ahead of this answer, or soon will be: only the history is new.
    current.task = { ...current.task, history: answer.task.history };
    render();
    return;
  }
  const turn = accept(from, null, answer, current);
  if (turn?.task && !ENDED.includes(turn.task.status.state) && !from.follows.has(turn)) await follow(from, turn, {});
}

// Follows a task until it rests: the stream of a send, or a subscription, and again where a stream ends early.
async function follow(from, turn, { message, lastEventId }) {
  let [operation, params] = message ? ['stream', { message }] : ['subscribe', { id: turn.task.id }];
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, from.left.signal]);
  if (turn) attach(from, turn, controller);
  if (lastEventId !== undefined) turn?.events.push({ note: `Resumed with Last-Event-ID: ${lastEventId}` });
  let [last, before] = [lastEventId, ''];
  try {
    // A stream that ends at once and brings nothing new, again and again, is not followed for ever. One that was silent until the time of
    // its request was over is no such stream.
    for (let fruitless = 0; fruitless < 5;) {
      const began = Date.now();
      let isNew = false;
      try {
        for await (const { id, change, raw } of stream(operation, params, { lastEventId: last, signal })) {
          const same = JSON.stringify(raw);
          if (same === before && (id === null || id === last)) continue;
          before = same;
          const next = accept(from, id, change, turn, raw);
          if (next && next !== turn) {
            turn = next;
            attach(from, turn, controller);
          }
          if (id !== null) last = id;
          isNew = true;
        }
      } catch (fault) {
        if (signal.aborted) return;
        // A broken connection is made again. A task that has ended meanwhile has no stream any more (section 3.1.6).
        const isBroken = fault instanceof TypeError && turn?.task;
        const read = operation === 'subscribe' && !isBroken ? event(await call('get', { id: turn.task.id })) : null;
        if (ENDED.includes(read?.task?.status.state)) take(turn, null, read);
        else if (!isBroken) throw fault;
      }
      if (signal.aborted || !turn?.task) return;
      const { state } = turn.task.status;
      if (ENDED.includes(state) || (operation === 'stream' && state === 'input-required')) return;
      // The time of a request is limited: the task goes on, and so does its stream.
      [operation, params] = ['subscribe', { id: turn.task.id }];
      fruitless = isNew || Date.now() - began > 10000 ? 0 : fruitless + 1;
      await new Promise(done => setTimeout(done, 500 * (fruitless + 1)));
    }
    if (signal.aborted || ASKING.includes(turn.task.status.state)) return;
    throw new Error('The stream ended five times without news. Resume it to go on.');
  } finally {
    detach(from, turn, controller);
    render();
  }
}

// Another one may have begun to follow the task meanwhile.
function detach({ follows }, turn, controller) {
  if (follows.get(turn) === controller) follows.delete(turn);
}

function attach({ follows }, turn, controller) {
  follows.get(turn)?.abort();
  follows.set(turn, controller);
}

// Takes an event to the turn of its task, which may be a new one.
function accept(from, id, change, turn, raw) {
  const { turns } = from;
  if (change.contextId) from.contextId = change.contextId;
  if (change.kind === 'message') {
    turns.push({ message: change.message });
    render();
    return turn;
  }
  if (change.kind === 'unknown') throw new Error(`The agent sent something unknown: ${JSON.stringify(raw).slice(0, 200)}`);
  const known = turns.find(each => each.task?.id === change.taskId);
  if (!known) {
    // The history of the task has the message that began it.
    if (turns.at(-1)?.message?.role === 'user' && change.task?.history.length) turns.pop();
    turn = { task: { id: change.taskId, seq: 0, status: {}, history: [], artifacts: [] }, events: [] };
    turns.push(turn);
    from.tasks.push(change.taskId);
  } else {
    turn = known;
  }
  remember(from);
  take(turn, id, change, raw);
  return turn;
}

function take(turn, id, change, raw) {
  turn.task = fold(turn.task, id, change);
  if (raw) turn.events.push({ id, kind: change.kind, raw });
  render();
}

// After a reload of the page: the tasks as they are, and the newest one's stream if it goes on.
async function reload(from) {
  from.isRead = true;
  try {
    const lost = [];
    const shown = from.turns.map(turn => turn.task?.id);
    for (const id of from.tasks.slice(-20).filter(id => !shown.includes(id))) {
      const read = await taskOrNull(id);
      if (from.left.signal.aborted) return;
      if (read) from.turns.push({ task: { ...read, seq: 0 }, events: [] });
      else lost.push(id);
      render();
    }
    if (lost.length > 0) {
      from.tasks = from.tasks.filter(id => !lost.includes(id));
      remember(from);
      const [what, exists] = lost.length === 1 ? ['One task', 'exists'] : [`${lost.length} tasks`, 'exist'];
      report(from, `${what} of this conversation no longer ${exists}.`);
    }
    const current = open(from);
    if (current) await follow(from, current, {});
  } catch (fault) {
    from.isRead = from.turns.length > 0;
    report(from, fault);
  }
}

// Null for a task that the agent has no longer: it expired, or the host keeps tasks in memory and was restarted.
async function taskOrNull(id) {
  try {
    return taskOf(await call('get', { id }));
  } catch (fault) {
    if (fault.isTaskNotFound) return null;
    throw fault;
  }
}
