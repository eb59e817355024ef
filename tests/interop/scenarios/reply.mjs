import assert from 'node:assert/strict';
import { all, poll } from '../lib/tasks.mjs';

function assertMessage({ kind, taskId, contextId, message }, text) {
  assert.equal(kind, 'message');
  assert.ok(!taskId && contextId, `task ${taskId}, context ${contextId}`);
  assert.ok(message.messageId);
  assert.deepEqual({ role: message.role, parts: message.parts }, { role: 'agent', parts: [{ text }] });
}

export default {
  async 'direct-message'({ client }) {
    const what = { text: 'reply hello', messageId: crypto.randomUUID() };
    const answer = await client.send(what);
    assertMessage(answer, 'hello');
    assert.deepEqual(await client.send(what), answer);
  },

  async 'direct-message-stream'({ client, wire }) {
    const events = await all(client.stream({ text: 'reply hello' }));
    assert.equal(events.length, 1);
    assertMessage(events[0], 'hello');
    assert.equal(wire.eventIds?.length ?? 1, 1);
  },

  async 'direct-message-polled'({ client }) {
    const sent = await client.send({ text: 'reply hello', returnImmediately: true });
    const task = await poll(client, sent.id, (each) => each.status.state === 'COMPLETED');
    assert.deepEqual(task.status.message.parts, [{ text: 'hello' }]);
  },

  async 'task-of-a-replying-agent'({ client }) {
    const events = await all(client.stream({ text: 'a task' }));
    assert.deepEqual(events.map((event) => event.kind), ['task', 'status', 'artifact', 'status']);
  },
};
