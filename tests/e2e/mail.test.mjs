// Mail as people meet it: an invitation in either language is opened from the mail, a forgotten password is replaced, on a
// desk and on a phone; axe finds nothing on the screens on the way.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { Person, demonstration } from '../lib/api.mjs';
import { drawn, launch, open } from '../lib/browser.mjs';
import { MailServer, mailEnvironment } from '../lib/mail.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const { password, people } = demonstration();
const admin = people.find((one) => one.admin);
const probe = createServer().listen(0, '127.0.0.1');
await new Promise((ready) => probe.once('listening', ready));
const { port } = probe.address();
await new Promise((done) => probe.close(done));
const sink = await new MailServer().start();
const server = await startDemo({ port, env: mailEnvironment(sink.port, `http://127.0.0.1:${port}`) });
const browser = await launch();
after(async () => {
  await browser.close();
  await discard(server);
  await sink.stop();
});

// The announcer of react-aria repeats the label of a button that has just been pressed, and may outlive it by seconds.
const screen = { include: [['html']], exclude: [['[data-live-announcer]']] };

async function findings(page) {
  await drawn(page);
  await page.evaluate(axe);
  const { violations } = await page.evaluate((only) => window.axe.run(only), screen);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'no sideways scrolling');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

for (const [language, locale, title] of [['fr', 'fr-FR', 'Votre invitation'], ['de', 'de-CH', 'Ihre Einladung']]) {
  test(`the invitation's mail in ${language} opens the invitation`, { timeout: 90_000 }, async () => {
    const address = `invitee-${language}@example.ch`;
    const person = await new Person(server.url).signIn(admin.email, password);
    await person.call('POST', '/invitations', { email: address, language });
    const mail = await sink.mail((one) => one.to_envelope[0] === address);
    const { context, page } = await open(browser, server, { locale });
    await page.goto(/href="([^"]+)"/.exec(mail.html)[1]);
    await page.getByRole('heading', { name: title }).waitFor();
    assert.equal(await page.locator('input[type="email"]').inputValue(), address);
    await context.close();
  });
}

for (const [locale, width, theme, who] of [['fr-FR', 1280, 'light', 0], ['de-CH', 390, 'dark', 1]]) {
  test(`a forgotten password is replaced: ${locale}, ${width} px`, { timeout: 120_000 }, async () => {
    const { email } = people.filter((one) => !one.admin)[who];
    const { context, page, complaints } = await open(browser, server, { locale, width, theme });
    await page.goto('/');
    await page.getByRole('link', { name: /Mot de passe oublié|Passwort vergessen/ }).click();
    await page.locator('input[type="email"]').fill(email);
    assert.deepEqual(await findings(page), []);
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/ask-${locale}.png` });
    await page.locator('button[type="submit"]').click();
    await page.getByRole('status').filter({ hasText: email }).waitFor();
    assert.deepEqual(await findings(page), []);
    const mail = await sink.mail((one) => one.to_envelope[0] === email);
    await page.goto(/\S+\/lien#\S+/.exec(mail.text)[0]);
    await page.locator('input[type="password"]').fill('another good password');
    assert.equal(new URL(page.url()).hash, '', 'the token leaves the address');
    assert.deepEqual(await findings(page), []);
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/link-${locale}.png` });
    await page.locator('button[type="submit"]').click();
    await page.waitForURL(`${server.url}/`);
    await page.locator('main').first().waitFor();
    await new Person(server.url).signIn(email, 'another good password');
    assert.deepEqual(complaints, []);
    await context.close();
  });
}
