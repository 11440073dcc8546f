// Asking for an account and being let in, and a role that an instance makes itself, on the screens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from '../lib/browser.mjs';
import { demonstration } from '../lib/api.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const admin = demonstration().people.find((one) => one.admin).key;
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

test('somebody without an account asks for one, is let in with a mandate and a space, and enters', { timeout: 120_000 }, async () => {
  const stranger = await open(browser, server, {});
  const { page } = stranger;
  await page.goto('/');
  await page.getByRole('link', { name: 'Demander un accès' }).click();
  await page.getByLabel('Nom').fill('Cheffe de projet vélo');
  await page.getByLabel('Adresse électronique').fill('velo@ville.example');
  await page.getByRole('combobox', { name: 'Organisme' }).fill('Ville de Moutier');
  await page.getByLabel('Message').fill('Pour la liaison cyclable de l’Allaine.');
  await page.getByRole('button', { name: 'Envoyer la demande' }).click();
  await page.getByRole('heading', { name: 'Demande envoyée' }).waitFor();

  const secretary = await open(browser, server, { key: admin });
  const desk = secretary.page;
  await desk.goto('/administration/demandes');
  await desk.getByText('Pour la liaison cyclable de l’Allaine.').waitFor();
  await desk.getByText('adresse non vérifiée').waitFor();
  await desk.getByRole('button', { name: 'Accepter' }).click();
  const dialog = desk.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Organisme' }).fill('Grand Belfort');
  await desk.getByRole('option').first().click();
  await dialog.getByLabel('Fonction').fill('Cheffe de projet');
  await dialog.getByRole('button', { name: /Espace de travail/ }).click();
  await desk.getByRole('option', { name: 'Doubs horloger' }).click();
  await dialog.getByRole('button', { name: 'Accepter' }).click();
  const link = await desk.getByRole('dialog', { name: 'Accès ouvert' }).getByRole('textbox').inputValue();
  assert.match(link, /\/lien#/);

  await page.goto(link);
  await page.getByRole('textbox', { name: 'Mot de passe' }).fill('une longue phrase pour entrer');
  await page.getByRole('button', { name: 'Enregistrer et se connecter' }).click();
  await page.getByRole('link', { name: 'Doubs horloger' }).first().waitFor();
  assert.deepEqual(stranger.complaints, []);
  assert.deepEqual(secretary.complaints, []);
  await stranger.context.close();
  await secretary.context.close();
});

test('a role that was given shows whom a change concerns before it is made', { timeout: 120_000 }, async () => {
  const { context, page, complaints } = await open(browser, server, { key: admin });
  await page.goto('/administration/roles');
  await page.getByRole('button', { name: /Modifier le rôle «.référent de territoire.»/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('modifier le contenu', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Voir qui est concerné' }).click();
  await dialog.getByText(/personnes? (est|sont) concernée/).waitFor();
  await dialog.getByText(/perd.: modifier le contenu/).first().waitFor();
  await dialog.getByRole('button', { name: 'Enregistrer' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /Copier le rôle «.secrétariat.»/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Enregistrer' }).click();
  await page.getByRole('heading', { name: 'secrétariat (copie)' }).waitFor();
  await page.goto('/administration/journal');
  await page.getByText(/a créé le rôle «.secrétariat \(copie\).»/).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});
