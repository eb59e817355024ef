import assert from 'node:assert/strict';
import { assertError } from '../lib/tasks.mjs';

export default {
  async 'card'({ client, baseUrl, binding }) {
    const card = await client.card();
    assert.equal(card.name, 'ServerlessA2A');
    assert.equal(card.version, '1.0.0');
    assert.deepEqual(card.skills, ['chat']);
    assert.equal(card.streaming, true);
    assert.equal(card.pushNotifications, true);
    assert.equal(card.protocolVersion, client.version);
    assert.equal(card.transport, binding === 'jsonrpc' ? 'JSONRPC' : binding.toUpperCase());
    if (binding === 'grpc') assert.match(card.address, /^localhost:\d+$/);
    else assert.equal(new URL(card.address).href, new URL(baseUrl).href);
  },

  async 'extended-card'({ client, errorName }) {
    // 1.0, section 3.3.4: what the card does not declare is an unsupported operation. 0.3 leaves it open.
    const names = client.version === '1.0' ? 'UnsupportedOperation' : ['UnsupportedOperation', 'ExtendedAgentCardNotConfigured'];
    await assertError(errorName, names, () => client.extendedCard());
  },
};
