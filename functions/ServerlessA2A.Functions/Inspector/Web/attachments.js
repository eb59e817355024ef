// Files, addresses of files, and data that go with a message.

import { bytes, h, replace } from './dom.js';

export function attachments() {
  let parts = [];
  const list = h('ul', { class: 'attachments', 'aria-label': 'Attachments' });
  const data = h('textarea', { rows: 4, class: 'code', 'aria-label': 'Data (JSON)', placeholder: '{"any": "JSON"}', spellcheck: 'false' });
  const dataBox = h('div', { class: 'data', hidden: true }, data);
  const input = h('input', { type: 'file', multiple: true, id: 'file', class: 'hidden', tabindex: '-1', 'aria-hidden': 'true' });
  input.onchange = async () => {
    for (const file of input.files) {
      parts.push({ raw: await base64(file), filename: file.name, mediaType: file.type || 'application/octet-stream', size: file.size });
    }
    input.value = '';
    show();
  };

  const show = () => replace(list, parts.map((part, i) => h('li', null, h('span', null, `${part.filename} (${bytes(part.size)})`), h('button', {
    type: 'button', 'aria-label': `Remove ${part.filename}`, onclick: () => {
      parts.splice(i, 1);
      show();
    },
  }, '×'))));

  return {
    element: h('div', null, list, dataBox),
    buttons: [
      h('button', { type: 'button', onclick: () => input.click() }, 'Attach file'), input,
      h('button', {
        type: 'button', onclick: () => {
          dataBox.hidden = !dataBox.hidden;
          if (!dataBox.hidden) data.focus();
        },
      }, 'Add data'),
    ],
    parts() {
      const files = parts.map(({ size: _, ...part }) => part);
      if (dataBox.hidden || !data.value.trim()) return files;
      try {
        return [...files, { data: JSON.parse(data.value) }];
      } catch (error) {
        throw new Error(`The data is not JSON: ${error.message}`);
      }
    },
    clear() {
      parts = [];
      data.value = '';
      dataBox.hidden = true;
      show();
    },
  };
}

function base64(file) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}
