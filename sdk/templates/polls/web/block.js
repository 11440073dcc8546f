// SPDX-License-Identifier: Apache-2.0
//
// A poll in the text of a document. The document keeps which one: {poll: 7}.
import { failure, h, polls, showPoll } from './parts.js';

export function mount(element, host) {
  const card = h('section', { class: 'cl-card' });
  element.replaceChildren(card);
  let leave = () => undefined;
  const draw = (block) => {
    leave();
    const id = block.data?.poll;
    leave = id ? showPoll(card, host, id, (poll) => h('p', { class: 'polls-question' }, poll.question)) : choose(card, host, block.editable);
  };
  const stop = host.onBlock(draw);
  draw(host.context.block);
  return () => {
    stop();
    leave();
  };
}

function choose(card, host, editable) {
  const { t } = host;
  let over = false;
  const draw = async () => {
    try {
      const found = (await polls(host)).filter((poll) => !poll.closed);
      if (over) return;
      if (found.length === 0 || !editable) {
        card.replaceChildren(h('p', { class: 'cl-muted' }, t('block.none')));
        return;
      }
      const id = `polls-block-${Math.random().toString(36).slice(2)}`;
      const select = h('select', { class: 'cl-select', id }, found.map((poll) => h('option', { value: poll.poll }, poll.question)));
      // Where the poll is not drawn, the document says its question and leads to it.
      const use = () => {
        const text = select.selectedOptions[0].textContent;
        host.setBlock({ poll: Number(select.value) }, { text, path: `/${select.value}` });
      };
      card.replaceChildren(
        h('div', { class: 'cl-field' }, h('label', { for: id }, t('block.choose')), select),
        h('div', {}, h('button', { class: 'cl-button primary', type: 'button', onclick: use }, t('block.use'))),
      );
    } catch (error) {
      if (!over) card.replaceChildren(failure(host, error));
    }
  };
  void draw();
  return () => {
    over = true;
  };
}
