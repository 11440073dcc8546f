// ./dev bench pages: Lighthouse's mobile profile on the sign-in, home and document pages of a local server with the
// demonstration content. Recorded, not asserted.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { Person, demonstration } from '../lib/api.mjs';
import { discard, startDemo } from '../lib/server.mjs';

const bar = 90;
const server = await startDemo();
const { people, password, workspaces } = demonstration();
const [{ person: key }] = workspaces[0].members;
const reader = await new Person(server.url).signIn(people.find((one) => one.key === key).email, password);
const space = (await reader.get('/workspaces')).workspaces.find((one) => one.name === workspaces[0].name);
const { documents } = await reader.get(`/workspaces/${space.id}/documents`);
const document = documents.find((one) => one.kind === 'document');

const pages = [
  ['sign-in', '/', {}],
  ['home', '/', { Cookie: reader.cookie }],
  ['document', `/espaces/${space.id}/documents/${document.id}`, { Cookie: reader.cookie }],
];
const chrome = await launch({
  chromePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  logLevel: 'silent',
});
try {
  for (const [name, path, extraHeaders] of pages) {
    const { lhr } = await lighthouse(server.url + path, {
      port: chrome.port, extraHeaders, onlyCategories: ['performance'], formFactor: 'mobile', output: 'json', logLevel: 'silent',
    });
    const value = (audit, scale, digits) => ((lhr.audits[audit].numericValue ?? NaN) / scale).toFixed(digits);
    const seconds = (audit) => value(audit, 1000, 2);
    console.log(
      `${name}: performance ${Math.round(lhr.categories.performance.score * 100)} (bar ${bar}); largest paint `
      + `${seconds('largest-contentful-paint')} s, interactive ${seconds('interactive')} s, blocked ${seconds('total-blocking-time')} s, `
      + `layout shift ${value('cumulative-layout-shift', 1, 3)}`,
    );
  }
} finally {
  chrome.kill();
  await discard(server);
}
