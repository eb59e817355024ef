import assert from 'node:assert/strict';
import { all, assertCompleted, chunksOf, poll, textOf, answerTo } from '../lib/tasks.mjs';

/** What the offline agent answers beside its text (functions/ServerlessA2A/Agents/OfflineAgent.cs). */
const answeredMetadata = { language: 'en' };
const answeredData = { model: null, numbers: [1, 2.5, -3], nested: { offline: true } };

/** The artifact of an answer in all the ways that a client gets it. */
async function artifactsOf(client, text) {
  const sent = await client.send({ text });
  const read = await client.get(sent.id);
  const [chunk] = chunksOf(await all(client.stream({ text })));
  return [sent.artifacts[0], read.artifacts[0], chunk.artifact];
}

export default {
  async 'send-and-poll'({ client }) {
    const sent = await client.send({ text: 'slow poll', returnImmediately: true });
    assert.ok(['SUBMITTED', 'WORKING'].includes(sent.status.state), sent.status.state);
    assert.ok(sent.id && sent.contextId);
    const task = await poll(client, sent.id, (each) => each.status.state !== 'SUBMITTED' && each.status.state !== 'WORKING');
    assertCompleted(task, 'slow poll');
    assert.equal(task.contextId, sent.contextId);
    assert.match(task.status.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  },

  async 'blocking-send'({ client }) {
    const task = await client.send({ text: 'hello', messageId: 'my-own-id' });
    assertCompleted(task, 'hello');
    assert.deepEqual(task.history, [{ messageId: 'my-own-id', role: 'user', parts: [{ text: 'hello' }] }]);
  },

  async 'send-repeated'({ client }) {
    const message = { text: 'once', messageId: crypto.randomUUID() };
    const [first, second] = [await client.send(message), await client.send(message)];
    assertCompleted(second, 'once');
    assert.equal(second.id, first.id);
  },

  async 'same-context'({ client }) {
    const first = await client.send({ text: 'one' });
    const second = await client.send({ text: 'two', contextId: first.contextId });
    assertCompleted(second, 'two');
    assert.equal(second.contextId, first.contextId);
    assert.notEqual(second.id, first.id);
  },

  async 'parts'({ client }) {
    const parts = [
      { text: 'Grüße 👋', metadata: { language: 'de' } },
      { data: { list: [1, 2.5, -3, true, null], nested: { text: 'ü' } } },
      { bytes: 'AAECAwT/', mediaType: 'text/plain', filename: 'a.txt' },
      { url: 'https://example.com/b.txt', mediaType: 'text/plain', filename: 'b.txt' },
    ];
    const sent = await client.send({ parts });
    // What the SDK does not send can't come back.
    const expected = parts.map((part) => Object.fromEntries(Object.entries(part).filter(([name]) => !client.unsent.includes(name))));
    assert.deepEqual(sent.history[0].parts, expected);
    const read = await client.get(sent.id);
    assert.deepEqual(read.history[0].parts, expected);
    assert.equal(textOf(read.artifacts[0]), answerTo('Grüße 👋'));
  },

  async 'data-part'({ client }) {
    for (const artifact of await artifactsOf(client, 'data please')) assert.deepEqual(artifact.parts[1], { data: answeredData });
  },

  async 'text-with-metadata'({ client }) {
    const expected = { text: answerTo('data please'), ...(client.unsent.includes('metadata') ? {} : { metadata: answeredMetadata }) };
    for (const artifact of await artifactsOf(client, 'data please')) assert.deepEqual(artifact.parts[0], expected);
  },

  async 'accepted-output-modes'({ client }) {
    // The first is what older versions of the protocol taught, and what the official command-line client sends.
    for (const acceptedOutputModes of [['text'], ['text/plain']]) assertCompleted(await client.send({ text: 'hello', acceptedOutputModes }), 'hello');
  },

  async 'tenant'({ client }) {
    const sent = await client.send({ text: 'hello', tenant: 'acme' });
    assertCompleted(sent, 'hello');
    assertCompleted(await client.get(sent.id, { tenant: 'acme' }), 'hello');
    const working = await client.send({ text: 'slow tenant', tenant: 'acme', returnImmediately: true });
    assert.equal((await client.cancel(working.id, { tenant: 'acme' })).status.state, 'CANCELED');
  },
};
