// Builds elements. Everything that an agent sends becomes a text node, never markup.

const FIRST = 20000;
const NEXT = 100000;

// h('a', { href: '#x', onclick: f }, 'text', element, null)
export function h(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'value') element.value = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...nodes(children));
  return element;
}

export const replace = (element, ...children) => element.replaceChildren(...nodes(children));

const nodes = children => children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false);

// Of a long text the beginning, and more when it is asked for: megabytes in one element stop a browser.
export function text(value, className = 'text') {
  const all = String(value ?? '');
  let shown = FIRST;
  const element = h('div', { class: className }, all.slice(0, shown));
  if (shown >= all.length) return element;
  const label = () => `Show more: ${(all.length - shown).toLocaleString('en')} of ${all.length.toLocaleString('en')} characters are left`;
  const more = h('button', {
    type: 'button', class: 'more', onclick: () => {
      more.before(all.slice(shown, shown + NEXT));
      shown += NEXT;
      if (shown < all.length) more.textContent = label();
      else more.remove();
    },
  }, label());
  element.append(more);
  return element;
}

// JSON, laid out; text that is none as it is.
export function json(value) {
  let pretty = value;
  try {
    pretty = JSON.stringify(typeof value === 'string' ? JSON.parse(value) : value, null, 2);
  } catch { /* Not JSON. */ }
  const element = text(pretty, 'json');
  element.tabIndex = 0;
  return element;
}

// A link to where a card or a part points, if that is the web; anything else, such as javascript:, stays text.
export function link(address) {
  const value = String(address ?? '');
  return /^https?:\/\//i.test(value)
    ? h('a', { href: value, target: '_blank', rel: 'noopener noreferrer', class: 'wrap' }, value)
    : h('span', { class: 'wrap' }, value);
}

// The control's name is the label alone, without the options of a select and without the hint.
export function field(label, control, hint) {
  control.setAttribute('aria-label', label);
  return h('label', { class: 'field' }, h('span', null, label), control, hint ? h('small', null, hint) : null);
}

export const select = (attributes, options, value) =>
  h('select', attributes, options.map(option => {
    const [key, label] = Array.isArray(option) ? option : [option, option];
    return h('option', { value: key, selected: key === value }, label);
  }));

export function download(name, blob) {
  const address = URL.createObjectURL(blob);
  h('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

export async function copy(value, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(value);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed here';
  }
  setTimeout(() => { button.textContent = before; }, 1500);
}

// Tabs by the pattern of WAI-ARIA: arrow keys move between them. pages: [label, signal => element]; the signal is aborted when another page
// takes its place.
export function tabs(label, pages, chosen = 0) {
  const panel = h('div', { class: 'panel', role: 'tabpanel' });
  let leave = null;
  const buttons = pages.map(([name], i) => h('button', {
    type: 'button', role: 'tab', onclick: () => choose(i), onkeydown: event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (i + step + pages.length) % pages.length;
      choose(next);
      buttons[next].focus();
    },
  }, name));
  function choose(i) {
    buttons.forEach((button, j) => {
      button.setAttribute('aria-selected', i === j);
      button.tabIndex = i === j ? 0 : -1;
    });
    leave?.abort();
    leave = new AbortController();
    replace(panel, pages[i][1](leave.signal));
  }
  choose(chosen);
  return h('div', { class: 'tabs' }, h('div', { role: 'tablist', 'aria-label': label }, buttons), panel);
}

export const badge = state => h('span', { class: `badge ${String(state).replace(/[^a-z-]/g, '')}` }, state || 'unknown');

export const failure = error => h('p', { class: 'failure', role: 'alert' }, text(error.message ?? error));

export const time = value => {
  const moment = new Date(value);
  if (!value || Number.isNaN(moment.getTime())) return '';
  return moment.toLocaleString('sv', { hour12: false }) + '.' + String(moment.getMilliseconds()).padStart(3, '0');
};

// The size of what base64 stands for.
export const decodedSize = base64 => Math.floor(String(base64 ?? '').replace(/=+$/, '').length * 3 / 4);

export const bytes = count =>
  count < 1024 ? `${count} B` : count < 1048576 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 1048576).toFixed(1)} MiB`;
