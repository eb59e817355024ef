import assert from 'node:assert/strict';
import { all, answerTo, assertCompleted, assertFinal, assertWellFormed, chunksOf, poll, putTogether, statesOf, textOf, until } from '../lib/tasks.mjs';

/** A stream that is dropped in the middle of its work, and the number of the last event that was read. */
async function drop(client, wire, text) {
  const seen = await until((signal) => client.stream({ text }, signal), (events) => chunksOf(events).length === 3);
  const ids = wire.eventIds?.slice(0, seen.length);
  assertWellFormed(seen, ids, seen[0].task.id);
  const id = seen[0].task.id;
  // The agent goes on meanwhile.
  const inBetween = await poll(client, id, (task) => textOf(task.artifacts[0]).length > chunksOf(seen).map((each) => textOf(each.artifact)).join('').length);
  assert.equal(inBetween.status.state, 'WORKING');
  return { seen, id, lastEventId: ids?.at(-1) };
}

export default {
  async 'stream'({ client, wire }) {
    const events = await all(client.stream({ text: 'hello' }));
    const { id, contextId } = events[0].task;
    assertWellFormed(events, wire.eventIds, id);
    assert.deepEqual(events.map((event) => event.kind), ['task', 'status', 'artifact', 'status']);
    assert.deepEqual(statesOf(events), ['SUBMITTED', 'WORKING', 'COMPLETED']);
    assertFinal(events);
    for (const event of events.slice(1)) assert.equal(event.contextId, contextId);
    assertCompleted(putTogether(events), 'hello');
    assertCompleted(await client.get(id), 'hello');
  },

  async 'stream-in-chunks'({ client, wire }) {
    const events = await all(client.stream({ text: 'slow stream' }));
    assertWellFormed(events, wire.eventIds, events[0].task.id);
    assert.deepEqual(statesOf(events), ['SUBMITTED', 'WORKING', 'COMPLETED']);
    const chunks = chunksOf(events);
    assert.ok(chunks.length > 3, `${chunks.length} chunks`);
    assert.deepEqual(chunks.map((chunk) => chunk.append ?? false), chunks.map((_, i) => i > 0));
    assert.deepEqual(chunks.map((chunk) => chunk.lastChunk ?? false), chunks.map((_, i) => i === chunks.length - 1));
    assertCompleted(putTogether(events), 'slow stream');
    assertCompleted(await client.get(events[0].task.id), 'slow stream');
  },

  async 'resubscribe'({ client, wire }) {
    const { id } = await drop(client, wire, 'slow resubscribe');
    const rest = await all(client.subscribe(id));
    assertWellFormed(rest, wire.eventIds, id);
    assert.equal(rest[0].kind, 'task');
    assert.equal(rest[0].task.status.state, 'WORKING');
    assertCompleted(putTogether(rest), 'slow resubscribe');
  },

  async 'resubscribe-replay'({ client, wire }) {
    const { seen, id, lastEventId } = await drop(client, wire, 'slow replay');
    const rest = await all(client.subscribe(id, { lastEventId }));
    assertWellFormed(rest, wire.eventIds, id);
    assert.ok(Number(wire.eventIds[0]) > Number(lastEventId));
    assert.deepEqual(statesOf([...seen, ...rest]), ['SUBMITTED', 'WORKING', 'COMPLETED']);
    assertFinal([...seen, ...rest]);
    assert.equal(chunksOf([...seen, ...rest]).map((chunk) => textOf(chunk.artifact)).join(''), answerTo('slow replay'));
    assertCompleted(putTogether([...seen, ...rest]), 'slow replay');
  },

  async 'replay-after-end'({ client, wire }) {
    const whole = await all(client.stream({ text: 'hello' }));
    const ids = wire.eventIds;
    const replay = await all(client.subscribe(whole[0].task.id, { lastEventId: ids[0] }));
    assert.deepEqual(wire.eventIds, ids.slice(1));
    assert.deepEqual(replay, whole.slice(1));
  },

  async 'streams-agree'({ client, wire }) {
    const first = [];
    let second;
    for await (const event of client.stream({ text: 'slow pair' })) {
      if (first.length === 0) second = all(client.subscribe(event.task.id));
      first.push(event);
    }
    const other = await second;
    const [firstIds, otherIds] = wire.streams.map((stream) => stream.map((each) => each.id));
    assertCompleted(putTogether(first), 'slow pair');
    assertCompleted(putTogether(other), 'slow pair');
    // The second one begins with the task as it stands; from there on they are the same.
    const start = firstIds.indexOf(otherIds[1]);
    assert.ok(start > 0, `${firstIds} and ${otherIds}`);
    assert.deepEqual(otherIds.slice(1), firstIds.slice(start));
    assert.deepEqual(other.slice(1), first.slice(start));
  },
};
