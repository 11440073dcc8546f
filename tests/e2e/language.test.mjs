// The language of the interface is that of the account, on whatever machine; a machine keeps the last one for its sign-in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from '../lib/browser.mjs';
import { demonstration } from '../lib/api.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const long = 60_000;
const { people, password } = demonstration();
const german = people.find(({ locale }) => locale === 'de-CH');
let server;
let browser;

before(async () => {
  server = await startDemo();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await discard(server);
});

const language = (page) => page.evaluate(() => document.documentElement.lang);

async function signIn(page) {
  await page.locator('input[type="email"]').fill(german.email);
  await page.locator('input[type="password"]').fill(password);
  await page.keyboard.press('Enter');
}

test('a new browser that asks for French: the sign-in speaks French, the account German, and the machine keeps German', { timeout: long }, async () => {
  const { context, page, complaints } = await open(browser, server, { locale: 'fr-FR' });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  await signIn(page);
  await page.getByRole('navigation', { name: 'Hauptnavigation' }).waitFor();
  assert.equal(await language(page), 'de-CH');
  await page.getByRole('button', { name: 'Mein Konto' }).first().click();
  await page.getByRole('menuitem', { name: 'Abmelden' }).click();
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
  assert.equal(await language(page), 'de-CH');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the choice made on the machine before the sign-in gives way to the account', { timeout: long }, async () => {
  const { context, page } = await open(browser, server, { locale: 'de-CH' });
  await page.goto('/');
  await page.getByRole('button', { name: 'Français' }).click();
  await page.getByRole('heading', { name: 'Se connecter' }).waitFor();
  await signIn(page);
  await page.getByRole('navigation', { name: 'Hauptnavigation' }).waitFor();
  await context.close();
});

test('a session that is open already: the first words on the screen are those of the account', { timeout: long }, async () => {
  const { context, page } = await open(browser, server, { key: german.key, locale: 'fr-FR', profile: false });
  await page.addInitScript(() => {
    localStorage.setItem('cluse.locale', 'fr-FR');
    new MutationObserver(() => {
      const title = document.querySelector('main h1')?.textContent;
      if (title) (window.seen ??= new Set()).add(title);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto('/compte');
  await page.getByRole('heading', { level: 1, name: 'Mein Konto' }).waitFor();
  assert.deepEqual(await page.evaluate(() => [...window.seen]), ['Mein Konto']);
  assert.equal(await page.evaluate(() => localStorage.getItem('cluse.locale')), 'de-CH');
  await context.close();
});

test('what is chosen here is what another machine shows', { timeout: long }, async () => {
  const here = await open(browser, server, { key: german.key, locale: 'de-CH', profile: false });
  await here.page.goto('/');
  await here.page.getByRole('button', { name: 'Sprache der Oberfläche' }).click();
  const told = here.page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok());
  await here.page.getByRole('menuitemradio', { name: 'Français (Suisse)' }).click();
  await told;
  const there = await open(browser, server, { key: german.key, locale: 'de-CH', profile: false });
  await there.page.goto('/');
  await there.page.getByRole('navigation', { name: 'Navigation principale' }).waitFor();
  assert.equal(await language(there.page), 'fr-CH');
  await here.context.close();
  await there.context.close();
});
