// The screens with a fake host: /e/<path>?langue=de&theme=dark&slot=portal shows what the product would.
import { fakeHost, Refusal, type Answering } from '../src/testing/fake_host';
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
const shapes: unknown = (await (await fetch('/shapes.json')).json()) ?? undefined;
/** The plugin's own routes, where dev/serve.mjs was given the program that serves them. */
const real: Answering = async (method, path, body) => {
  const response = await fetch(`/x${path}`, {
    method,
    body: body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body),
    headers: { 'Accept-Language': locale },
  });
  const json = (await response.json().catch(() => null)) as {
    code?: string;
    detail?: string;
    field?: string;
    errors?: { field: string; code: string; detail: string }[];
  } | null;
  if (!response.ok)
    throw new Refusal(
      response.status,
      json?.code ?? '',
      json?.detail ?? response.statusText,
      json?.field,
      json?.errors?.map(({ detail, ...one }) => ({ ...one, message: detail })),
    );
  return json;
};
const host = fakeHost(asked.has('real') ? real : answers(shapes), {
  path: asked.get('path') ?? '/',
  locale,
  slot,
  theme,
});
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
