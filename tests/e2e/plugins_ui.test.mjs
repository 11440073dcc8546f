// What a plugin shows, driven with the polls of the SDK in Chromium: its page, its card, its volet beside a document and
// its block in one; once in the page itself, once in a frame that has no way to the session.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { demonstration } from '../lib/api.mjs';
import { drawn, editorOf, launch, open, saved, twoWriters, workspaceOf } from '../lib/browser.mjs';
import { discard, executable, run, startDemo, temporaryDirectory } from '../lib/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const polls = 'org.example.polls';
const keys = { ...twoWriters(), admin: demonstration().people.find(({ admin }) => admin).key };
let server;
let browser;
let administrator;

const built = (name) => join(dirname(dirname(executable)), 'plugins', name);
async function install(folder) {
  const { code, stderr } = await run(['plugin', 'install', folder, '--accept', '--data', server.data]);
  assert.equal(code, 0, stderr);
}
const enable = (id, enabled = true) => administrator.call('PUT', `/plugins/${id}`, { enabled });
const trust = (id, trusted) => administrator.call('PUT', `/plugins/${id}`, { trusted_ui: trusted });
/** Where a module draws: the place itself, or the frame in it. */
async function inside(page, selector = '.ext') {
  const place = page.locator(selector).first();
  await page.locator(`${selector}[data-state="ready"]`).first().waitFor();
  return (await place.locator('iframe').count()) > 0 ? place.frameLocator('iframe') : place.locator('.ext-m');
}

before(async () => {
  server = await startDemo();
  browser = await launch();
  ({ person: administrator } = await open(browser, server, { key: keys.admin }));
  await install(built('polls'));
  await enable(polls);
});
after(async () => {
  await browser?.close();
  await discard(server);
});

for (const trusted of [true, false]) {
  const how = trusted ? 'in the page itself' : 'in a frame';
  test(`a page: in the rail, with addresses, requests and words, ${how}`, async () => {
    await trust(polls, trusted);
    const { context, page, complaints } = await open(browser, server, { key: keys.swiss, locale: 'de-CH' });
    await page.goto('/');
    await page.getByRole('navigation').getByRole('link', { name: 'Umfragen' }).click();
    const place = await inside(page);
    assert.equal(await page.locator('.ext iframe').count(), trusted ? 0 : 1);
    const question = `Passt der Donnerstag, ${how}?`;
    await place.getByRole('textbox', { name: 'Frage' }).fill(question);
    await place.getByRole('button', { name: 'Umfrage erstellen' }).click();
    await page.getByText('Die Umfrage ist offen.').waitFor();
    await place.getByRole('link', { name: question }).click();
    await page.waitForURL(new RegExp(`/e/${polls}/\\d+$`));
    await place.getByRole('heading', { level: 1, name: question }).waitFor();
    await page.waitForFunction((words) => document.title.startsWith(words), question);
    await place.getByRole('radio', { name: 'Ja' }).check();
    await place.getByRole('button', { name: 'Abstimmen' }).click();
    await page.getByText('Ihre Stimme ist erfasst.').waitFor();
    await place.getByText('1 Stimme', { exact: true }).waitFor();
    await page.goBack();
    await place.getByRole('link', { name: question }).waitFor();
    await page.goForward();
    await page.reload();
    await (await inside(page)).getByRole('heading', { level: 1, name: question }).waitFor();
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

/** A plugin of our own: the polls' library, and modules written here. */
async function probe() {
  const folder = join(await temporaryDirectory(), 'probe');
  cpSync(built('polls'), folder, { recursive: true });
  const manifest = readFileSync(join(folder, 'plugin.toml'), 'utf8').replace(polls, 'org.example.probe');
  writeFileSync(
    join(folder, 'plugin.toml'),
    `${manifest.replace(/# What it shows[\s\S]*/, '')}[[ui]]\nslot = "page"\nname = "i18n:page.title"\nmodule = "web/probe.js"\n`,
  );
  mkdirSync(join(folder, 'web'), { recursive: true });
  writeFileSync(
    join(folder, 'web/probe.js'),
    `const tries = {
      cookie: () => document.cookie,
      parent: () => parent.document.title,
      storage: () => localStorage.length,
      request: () => fetch('/api/v1/bootstrap').then((answer) => answer.text()),
      away: () => fetch('https://example.org/').then((answer) => answer.text()),
      top: () => { top.location.href = '/compte'; return 'went'; },
      mine: (host) => host.core('/bootstrap'),
      above: (host) => host.api('GET', '/../../api/v1/bootstrap'),
      coded: (host) => host.api('GET', '/%2e%2e/%2e%2e/api/v1/bootstrap'),
      open: (host) => host.core('/territories').then(() => 'read'),
      form: () => new Promise((done) => {
        const form = document.createElement('form');
        form.append(document.createElement('button'));
        form.addEventListener('submit', (event) => { event.preventDefault(); done('said'); });
        document.body.append(form);
        form.firstChild.click();
        form.remove();
      }),
    };
    export function mount(element, host) {
      if (host.path === '/throw') throw new Error('a module that cannot');
      const out = document.createElement('output');
      const fault = document.createElement('button');
      fault.textContent = 'fault';
      fault.onclick = () => { throw new Error('later'); };
      element.append(out, fault);
      if (host.path !== '/probe') return;
      Promise.all(Object.entries(tries).map(async ([name, attempt]) => {
        try { return [name, String(await attempt(host))]; } catch (error) { return [name, 'refused ' + error.name]; }
      })).then((all) => { out.textContent = JSON.stringify(Object.fromEntries(all)); });
    }`,
  );
  await install(folder);
  await enable('org.example.probe');
}

test('a frame has no way to the session, to what is around it, or out', async () => {
  await probe();
  const { context, page } = await open(browser, server, { key: keys.french });
  await page.goto('/e/org.example.probe/probe');
  const place = await inside(page);
  await place.locator('output', { hasText: 'cookie' }).waitFor();
  const found = JSON.parse(await place.locator('output').textContent());
  for (const way of ['cookie', 'parent', 'storage', 'request', 'away', 'top', 'mine', 'above', 'coded'])
    assert.match(found[way], /^refused /, `${way}: ${found[way]}`);
  assert.equal(found.open, 'read');
  assert.equal(found.form, 'said');
  assert.match(page.url(), /\/e\/org\.example\.probe\/probe$/);
  // Nor has the document by itself, opened as a page.
  await page.goto('/x/org.example.probe/~frame');
  assert.equal(await page.evaluate(() => origin), 'null');
  await context.close();
});

for (const trusted of [true, false])
  test(`a module that throws says so, and the rest goes on, ${trusted ? 'in the page itself' : 'in a frame'}`, async () => {
    await trust('org.example.probe', trusted);
    const { context, page } = await open(browser, server, { key: keys.french });
    await page.goto('/e/org.example.probe/throw');
    const notice = page.locator('.ext').getByRole('alert');
    await notice.getByText('n’a pas pu s’afficher').waitFor();
    await page.evaluate(() => history.replaceState(null, '', '/e/org.example.probe/later'));
    await notice.getByRole('button', { name: 'Réessayer' }).click();
    const place = await inside(page);
    await place.getByRole('button', { name: 'fault' }).click();
    await notice.getByText('a rencontré une erreur').waitFor();
    await place.getByRole('button', { name: 'fault' }).waitFor(); // what there was is still there
    await page.getByRole('link', { name: 'Aujourd’hui' }).first().click();
    await page.locator('main h1').waitFor();
    await context.close();
  });

test('a card on the first screen, a volet beside a document, a block in it that outlives its plugin', async () => {
  await trust(polls, true);
  const { person, page, context, complaints } = await open(browser, server, { key: keys.french });
  const question = 'Qui lit le procès-verbal ?';
  await page.goto('/');
  await (await inside(page)).getByRole('link').or((await inside(page)).getByText('Aucun sondage')).first().waitFor();

  const workspace = await workspaceOf(person, keys.workspace);
  const made = await person.call('POST', `/workspaces/${workspace.id}/documents`, { title: 'Un sondage dans le texte', kind: 'document', language: 'fr' });
  const id = (made.json ?? made).id ?? (made.json ?? made).document.id;
  await page.goto(`/espaces/${workspace.id}/documents/${id}`);
  await editorOf(page).locator('p').first().waitFor();
  await page.getByRole('button', { name: 'Volets' }).click();
  const volet = await inside(page, '[data-testid="sidebar"] .ext');
  await volet.getByRole('textbox', { name: 'Nouveau sondage' }).fill(question);
  await volet.getByRole('button', { name: 'Créer le sondage' }).click();
  await volet.getByRole('heading', { name: question }).waitFor();

  await editorOf(page).locator('p').first().click();
  await page.keyboard.type('/sond');
  await page.getByTestId('slash').getByText('Sondage').click();
  const block = await inside(page, '.ext-b .ext');
  await block.getByRole('combobox').selectOption({ label: question });
  await block.getByRole('button', { name: 'Montrer ce sondage' }).click();
  await block.locator('.polls-question', { hasText: question }).waitFor();
  await saved(page);
  const found = await scan(page);
  assert.deepEqual(found, []);

  await enable(polls, false);
  await page.reload();
  const away = page.locator('.ext-b.away');
  await away.getByText('une extension qui n’est pas là').waitFor();
  await away.getByText(question, { exact: true }).waitFor();
  await page.locator('article.sheet').dispatchEvent('mousedown'); // below the text: a new line
  await page.keyboard.type('Écrit à côté.');
  await saved(page);
  const exported = await person.get(`/documents/${id}/export?format=md`);
  assert.match(exported, /Écrit à côté\./);
  assert.match(exported, new RegExp(`^\\[${question.replace('?', '\\?')}\\]\\(${server.url}/e/${polls}/\\d+\\)$`, 'm'));
  await enable(polls, true);
  await page.reload();
  await (await inside(page, '.ext-b .ext')).locator('.polls-question', { hasText: question }).waitFor();
  await enable(polls, false);
  await page.reload();
  await away.getByRole('button', { name: 'Retirer le bloc' }).click();
  await away.waitFor({ state: 'detached' });
  await saved(page);
  assert.doesNotMatch(await person.get(`/documents/${id}/export?format=md`), /Qui lit/);
  await enable(polls, true);
  assert.deepEqual(complaints, []);
  await context.close();
});

async function scan(page) {
  // Nothing inline may run on a page: it is put in by the debugger, which the content policy does not bind.
  for (const frame of page.frames()) await frame.evaluate(axe);
  const { violations } = await page.evaluate((wanted) => globalThis.axe.run({ runOnly: wanted }), tags);
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`);
}

for (const [locale, theme, width] of [['fr-FR', 'light', 1280], ['de-CH', 'dark', 390]])
  test(`axe finds nothing on what plugins draw, ${locale}, ${theme}, ${width} px`, async () => {
    for (const trusted of [true, false]) {
      await trust(polls, trusted);
      const { context, page } = await open(browser, server, { key: keys.admin, locale, theme, width });
      await page.goto(`/e/${polls}`);
      await (await inside(page)).getByRole('heading', { level: 1 }).waitFor();
      assert.deepEqual(await scan(page), []);
      await page.goto('/administration/extensions');
      await page.locator('.plg-lim').first().waitFor();
      await drawn(page);
      assert.deepEqual(await scan(page), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      await context.close();
    }
  });
