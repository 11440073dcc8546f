// SPDX-License-Identifier: Apache-2.0
//
// What the modules of this plugin share. Files may import one another by their relative names.

export const kChoices = ['yes', 'no', 'abstain'];

/** h('p', {class: 'cl-muted'}, 'words'): a node; what begins with "on" is a listener, null children are left out. */
export function h(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** A link below the plugin's page that does not load the page again. */
export function link(host, path, ...children) {
  return h(
    'a',
    {
      href: host.href(path),
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        host.navigate(path);
      },
    },
    ...children,
  );
}

/** What went wrong, and a way to try again. */
export function failure(host, error) {
  return h('p', { class: 'cl-notice error', role: 'alert' }, host.t('failed', { why: error.message }));
}

export async function polls(host, document = '') {
  const { json } = await host.api('GET', `/polls?document=${encodeURIComponent(document)}`);
  return json.polls;
}

export function tag(host, poll) {
  return h('span', { class: poll.closed ? 'cl-tag' : 'cl-tag ok' }, host.t(poll.closed ? 'closed' : 'open'));
}

/** The choices of a poll, what came of them so far, and the form. `changed` is called after a vote. */
export function ballot(host, id, poll, changed) {
  const { t } = host;
  const sum = Object.values(poll.votes).reduce((all, votes) => all + votes, 0);
  const mine = poll.mine;
  const trouble = h('div', { role: 'alert' });
  const vote = async (event) => {
    event.preventDefault();
    const choice = new FormData(event.target).get('choice');
    if (!choice) return;
    trouble.replaceChildren();
    try {
      await host.busy(host.api('POST', `/polls/${id}/vote`, { choice }));
      host.toast(t('voted'));
      changed();
    } catch (error) {
      trouble.replaceChildren(failure(host, error));
    }
  };
  const name = `polls-${id}-${host.slot}`;
  return h(
    'form',
    { class: 'cl-stack', onsubmit: vote },
    h(
      'fieldset',
      { class: 'cl-stack', disabled: poll.closed },
      h('legend', { class: 'cl-visually-hidden' }, poll.question),
      kChoices.map((choice) => {
        const votes = poll.votes[choice] ?? 0;
        const bar = h('progress', {
          class: 'cl-progress',
          max: Math.max(sum, 1),
          value: votes,
          'aria-label': `${t(`choice.${choice}`)}, ${t('votes', { count: votes })}`,
        });
        return h(
          'div',
          { class: 'polls-choice' },
          h(
            'label',
            { class: 'cl-check', for: `${name}-${choice}` },
            h('input', {
              type: 'radio',
              name: 'choice',
              id: `${name}-${choice}`,
              value: choice,
              required: true,
              checked: choice === mine,
            }),
            h('span', {}, t(`choice.${choice}`)),
          ),
          h('span', { class: 'cl-meta cl-number' }, t('votes', { count: votes })),
          bar,
        );
      }),
    ),
    trouble,
    poll.closed ? tag(host, poll) : h('div', {}, h('button', { class: 'cl-button primary' }, t('vote'))),
  );
}

/** Shows one poll in `place` and keeps it up to date after a vote. Returns what stops it. */
export function showPoll(place, host, id, head) {
  let over = false;
  const draw = async () => {
    try {
      const { json } = await host.api('GET', `/polls/${id}`);
      if (!over) place.replaceChildren(head(json), ballot(host, id, json, draw));
    } catch (error) {
      if (!over) place.replaceChildren(failure(host, error));
    }
  };
  void draw();
  return () => {
    over = true;
  };
}
