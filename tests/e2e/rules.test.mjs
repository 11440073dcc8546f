// Rules, delays and rates in the browser, French and German: a fund application at and below its ceiling under the pack
// of 2017 (domain row 4), the case of three clear days from a Monday, and a file of rates with a gap, refused with its
// line.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from '../lib/browser.mjs';
import { demonstration } from '../lib/api.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const admin = demonstration().people.find((one) => one.admin).key;
const other = demonstration().people.find((one) => !one.admin).key;
let server;
let browser;

before(async () => {
  server = await startDemo();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  if (server) await discard(server);
});

/** Chooses `option` in the list that `label` opens. */
async function choose(page, label, option) {
  await page.getByRole('button', { name: label }).first().click();
  await page.getByRole('option', { name: option }).first().click();
  await page.getByRole('listbox').waitFor({ state: 'detached' });
}

const words = {
  'fr-FR': {
    pack: /Jeu de règles/,
    version: /Fonds petits projets transfrontaliers, 2017/,
    cost: 'Coût total du projet',
    judge: 'Rendre un avis',
    title: 'Plafond du projet',
  },
  'de-CH': {
    pack: /Regelsatz/,
    version: /Fonds für grenzüberschreitende Kleinprojekte, 2017/,
    cost: 'Gesamtkosten des Projekts',
    judge: 'Beurteilen',
    title: 'Obergrenze des Projekts',
  },
};

for (const [locale, say] of Object.entries(words)) {
  test(`${locale}: the fund of 2017 takes 34 999,99 and not 35 000,00`, async () => {
    const { context, page, complaints } = await open(browser, server, { key: admin, locale });
    await page.goto('/administration/regles');
    await choose(page, say.pack, say.version);
    const trial = page.getByTestId('trial');
    const ceiling = trial.locator('[data-rule="ceiling"]');
    for (const [typed, outcome] of [['34 999,99', 'met'], ['35 000,00', 'broken']]) {
      await trial.getByLabel(say.cost).fill(typed);
      await trial.getByRole('button', { name: say.judge }).click();
      await trial.locator(`[data-rule="ceiling"][data-outcome="${outcome}"]`).waitFor();
      assert.match(await ceiling.innerText(), new RegExp(say.title));
    }
    // The quote of the source stays in French.
    assert.equal(await ceiling.locator('blockquote').getAttribute('lang'), 'fr');
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('everybody: sent on a Monday with three clear days, the session is lawful from Friday on', async () => {
  const { context, page, complaints } = await open(browser, server, { key: other });
  await page.goto('/reperes/delais');
  await page.getByRole('button', { name: /Règle/ }).first().click();
  await page.getByRole('option').filter({ hasText: /[Ss]econde convocation|quorum/ }).first().click();
  await page.getByLabel('Jour de l’envoi').fill('2026-11-16');
  for (const [session, lawful] of [['2026-11-20', 'true'], ['2026-11-19', 'false']]) {
    await page.getByLabel('Jour de la séance').fill(session);
    await page.getByRole('button', { name: 'Calculer' }).click();
    await page.locator(`[data-testid="delay"][data-lawful="${lawful}"]`).waitFor();
    assert.match(await page.getByTestId('delay').innerText(), /vendredi 20 novembre 2026/);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a file of rates with a gap is refused with its line, a whole one is added after its preview', async () => {
  const { context, page, complaints } = await open(browser, server, { key: admin });
  await page.goto('/administration/taux');
  const file = page.locator('input[type="file"]');
  const send = (name, text) => file.setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await send('gap.csv', 'Date,CHF\n2019-04-30,1.1437\n2019-04-26,1.1372\n');
  const refused = page.getByTestId('refused');
  await refused.waitFor();
  assert.match(await refused.innerText(), /3\s+Il manque une publication[^]*2019-04-29/);
  assert.equal(await page.getByRole('button', { name: /Ajouter/ }).count(), 0);
  await send('whole.csv', 'Date,CHF\n2019-04-29,1.1378\n2019-04-26,1.1372\n');
  await page.getByRole('button', { name: 'Ajouter (1)' }).click();
  await page.getByRole('cell', { name: '1,1378' }).waitFor();
  await page.getByLabel('Montant').fill('100,00');
  await page.getByLabel('À la date du').fill('2019-04-29');
  await page.getByRole('button', { name: 'Convertir le montant' }).click();
  assert.match(await page.getByTestId('converted').innerText(), /113,78[^]*29 avril 2019/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the five EPCI show both sums with vintage and source, and their contributions add up', async () => {
  const { context, page, complaints } = await open(browser, server, { key: other });
  await page.goto('/reperes/territoires');
  const unit = page.getByTestId('unit');
  await page.getByRole('button', { name: /Pôle métropolitain Nord Franche-Comté/ }).click();
  await unit.getByText(/303\s360/).first().waitFor();
  assert.match(await unit.innerText(), /299\s264/);
  await page.getByLabel('Montant en euros').fill('100 000,00');
  await page.getByRole('button', { name: 'Répartir' }).click();
  await page.getByText(/46\s075,95/).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});
