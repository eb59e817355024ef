// What the scenarios say about tasks and streams of them.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** What the offline agent answers (functions/ServerlessA2A/Agents/OfflineAgent.cs). */
export const answerTo = (text) => `This is the offline agent, no model is configured. You sent "${text}".`;

export const textOf = (artifact) => artifact?.parts.map((part) => part.text).join('') ?? '';

export function assertCompleted(task, text) {
  assert.equal(task.status.state, 'COMPLETED');
  assert.equal(task.artifacts.length, 1);
  assert.equal(textOf(task.artifacts[0]), answerTo(text));
}

/** Reads the task again and again until it is as wanted. The row's time limit ends it otherwise. */
export async function poll(client, id, isWanted) {
  for (;;) {
    const task = await client.get(id);
    if (isWanted(task)) return task;
    await pause(20);
  }
}

export async function all(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** Reads a stream until enough has come, and drops it then as a connection that breaks. */
export async function until(open, isEnough) {
  const connection = new AbortController();
  const events = [];
  for await (const event of open(connection.signal)) {
    events.push(event);
    if (isEnough(events)) break;
  }
  connection.abort();
  return events;
}

export const statesOf = (events) => events.filter((event) => event.kind !== 'artifact').map((event) => (event.task ?? event).status.state);
export const chunksOf = (events) => events.filter((event) => event.kind === 'artifact');

/** The task as a client has it that has read the events: put together by the rules of artifact updates. */
export function putTogether(events) {
  let task;
  for (const event of events) {
    if (event.kind === 'task') task = structuredClone(event.task);
    else if (event.kind === 'status') task.status = event.status;
    else {
      const known = task.artifacts.find((each) => each.artifactId === event.artifact.artifactId);
      if (!event.append) task.artifacts = [...task.artifacts.filter((each) => each !== known), structuredClone(event.artifact)];
      else {
        assert.ok(known, `an append to artifact ${event.artifact.artifactId}, which was not begun`);
        known.parts.push(...event.artifact.parts);
      }
    }
  }
  return task;
}

/** Each event is about the task, and each id, where there are ids, is greater than the one before. */
export function assertWellFormed(events, ids, taskId) {
  for (const event of events) assert.equal(event.kind === 'task' ? event.task.id : event.taskId, taskId);
  if (!ids) return;
  assert.equal(ids.length, events.length, 'each event has an id');
  for (let i = 1; i < ids.length; i++) assert.ok(Number(ids[i]) > Number(ids[i - 1]), `ids go up: ${ids}`);
}

/** 0.3 says which event is the last one. The compatibility client of the 1.0 SDK reads no such member. */
export function assertFinal(events) {
  const flags = events.map((event) => event.final).filter((flag) => flag !== undefined);
  assert.deepEqual(flags, flags.map((_, i) => i === flags.length - 1));
}

/** The call fails with the SDK's typed error of one of the names. */
export async function assertError(errorName, names, call) {
  const thrown = await call().then((value) => assert.fail(`no error, but ${JSON.stringify(value)}`), (error) => error);
  assert.ok([names].flat().includes(errorName(thrown)), `the error is ${errorName(thrown)}, not ${names}`);
}
