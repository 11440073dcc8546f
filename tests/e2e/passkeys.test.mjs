// Passkeys and second factors in a real browser, with the virtual device of its protocol: registered, used without typing an
// address, instead of a code, and refused when copied; a telephone's codes, and those on paper. axe finds nothing on the way.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { demonstration } from '../lib/api.mjs';
import { drawn, launch } from '../lib/browser.mjs';
import { freePort, startWithProvider } from '../lib/oidc.mjs';
import { discard } from '../lib/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { password, people } = demonstration();
const admin = people.find((one) => one.admin);
const [known, other] = people.filter((one) => !one.admin);
const port = await freePort();
// Passkeys belong to a name, and this one is the machine's own.
const url = `http://localhost:${port}`;
const server = await startWithProvider(null, { port, host: 'localhost', config: '[sign_in]\nsecond_factor = "administrators"\n' });
const browser = await launch();
after(async () => {
  await browser.close();
  await discard(server);
});

const screen = { include: [['html']], exclude: [['[data-live-announcer]']] };
async function findings(page) {
  await drawn(page);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((only) => window.axe.run(only), screen);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'no sideways scrolling');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

async function visit({ locale = 'fr-FR', width = 1280, theme = 'light' } = {}) {
  const context = await browser.newContext({
    baseURL: url, locale, colorScheme: theme, viewport: { width, height: 900 }, reducedMotion: 'reduce', timezoneId: 'Europe/Zurich',
  });
  context.setDefaultTimeout(15_000);
  return { context, page: await context.newPage() };
}

async function addDevice(context, page) {
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

async function typePassword(page, account) {
  await page.locator('input[name="email"]').fill(account.email);
  await page.locator('input[name="password"]').fill(password);
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/session'));
  await page.locator('form button[type="submit"]').click();
  await answered;
}

/** What an application shows now: RFC 6238. `key` in base32. */
function codeOf(key, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key.replaceAll(' ', '')].map((each) => letters.indexOf(each).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((each) => parseInt(each, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', secret).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

let paper = [];
const me = (page) => page.evaluate(() => fetch('/api/v1/bootstrap').then((answer) => answer.json()).then((answer) => answer.me));

test('a passkey is registered, named, and signs in without an address; a copy of it does not', { timeout: 120_000 }, async () => {
  const { context, page } = await visit();
  const { cdp, authenticatorId } = await addDevice(context, page);
  await page.goto('/');
  await typePassword(page, known);
  await page.goto('/compte');
  await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
  await page.getByText('Clé d’accès 1').first().waitFor();
  assert.deepEqual(await findings(page), []);
  const { credentials: [made] } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
  assert.equal(made.rpId, 'localhost');
  await context.clearCookies();
  await page.goto('/');
  // Where the browser proposes it by itself, it may be inside before anything is pressed.
  await page.getByRole('button', { name: 'Utiliser une clé d’accès' }).click({ timeout: 5000 }).catch(() => undefined);
  await page.waitForFunction(() => fetch('/api/v1/bootstrap').then((answer) => answer.json()).then((answer) => answer.me !== null));
  assert.equal((await me(page)).email, known.email);

  // The same key in another device, whose counter stands where it stood before.
  await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId: made.credentialId });
  await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: { ...made, signCount: 0 } });
  await context.clearCookies();
  const refused = page.waitForResponse((answer) => answer.url().endsWith('/session/passkey'));
  await page.goto('/');
  await page.getByRole('button', { name: 'Utiliser une clé d’accès' }).click({ timeout: 5000 }).catch(() => undefined);
  assert.equal((await refused).status(), 403);
  assert.equal(await me(page), null);
  await context.close();
});

test('a device that did not check who holds it is not enough', { timeout: 120_000 }, async () => {
  const { context, page } = await visit();
  const { cdp, authenticatorId } = await addDevice(context, page);
  await page.goto('/');
  await typePassword(page, other);
  await page.goto('/compte');
  await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
  await page.getByText('Clé d’accès 1').first().waitFor();
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await context.clearCookies();
  await page.goto('/');
  // What the browser answers to each question is kept, since the page says nothing of a refusal.
  await page.evaluate(() => {
    const ask = navigator.credentials.get.bind(navigator.credentials);
    globalThis.answers = [];
    navigator.credentials.get = (question) => {
      const asked = ask(question);
      asked.then(() => globalThis.answers.push('given'), (error) => globalThis.answers.push(error.name));
      return asked;
    };
  });
  await page.getByRole('button', { name: 'Utiliser une clé d’accès' }).click();
  await page.waitForFunction(() => globalThis.answers.includes('NotAllowedError'));
  assert.equal(await me(page), null);
  await context.close();
});

for (const [locale, width, theme] of [['fr-FR', 1280, 'light'], ['de-CH', 390, 'dark']]) {
  test(`who must have a second factor sets one up first, and is then asked for it: ${locale}, ${width} px`, { timeout: 120_000 }, async () => {
    const { context, page } = await visit({ locale, width, theme });
    await page.goto('/');
    assert.deepEqual(await findings(page), []);
    await typePassword(page, admin);
    if (locale === 'fr-FR') {
      await page.getByRole('heading', { name: 'Activez la double authentification' }).waitFor();
      const closed = await page.evaluate(() => fetch('/api/v1/home').then((answer) => answer.json()));
      assert.equal(closed.code, 'second_factor_required');
      const key = await page.locator('.factor-key code').innerText();
      assert.deepEqual(await findings(page), []);
      await page.locator('input[name="code"]').fill(codeOf(key));
      await page.getByRole('button', { name: 'Activer', exact: true }).click();
      await page.getByRole('button', { name: 'Je les ai gardés' }).waitFor();
      const codes = await page.locator('.factor-codes code').allInnerTexts();
      assert.equal(codes.length, 10);
      assert.deepEqual(await findings(page), []);
      paper = codes;
      await page.getByRole('button', { name: 'Je les ai gardés' }).click();
      await page.waitForFunction(() => fetch('/api/v1/home').then((answer) => answer.ok));
    } else {
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByText(/Authentifizierungs-App|application d’authentification/).first().waitFor();
      assert.deepEqual(await findings(page), []);
      await page.locator('input[name="code"]').fill('000000');
      await page.locator('form button[type="submit"]').click();
      await page.getByText(/Code ist falsch|code n’est pas le bon/).waitFor();
      await page.getByRole('button', { name: /Notfallcode verwenden|code de secours/ }).click();
      await page.locator('input[name="code"]').fill(paper[0].toUpperCase());
      await page.locator('form button[type="submit"]').click();
      await page.waitForFunction(() => fetch('/api/v1/home').then((answer) => answer.ok));
      await page.goto('/compte');
      await page.getByText(/9 (Notfallcodes|codes de secours)/).waitFor();
      assert.deepEqual(await findings(page), []);
    }
    await context.close();
  });
}
