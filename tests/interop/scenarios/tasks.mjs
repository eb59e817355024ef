import assert from 'node:assert/strict';
import { all, answerTo, assertCompleted, assertFinal, chunksOf, poll, statesOf, textOf } from '../lib/tasks.mjs';

const question = 'This is the offline agent. What should it repeat?';

export default {
  async 'input-required'({ client }) {
    const asked = await client.send({ text: 'ask me' });
    assert.equal(asked.status.state, 'INPUT_REQUIRED');
    assert.equal(asked.status.message.role, 'agent');
    assert.deepEqual(asked.status.message.parts, [{ text: question }]);
    const answered = await client.send({ text: 'hello again', taskId: asked.id, contextId: asked.contextId });
    assert.equal(answered.id, asked.id);
    assertCompleted(answered, 'hello again');
    const { history } = await client.get(asked.id);
    assert.deepEqual(history.map((message) => [message.role, message.parts[0].text]), [['user', 'ask me'], ['agent', question], ['user', 'hello again']]);
  },

  async 'input-required-stream'({ client }) {
    const first = await all(client.stream({ text: 'ask me' }));
    assert.deepEqual(statesOf(first), ['SUBMITTED', 'WORKING', 'INPUT_REQUIRED']);
    assertFinal(first);
    const { id } = first[0].task;
    // The context follows from the task.
    const second = await all(client.stream({ text: 'hello again', taskId: id }));
    assert.equal(second[0].task.id, id);
    assert.deepEqual(statesOf(second).slice(-2), ['WORKING', 'COMPLETED']);
    assertFinal(second);
    assert.equal(chunksOf(second).map((chunk) => textOf(chunk.artifact)).join(''), answerTo('hello again'));
  },

  async 'message-to-working'({ client }) {
    const { id } = await client.send({ text: 'slow steer', returnImmediately: true });
    await poll(client, id, (task) => task.status.state === 'WORKING');
    const task = await client.send({ text: 'and more', taskId: id });
    assert.equal(task.id, id);
    assert.equal(task.status.state, 'COMPLETED');
    assert.deepEqual(task.artifacts.map(textOf), [answerTo('slow steer'), answerTo('and more')]);
    assert.deepEqual(task.history.map((message) => message.parts[0].text), ['slow steer', 'and more']);
  },

  async 'history-length'({ client }) {
    const asked = await client.send({ text: 'ask me' });
    const answered = await client.send({ text: 'hello', taskId: asked.id, historyLength: 1 });
    assert.deepEqual(answered.history.map((message) => message.parts[0].text), ['hello']);
    assert.equal((await client.get(asked.id)).history.length, 3);
    assert.deepEqual((await client.get(asked.id, { historyLength: 2 })).history.map((message) => message.parts[0].text), [question, 'hello']);
    assert.equal((await client.get(asked.id, { historyLength: 0 })).history.length, 0);
    assert.equal((await client.get(asked.id, { historyLength: 50 })).history.length, 3);
  },

  async 'list'({ client }) {
    const contextId = crypto.randomUUID();
    const made = [];
    for (const text of ['one', 'two', 'ask three']) made.push((await client.send({ text, contextId })).id);
    const first = await client.list({ contextId, pageSize: 2 });
    assert.deepEqual([first.tasks.length, first.pageSize, first.totalSize], [2, 2, 3]);
    const second = await client.list({ contextId, pageSize: 2, pageToken: first.nextPageToken });
    assert.equal(second.nextPageToken, '');
    const tasks = [...first.tasks, ...second.tasks];
    assert.deepEqual(tasks.map((task) => task.id).sort(), made.sort());
    const times = tasks.map((task) => task.status.timestamp);
    assert.deepEqual(times, times.toSorted().reverse(), 'the newest status first');
    assert.ok(tasks.every((task) => task.artifacts.length === 0));

    const completed = await client.list({ contextId, state: 'COMPLETED', includeArtifacts: true, historyLength: 0 });
    assert.deepEqual(completed.tasks.map((task) => textOf(task.artifacts[0])).sort(), [answerTo('one'), answerTo('two')]);
    assert.ok(completed.tasks.every((task) => task.history.length === 0));
    const since = await client.list({ contextId, statusTimestampAfter: times[0] });
    assert.ok(since.tasks.some((task) => task.id === tasks[0].id), 'the time is inclusive');
    assert.equal((await client.list({ contextId: crypto.randomUUID() })).tasks.length, 0);
  },

  async 'cancel'({ client }) {
    const events = [];
    let canceled;
    for await (const event of client.stream({ text: 'slow cancel' })) {
      events.push(event);
      if (chunksOf(events).length === 1 && !canceled) canceled = await client.cancel(events[0].task.id);
    }
    assert.equal(canceled.status.state, 'CANCELED');
    assert.deepEqual(statesOf(events), ['SUBMITTED', 'WORKING', 'CANCELED']);
    assert.equal(events.at(-1).kind, 'status');
    const task = await client.get(canceled.id);
    assert.equal(task.status.state, 'CANCELED');
    assert.notEqual(textOf(task.artifacts[0]), answerTo('slow cancel'));
  },
};
