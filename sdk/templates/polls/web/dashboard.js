// SPDX-License-Identifier: Apache-2.0
//
// The card of the first screen: what waits for this person's vote.
import { failure, h, link, polls } from './parts.js';

export function mount(element, host) {
  let over = false;
  const draw = async () => {
    try {
      const due = (await polls(host)).filter((poll) => !poll.closed && poll.mine === null);
      if (over) return;
      element.replaceChildren(
        due.length > 0
          ? h('ul', { class: 'cl-list' }, due.slice(0, 5).map((poll) => h('li', {}, link(host, `/${poll.poll}`, poll.question))))
          : h('p', { class: 'cl-muted' }, host.t('dashboard.none')),
      );
    } catch (error) {
      if (!over) element.replaceChildren(failure(host, error));
    }
  };
  void draw();
  return () => {
    over = true;
  };
}
