// The card as each kind of client reads it: rendered, raw, reviewed, its signature verified.

import { api, cardAddress, interfaces, program, read } from './connection.js';
import { badge, failure, h, json, link, replace, tabs, text } from './dom.js';

const WAYS = [['', 'Any client'], ['1.0', '1.0 client'], ['0.3', '0.3 client']];

export async function showCard(place, signal) {
  const address = cardAddress();
  replace(place, h('p', { class: 'muted' }, 'Reading the card …'));
  const found = await Promise.all(WAYS.map(([version]) => readCard(address, version)));
  if (signal.aborted) return;
  const shown = program.inspected && address.origin !== location.origin ? address : new URL(address);
  replace(place,
    h('p', { class: 'muted wrap' }, 'GET ', shown.href),
    tabs('Card by the version of the client', WAYS.map(([version, label], i) => [label, () => panel(found[i], version)])));
}

async function readCard(address, version) {
  try {
    const response = await read(address, version);
    const card = await response.text();
    if (!response.ok) return { error: `${response.status} ${card}` };
    const headers = {};
    for (const name of ['content-type', 'etag', 'cache-control'])
      headers[name] = response.headers.get('inspected-' + name) ?? response.headers.get(name) ?? '';
    const from = response.headers.get('inspected-address') ?? address.href;
    const review = await api('api/card', {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ card, version, address: from, headers, keys: await readKeys(card, new URL(from)) }),
    });
    return { card, headers, review: await review.json() };
  } catch (error) {
    return { error };
  }
}

// The keys beside the card. Not those of the card's own jku: whoever changes a card can change that too.
async function readKeys(card, address) {
  if (!card.includes('"signatures"')) return undefined;
  try {
    const response = await read(new URL('jwks.json', address));
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

function panel({ error, card, headers, review }) {
  if (error) return failure(error);
  let value = null;
  try {
    value = JSON.parse(card);
  } catch { /* The review says so. */ }
  return h('div', { class: 'columns' },
    h('section', { class: 'wide' },
      value && typeof value === 'object' ? rendered(value) : null,
      h('details', null, h('summary', null, 'Raw'), json(card)),
      h('details', null, h('summary', null, 'Response headers'), json(headers))),
    h('section', { 'aria-label': 'Review' }, h('h2', null, 'Review'), verdict(review), signature(review), findings(review)));
}

function verdict({ versions, findings: found }) {
  return h('ul', { class: 'verdicts' }, versions.map(version => {
    const errors = found.filter(each => each.severity === 'error' && (each.version === version || each.version === '')).length;
    return h('li', { class: errors ? 'bad' : 'good' },
      errors ? `Not valid for ${version}: ${errors} ${errors === 1 ? 'error' : 'errors'}` : `Valid for ${version}`);
  }));
}

function signature({ signature: found }) {
  if (!found) return h('p', { class: 'muted' }, 'Not signed.');
  return found.isVerified
    ? h('p', { class: 'good' }, 'Signature verified with the key ', h('code', null, found.keyId), ' of jwks.json beside the card.')
    : h('div', { class: 'bad' }, 'Signature not verified. ', text(found.reason));
}

function findings({ findings: found }) {
  if (found.length === 0) return h('p', { class: 'muted' }, 'Nothing else to say.');
  return h('ul', { class: 'findings' }, found.map(({ severity, version, path, text: said }) => h('li', { class: severity },
    h('span', { class: 'badge ' + severity }, severity), version ? h('span', { class: 'muted' }, ` ${version}`) : null,
    h('div', null, h('code', { class: 'wrap' }, path || 'The card'), ' ', said))));
}

function rendered(card) {
  const skills = Array.isArray(card.skills) ? card.skills : [];
  const capabilities = Object.entries(card.capabilities ?? {}).filter(([, value]) => value === true).map(([name]) => name);
  return h('article', { class: 'card' },
    h('h2', null, text(card.name, 'title')),
    h('p', { class: 'muted' }, 'Version ', short(card.version), card.provider ? [', by ', short(card.provider.organization)] : null),
    text(card.description),
    h('dl', null,
      row('Interfaces', h('ul', { class: 'plain' }, interfaces(card).map(each => h('li', null,
        h('span', { class: 'badge' }, short(each.binding), ' ', short(each.version)), ' ', link(each.url))))),
      row('Capabilities', capabilities.length ? capabilities.map(name => [badge(name), ' ']) : 'none'),
      row('Input', modes(card.defaultInputModes)), row('Output', modes(card.defaultOutputModes)),
      row('Credentials', credentials(card)),
      card.documentationUrl ? row('Documentation', link(card.documentationUrl)) : null),
    h('h3', null, `Skills (${skills.length})`),
    h('ul', { class: 'skills' }, skills.map(skill => h('li', null,
      h('strong', null, text(skill?.name, 'title')), ' ', h('code', { class: 'wrap' }, short(skill?.id)),
      text(skill?.description),
      h('p', { class: 'muted' }, (Array.isArray(skill?.tags) ? skill.tags : []).map(tag => [h('span', { class: 'tag' }, short(tag)), ' ']))))));
}

const row = (name, value) => [h('dt', null, name), h('dd', null, value)];

const modes = value => (Array.isArray(value) ? value : []).map(mode => [h('code', null, short(mode)), ' ']);

function credentials({ securitySchemes }) {
  const names = Object.keys(securitySchemes ?? {});
  return names.length ? names.map(name => [h('code', null, short(name)), ' ']) : 'none';
}

const short = value => {
  const all = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
  return all.length > 200 ? all.slice(0, 200) + '…' : all;
};
