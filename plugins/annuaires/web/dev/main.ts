// The screens with a fake host: /e/<path>?langue=de&theme=dark&slot=portal shows what the product would.
import { fakeHost } from '../src/testing/fake_host';
import { answers } from '../src/testing/fixtures';
import { mount as command } from '../src/command';
import { mount as dashboard } from '../src/dashboard';
import { mount as page } from '../src/page';
import { mount as portal } from '../src/portal';

const asked = new URLSearchParams(location.hash.slice(1));
const locale = asked.get('langue') === 'de' ? 'de-CH' : 'fr-FR';
const theme = asked.get('theme') === 'dark' ? 'dark' : 'light';
const slot = asked.get('slot') ?? 'page';
document.documentElement.lang = locale.slice(0, 2);
document.documentElement.dataset['theme'] = theme;
const shapes: unknown = await fetch('/shapes.json').then((response) =>
  response.ok ? response.json() : undefined,
);
const host = fakeHost(answers(shapes), { path: asked.get('path') ?? '/', locale, slot, theme });
host.onToast = (text, action) => {
  const toast = document.createElement('div');
  toast.textContent = text;
  if (action) {
    const button = document.createElement('button');
    button.textContent = action.label;
    button.onclick = () => {
      action.run();
      toast.remove();
    };
    toast.append(button);
  }
  document.querySelector('#toasts')?.append(toast);
};
const modules = { page, portal, dashboard, command };
modules[slot as keyof typeof modules](document.querySelector<HTMLElement>('#seat')!, host);
