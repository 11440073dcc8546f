// SPDX-License-Identifier: Apache-2.0
//
// The page: a name goes to the server part, and its greeting comes back. Cluse calls `mount` when somebody opens it.

/** @type {import('@cluse/sdk').Mount} */
export function mount(element, host) {
  const { t } = host;
  host.setTitle(t('page.title'));

  const input = make('input', { class: 'cl-input', id: 'name', name: 'name', autocomplete: 'given-name' });
  const answer = make('p', { role: 'status' });
  const form = make(
    'form',
    { class: 'cl-card' },
    make('div', { class: 'cl-field' }, make('label', { for: 'name' }, t('page.name')), input),
    make('div', {}, make('button', { class: 'cl-button primary' }, t('page.greet'))),
    answer,
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    answer.className = '';
    try {
      // A route of plugin.toml, answered in src/hello.cpp.
      const { json } = await host.busy(host.api('GET', `/hello?name=${encodeURIComponent(input.value)}`));
      answer.textContent = json.greeting;
    } catch (error) {
      answer.className = 'cl-notice error';
      answer.textContent = error.message; // in the reader's language
    }
  });
  const words = make('div', {}, make('h1', {}, t('page.title')), make('p', {}, t('page.lede')));
  const head = make('div', { class: 'cl-head' }, words);
  element.replaceChildren(make('div', { class: 'cl-page' }, head, form));
}

/** make('p', {class: 'cl-muted'}, 'words'): an element. Markup as text is refused by the content policy. */
function make(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
