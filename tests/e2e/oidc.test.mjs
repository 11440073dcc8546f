// Signing in through a provider of identities as people meet it: the button, the account page where one is linked, an
// invitation, a request that an administrator grants, and the pages that say why not. axe finds nothing on the way.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { Person, demonstration } from '../lib/api.mjs';
import { drawn, launch, open } from '../lib/browser.mjs';
import { IdentityProvider, freePort, startWithProvider } from '../lib/oidc.mjs';
import { discard } from '../lib/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { password, people } = demonstration();
const admin = people.find((one) => one.admin);
const known = people.find((one) => !one.admin);
const provider = new IdentityProvider({
  people: {
    known: { name: 'Agente connue', email: 'agente@example.org' },
    invited: { name: 'Agente invitée', email: 'invitee@example.org' },
    stranger: { name: 'Agente inconnue', email: 'inconnue@example.org' },
  },
});
const port = await freePort();
await provider.start(`http://127.0.0.1:${port}`);
const server = await startWithProvider(provider, { port, more: 'newcomers = "request"\n' });
const browser = await launch();
after(async () => {
  await browser.close();
  await discard(server);
  await provider.stop();
});

const screen = { include: [['html']], exclude: [['[data-live-announcer]']] };
async function findings(page) {
  await drawn(page);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((only) => window.axe.run(only), screen);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'no sideways scrolling');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

/** Complaints but those of the provider's pages, which ask the internet for a font. */
const ours = (complaints) => complaints.filter((each) => !/ERR_NAME_NOT_RESOLVED|404/.test(each));

/** On the provider's own pages. */
async function identify(page, login) {
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill('any');
  await page.locator('button[type="submit"]').click();
  await page.locator('input[name="prompt"][value="consent"]').waitFor({ state: 'attached' });
  await page.locator('button[type="submit"]').click();
}

test('an identity is linked on the account page, signs in, and is signed out on both sides', { timeout: 120_000 }, async () => {
  const { context, page, complaints } = await open(browser, server, { key: known.key });
  await page.goto('/compte');
  await page.getByRole('button', { name: 'Lier Portail des agents' }).click();
  await identify(page, 'known');
  await page.waitForURL('**/compte');
  await page.getByText('agente@example.org').waitFor();
  assert.deepEqual(await findings(page), []);
  await page.getByRole('button', { name: 'Renommer Portail des agents' }).click();
  await page.getByLabel('Nom', { exact: true }).last().fill('Ma mairie');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByText('Ma mairie').waitFor();
  assert.deepEqual(ours(complaints), []);
  await context.close();

  const other = await open(browser, server, { locale: 'de-CH', width: 390, theme: 'dark' });
  await other.page.goto('/reperes');
  await other.page.getByRole('button', { name: 'Weiter mit Portal der Mitarbeitenden' }).waitFor();
  assert.deepEqual(await findings(other.page), []);
  await other.page.getByRole('button', { name: 'Weiter mit Portal der Mitarbeitenden' }).click();
  await identify(other.page, 'known');
  await other.page.waitForURL('**/reperes**');
  await other.page.goto('/compte');
  await other.page.getByRole('button', { name: /Se déconnecter|Abmelden/ }).first().click();
  // The provider asks whether its own session ends too.
  await other.page.waitForURL(`${provider.issuer}/session/end**`);
  await other.context.close();
});

test('an invitation is accepted with an identity, without a password', { timeout: 120_000 }, async () => {
  const administrator = await new Person(server.url).signIn(admin.email, password);
  const { token } = await administrator.call('POST', '/invitations', {});
  const { context, page, complaints } = await open(browser, server);
  await page.goto(`/invitation/${token}`);
  await page.getByRole('button', { name: 'Continuer avec Portail des agents' }).click();
  await identify(page, 'invited');
  await page.waitForURL(`**/invitation/${token}`);
  await page.getByText('Votre identité est confirmée').waitFor();
  assert.equal(await page.locator('input[name="email"], input[type="email"]').first().inputValue(), 'invitee@example.org');
  assert.equal(await page.locator('input[type="password"]').count(), 0);
  assert.deepEqual(await findings(page), []);
  await page.getByRole('combobox').fill('Ville des essais');
  await page.keyboard.press('Tab');
  await page.locator('label', { hasText: 'Suisse' }).click();
  await page.getByRole('button', { name: 'Ouvrir mon compte' }).click();
  await page.waitForURL('**/');
  await page.getByRole('heading', { level: 1 }).waitFor();
  const me = await page.evaluate(() => fetch('/api/v1/bootstrap').then((answer) => answer.json()));
  assert.equal(me.me.email, 'invitee@example.org');
  assert.deepEqual(ours(complaints), []);
  await context.close();
});

for (const [locale, width, theme] of [['fr-FR', 1280, 'light'], ['de-CH', 390, 'dark']]) {
  test(`somebody unknown is told what happens, and an administrator decides: ${locale}, ${width} px`, { timeout: 120_000 }, async () => {
    const { context, page } = await open(browser, server, { locale, width, theme });
    await page.goto('/');
    await page.getByRole('button', { name: /Portail des agents|Portal der Mitarbeitenden/ }).click();
    await identify(page, 'stranger');
    await page.getByRole('heading', { name: /Demande transmise|Anfrage weitergeleitet/ }).waitFor();
    assert.deepEqual(await findings(page), []);
    await page.goto('/connexion#identity_cancelled');
    await page.reload();
    await page.getByText(/interrompu la connexion|Anmeldung abgebrochen/).waitFor();
    await context.close();
    const inside = await open(browser, server, { key: admin.key, locale, width, theme });
    await inside.page.goto('/administration/demandes');
    await inside.page.getByRole('heading', { name: 'Agente inconnue' }).waitFor();
    assert.deepEqual(await findings(inside.page), []);
    if (locale === 'de-CH') {
      await inside.page.getByRole('button', { name: 'Annehmen' }).click();
      await inside.page.getByRole('dialog').getByRole('button', { name: 'Annehmen' }).click();
      await inside.page.getByText('Keine Anfrage wartet').waitFor();
    }
    await inside.context.close();
  });
}
