// Looks at every screen: a picture of each in build/…, what axe finds, what runs over the edge, what the console says.
//   WAYS=fr-1280,de-390-dark node dev/look.mjs [folder for pictures] [only these screens, by name]
import axeCore from 'axe-core';
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';

const screens = {
  directories: '/',
  list: '/partenaires',
  filtered: '/partenaires/liste?pays=FR&politique=mobility&territoire=epci:200065647',
  nothing: '/partenaires/liste?q=zzz',
  map: '/partenaires/carte?territoire=canton:JU',
  chart: '/partenaires/organigramme',
  entry: '/partenaires/fiches/1',
  person: '/techniciens/fiches/20',
  edit: '/partenaires/fiches/1/modifier',
  correct: '/partenaires/fiches/1/corriger',
  add: '/techniciens/fiches/nouvelle',
  reviews: '/partenaires/demandes',
  counterparts: '/partenaires/homologues',
  imports: '/partenaires/imports',
  columns: '/partenaires/imports/8',
  rows: '/partenaires/imports/7',
  working: '/partenaires/imports/9',
  result: '/partenaires/imports/10',
  exports: '/partenaires/exports?politique=mobility',
  duplicates: '/partenaires/doublons',
  checks: '/partenaires/verifications',
  settings: '/partenaires/reglages',
  create: '/nouveau',
  mine: '/mes-fiches',
  nowhere: '/rien/du/tout',
  portal: ['/', 'portal'],
  'portal-list': ['/partenaires', 'portal'],
  'portal-entry': ['/partenaires/fiches/00000000000000000000000000000001', 'portal'],
  'portal-check': ['/verifier/jeton', 'portal'],
  dashboard: ['/', 'dashboard'],
  command: ['/', 'command'],
};
const ways = [
  { name: 'fr-1280', langue: 'fr', width: 1280, theme: 'light' },
  { name: 'de-390-dark', langue: 'de', width: 390, theme: 'dark' },
  { name: 'fr-390', langue: 'fr', width: 390, theme: 'light' },
  { name: 'de-1280-dark', langue: 'de', width: 1280, theme: 'dark' },
];

const onlyWays = process.env.WAYS?.split(',');
const real = process.env.ANNUAIRES !== undefined;
const [folder = '../../../build/annuaires-screens', ...only] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const server = await serve(0);
const base = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
let complaints = 0;
for (const way of ways.filter(({ name }) => !onlyWays || onlyWays.includes(name))) {
  const context = await browser.newContext({
    viewport: { width: way.width, height: 900 },
    reducedMotion: 'reduce',
    bypassCSP: false,
    hasTouch: way.width < 600,
    isMobile: way.width < 600,
  });
  for (const [name, place] of Object.entries(screens)) {
    if (only.length && !only.includes(name)) continue;
    const [path, slot] = Array.isArray(place) ? place : [place, 'page'];
    const page = await context.newPage();
    let ours = true; // axe and the picture bring styles of their own, which the policy stops
    const say = (what) => {
      complaints += 1;
      process.stdout.write(`${name} ${way.name}: ${what}\n`);
    };
    page.on('pageerror', (error) => say(`exception: ${error.message}`));
    page.on(
      'console',
      (message) =>
        message.type() === 'error' && (ours || !/inline style/.test(message.text())) && say(message.text()),
    );
    await page.goto(
      `${base}/e#${new URLSearchParams({ path, slot, langue: way.langue, theme: way.theme, ...(real && { real: '' }) })}`,
    );
    await page.waitForFunction(
      () => document.querySelector('#seat')?.firstElementChild && !document.querySelector('.an-waiting'),
    );
    const over = (await page.evaluate(() => document.documentElement.scrollWidth)) - way.width;
    if (over > 0) say(`runs ${over} px over the edge`);
    ours = false;
    await page.evaluate(axeCore.source).catch(() => undefined);
    const found = await page.evaluate(() =>
      window.axe?.run('#seat', {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: { region: { enabled: false } },
      }),
    );
    if (!found) say('axe did not run');
    for (const violation of found?.violations ?? [])
      say(
        `${violation.id}: ${violation.nodes
          .slice(0, 3)
          .map((node) => `${node.target} ${node.failureSummary?.split('\n')[1] ?? ''}`)
          .join(' | ')}`,
      );
    await page.screenshot({ path: `${folder}/${name}-${way.name}.png`, fullPage: true });
    await page.close();
  }
  await context.close();
}
await browser.close();
server.close();
process.stdout.write(`${complaints} complaints\n`);
process.exit(complaints ? 1 : 0);
