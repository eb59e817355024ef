import assert from 'node:assert/strict';
import { assertError } from '../lib/tasks.mjs';

// On this machine, which needs no network; nobody listens there.
const url = 'https://127.0.0.1:9/webhook';

export default {
  async 'push-configs'({ client, errorName }) {
    const { id: taskId } = await client.send({ text: 'hello' });
    const one = { taskId, id: 'one', url, token: 'secret', scheme: 'Bearer', credentials: 'abc' };
    const two = { taskId, id: 'two', url: `${url}?n=2`, token: 'other' };
    assert.deepEqual(await client.createPush(one), one);
    await client.createPush(two);
    assert.deepEqual(await client.getPush(taskId, 'one'), one);
    assert.deepEqual((await client.listPush(taskId)).map((config) => [config.taskId, config.id, config.url]), [[taskId, 'one', url], [taskId, 'two', two.url]]);

    await client.createPush({ ...one, token: 'changed' });
    assert.equal((await client.getPush(taskId, 'one')).token, 'changed');

    await client.deletePush(taskId, 'one');
    await client.deletePush(taskId, 'one');
    assert.deepEqual((await client.listPush(taskId)).map((config) => config.id), ['two']);
    await assertError(errorName, 'TaskNotFound', () => client.getPush(taskId, 'one'));
    await assertError(errorName, 'TaskNotFound', () => client.createPush({ ...one, taskId: crypto.randomUUID() }));
  },

  async 'push-config-in-send'({ client }) {
    // The task waits for an answer that does not come: nothing is delivered.
    const { id: taskId } = await client.send({ text: 'ask me', push: { id: 'mine', url, token: 'secret', scheme: 'Bearer', credentials: 'abc' } });
    assert.deepEqual(await client.listPush(taskId), [{ taskId, id: 'mine', url, token: 'secret', scheme: 'Bearer', credentials: 'abc' }]);
  },
};
