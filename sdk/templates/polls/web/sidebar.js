// SPDX-License-Identifier: Apache-2.0
//
// Beside a document: its polls, to be voted on in place, and a field for the next one.
import { failure, h, polls, showPoll } from './parts.js';

export function mount(element, host) {
  const { t } = host;
  const document = host.context.document.id;
  const list = h('div', { class: 'cl-stack' });
  let stops = [];
  let over = false;
  const clear = () => {
    stops.forEach((stop) => stop());
    stops = [];
  };
  const draw = async () => {
    try {
      const found = await polls(host, document);
      if (over) return;
      clear();
      list.replaceChildren(
        ...(found.length === 0
          ? [h('p', { class: 'cl-muted' }, t('none'))]
          : found.map((poll) => {
              const card = h('section', { class: 'cl-card' });
              stops.push(showPoll(card, host, poll.poll, (shown) => h('h3', {}, shown.question)));
              return card;
            })),
      );
    } catch (error) {
      if (!over) list.replaceChildren(failure(host, error));
    }
  };
  const input = h('input', { class: 'cl-input', id: 'polls-beside', required: true, maxlength: 500 });
  const form = h(
    'form',
    {
      class: 'cl-stack',
      onsubmit: async (event) => {
        event.preventDefault();
        await host.busy(host.api('POST', '/polls', { question: input.value, document }));
        input.value = '';
        await draw();
      },
    },
    h('div', { class: 'cl-field' }, h('label', { for: 'polls-beside' }, t('new')), input),
    h('div', {}, h('button', { class: 'cl-button' }, t('create'))),
  );
  element.replaceChildren(h('div', { class: 'cl-stack' }, list, form));
  void draw();
  return () => {
    over = true;
    clear();
  };
}
