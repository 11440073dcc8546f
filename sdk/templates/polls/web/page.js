// SPDX-License-Identifier: Apache-2.0
//
// The page: "/" lists the polls, "/7" shows one.
import { failure, h, link, polls, showPoll, tag } from './parts.js';

export function mount(element, host) {
  let leave = () => undefined;
  const show = (path) => {
    leave();
    leave = /^\/\d+$/.test(path) ? one(element, host, path.slice(1)) : all(element, host);
  };
  const stop = host.onPath(show);
  show(host.path);
  return () => {
    stop();
    leave();
  };
}

function one(element, host, id) {
  const card = h('section', { class: 'cl-card' });
  element.replaceChildren(h('div', { class: 'cl-page' }, h('p', {}, link(host, '/', host.t('back'))), card));
  return showPoll(card, host, id, (poll) => {
    host.setTitle(poll.question);
    return h('h1', {}, poll.question);
  });
}

function all(element, host) {
  const { t } = host;
  let over = false;
  host.setTitle(t('page.title'));
  const list = h('section', { class: 'cl-card', 'aria-label': t('page.title') });
  const draw = async () => {
    try {
      const found = await polls(host);
      if (!over) list.replaceChildren(found.length > 0 ? table(host, found) : empty(host));
    } catch (error) {
      if (!over) list.replaceChildren(failure(host, error));
    }
  };
  element.replaceChildren(
    h(
      'div',
      { class: 'cl-page' },
      h('div', { class: 'cl-head' }, h('div', {}, h('h1', {}, t('page.title')), h('p', {}, t('page.lede')))),
      form(host, draw),
      list,
    ),
  );
  void draw();
  return () => {
    over = true;
  };
}

function form(host, made) {
  const { t } = host;
  const trouble = h('div', { role: 'alert' });
  const input = h('input', {
    class: 'cl-input',
    id: 'polls-question',
    name: 'question',
    required: true,
    maxlength: 500,
    'aria-describedby': 'polls-hint',
  });
  return h(
    'form',
    {
      class: 'cl-card',
      onsubmit: async (event) => {
        event.preventDefault();
        trouble.replaceChildren();
        try {
          await host.busy(host.api('POST', '/polls', { question: input.value }));
          input.value = '';
          host.toast(t('created'));
          made();
        } catch (error) {
          trouble.replaceChildren(failure(host, error));
        }
      },
    },
    h('h2', {}, t('new')),
    h(
      'div',
      { class: 'cl-field' },
      h('label', { for: 'polls-question' }, t('question')),
      input,
      h('small', { id: 'polls-hint' }, t('question.hint')),
    ),
    trouble,
    h('div', {}, h('button', { class: 'cl-button primary' }, t('create'))),
  );
}

function table(host, found) {
  const { t } = host;
  return h(
    'ul',
    { class: 'cl-list' },
    found.map((poll) =>
      h(
        'li',
        { class: 'polls-line' },
        link(host, `/${poll.poll}`, poll.question),
        tag(host, poll),
        h('span', { class: 'cl-meta cl-number' }, t('votes', { count: poll.votes })),
      ),
    ),
  );
}

function empty(host) {
  return h('div', { class: 'cl-empty' }, h('p', {}, host.t('none')), h('p', {}, host.t('none.detail')));
}
