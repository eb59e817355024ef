import assert from 'node:assert/strict';
import { all, assertCompleted, assertError } from '../lib/tasks.mjs';

export default {
  async 'task-not-found'({ client, errorName }) {
    const id = crypto.randomUUID();
    await assertError(errorName, 'TaskNotFound', () => client.get(id));
    await assertError(errorName, 'TaskNotFound', () => client.cancel(id));
    await assertError(errorName, 'TaskNotFound', () => client.send({ text: 'hello', taskId: id }));
    await assertError(errorName, 'TaskNotFound', () => all(client.subscribe(id)));
  },

  async 'task-not-cancelable'({ client, errorName }) {
    const { id } = await client.send({ text: 'hello' });
    await assertError(errorName, 'TaskNotCancelable', () => client.cancel(id));
  },

  async 'send-to-ended'({ client, errorName }) {
    const { id } = await client.send({ text: 'hello' });
    await assertError(errorName, 'UnsupportedOperation', () => client.send({ text: 'more', taskId: id }));
    assertCompleted(await client.get(id), 'hello');
  },

  async 'subscribe-to-ended'({ client, errorName }) {
    const { id } = await client.send({ text: 'hello' });
    if (client.version === '1.0') {
      await assertError(errorName, 'UnsupportedOperation', () => all(client.subscribe(id)));
      return;
    }
    const events = await all(client.subscribe(id));
    assert.deepEqual(events.map((event) => event.kind), ['task']);
    assertCompleted(events[0].task, 'hello');
  },

  async 'content-type'({ client, errorName }) {
    const parts = [{ text: 'look' }, { bytes: 'AAEC', mediaType: 'image/png', filename: 'a.png' }];
    await assertError(errorName, 'ContentTypeNotSupported', () => client.send({ parts }));
  },

  async 'invalid-message'({ client, errorName }) {
    await assertError(errorName, 'RequestMalformed', () => client.send({ parts: [] }));
  },

  async 'invalid-page-token'({ client, errorName }) {
    await assertError(errorName, 'RequestMalformed', () => client.list({ pageToken: 'none-of-yours' }));
  },

  async 'unsupported-version'({ client, errorName, wire }) {
    wire.headers['A2A-Version'] = '9.9';
    await assertError(errorName, 'VersionNotSupported', () => client.send({ text: 'hello' }));
  },
};
