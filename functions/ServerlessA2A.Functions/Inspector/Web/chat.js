// A conversation: sends messages, follows their tasks, answers questions, steers and cancels.

import { attachments } from './attachments.js';
import { call, stream } from './client.js';
import { restore, settings, store } from './connection.js';
import { failure, h, replace } from './dom.js';
import { messageView, taskView } from './turns.js';
import { ASKING, ENDED, event, fold, task as taskOf } from './wire.js';

const KEY = 'a2a-inspector-chat';

// What outlives a reload of the page: the ids. The agent has the rest.
const remembered = { contextId: null, tasks: [], ...restore(KEY) };

// The turns of the conversation: { task, events } or { message }.
let turns = [];
const follows = new Map();
let render = () => {};

export function showChat(place, signal) {
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
      const current = open();
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
    replace(error);
    try {
      const parts = [...(words.value ? [{ text: words.value }] : []), ...attached.parts()];
      if (parts.length === 0) throw new Error('A message needs a text, a file or data.');
      const sent = say(parts, { streaming: streams.checked, apart: apart.checked });
      words.value = '';
      attached.clear();
      words.focus();
      await sent;
    } catch (fault) {
      replace(error, failure(fault));
    }
  };

  function restart() {
    for (const controller of follows.values()) controller.abort();
    follows.clear();
    turns = [];
    Object.assign(remembered, { contextId: null, tasks: [] });
    store(KEY, remembered);
    views.clear();
    replace(log);
    replace(error);
    render();
    words.focus();
  }

  const report = fault => replace(error, failure(fault));
  async function cancel(turn) {
    try {
      const canceled = event(await call('cancel', { id: turn.task.id }));
      // A stream tells of it too, and of what came before.
      if (!follows.has(turn)) take(turn, null, canceled);
    } catch (fault) {
      report(fault);
    }
  }

  function resume(turn, after) {
    follow(turn, { lastEventId: after }).catch(report);
  }

  render();
  if (turns.length === 0 && remembered.tasks.length > 0) reload().catch(report);
}

// The newest task, while it has not ended.
const open = () => turns.findLast(turn => turn.task && !ENDED.includes(turn.task.status.state));

async function say(parts, { streaming, apart }) {
  const current = apart ? null : open();
  const isSteering = current && !ASKING.includes(current.task.status.state);
  const made = { messageId: crypto.randomUUID(), role: 'ROLE_USER', parts };
  if (remembered.contextId) made.contextId = remembered.contextId;
  if (current) made.taskId = current.task.id;
  if (!current) turns.push({ message: { role: 'user', parts } });
  render();
  if (streaming && !isSteering) {
    await follow(current, { message: made });
    return;
  }
  // A running task has its stream already, or gets one: the answer is not waited for.
  const configuration = settings.version === '1.0' ? { returnImmediately: Boolean(isSteering) } : { blocking: !isSteering };
  const isFollowed = follows.has(current);
  const answer = event(await call('send', { message: made, configuration }));
  if (isFollowed && answer.task) {
    // The stream is ahead of this answer, or soon will be: only the history is new.
    current.task = { ...current.task, history: answer.task.history };
    render();
    return;
  }
  const turn = accept(null, answer, current);
  if (turn?.task && !ENDED.includes(turn.task.status.state) && !follows.has(turn)) await follow(turn, {});
}

// Follows a task until it rests: the stream of a send, or a subscription, and again where a stream ends early.
async function follow(turn, { message, lastEventId }) {
  let [operation, params] = message ? ['stream', { message }] : ['subscribe', { id: turn.task.id }];
  const controller = new AbortController();
  if (turn) begin(turn, controller);
  if (lastEventId !== undefined) turn?.events.push({ note: `Resumed with Last-Event-ID: ${lastEventId}` });
  let [last, before] = [lastEventId, ''];
  // A stream that ends at once and brings nothing new, again and again, is not followed for ever.
  for (let fruitless = 0; fruitless < 5; fruitless++) {
    try {
      for await (const { id, change, raw } of stream(operation, params, { lastEventId: last, signal: controller.signal })) {
        const same = JSON.stringify(raw);
        if (same === before && (id === null || id === last)) continue;
        before = same;
        const next = accept(id, change, turn, raw);
        if (next && next !== turn) {
          turn = next;
          begin(turn, controller);
        }
        if (id !== null) last = id;
        fruitless = 0;
      }
    } catch (fault) {
      if (controller.signal.aborted) return;
      // A broken connection is made again. A task that has ended meanwhile has no stream any more (section 3.1.6).
      const isBroken = fault instanceof TypeError && turn?.task;
      const read = operation === 'subscribe' && !isBroken ? event(await call('get', { id: turn.task.id })) : null;
      if (ENDED.includes(read?.task?.status.state)) take(turn, null, read);
      else if (!isBroken) {
        end(turn, controller);
        throw fault;
      }
    }
    if (controller.signal.aborted || !turn?.task) break;
    const { state } = turn.task.status;
    if (ENDED.includes(state) || (operation === 'stream' && state === 'input-required')) break;
    // The time of a request is limited: the task goes on, and so does its stream.
    [operation, params] = ['subscribe', { id: turn.task.id }];
    await new Promise(done => setTimeout(done, 500 * (fruitless + 1)));
  }
  end(turn, controller);
  render();
}

// Another one may have begun to follow the task meanwhile.
function end(turn, controller) {
  if (follows.get(turn) === controller) follows.delete(turn);
}

function begin(turn, controller) {
  follows.get(turn)?.abort();
  follows.set(turn, controller);
}

// Takes an event to the turn of its task, which may be a new one.
function accept(id, change, turn, raw) {
  if (change.contextId) remembered.contextId = change.contextId;
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
    remembered.tasks.push(change.taskId);
  } else {
    turn = known;
  }
  store(KEY, remembered);
  take(turn, id, change, raw);
  return turn;
}

function take(turn, id, change, raw) {
  turn.task = fold(turn.task, id, change);
  if (raw) turn.events.push({ id, kind: change.kind, raw });
  render();
}

// After a reload of the page: the tasks as they are, and the newest one's stream if it goes on.
async function reload() {
  for (const id of remembered.tasks.slice(-20)) {
    const read = taskOf(await call('get', { id }));
    turns.push({ task: { ...read, seq: 0 }, events: [] });
    render();
  }
  const current = open();
  if (current) await follow(current, {});
}
