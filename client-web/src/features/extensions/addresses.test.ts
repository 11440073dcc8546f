// Aim: a module reaches its own routes and nothing else, whatever it writes; a frame reads what is open to frames alone.
import { expect, it } from 'vitest';
import { coreUrl, isOpenToFrames, isScreen, pathBelow, placeOf, routeUrl } from './addresses';

const id = 'org.example.polls';

it('keeps a module to its own routes', () => {
  expect(routeUrl(id, '/polls/7?sort=name')).toBe(`/x/${id}/polls/7?sort=name`);
  expect(routeUrl(id, '//example.org/polls')).toBe(`/x/${id}//example.org/polls`); // below it, and nowhere else
  for (const path of [
    'polls',
    '/../org.example.other/polls',
    '/%2e%2e/org.example.other',
    '/%2E%2E%2Forg.example.other',
    '/..\\..\\api',
    '/a/../../../api/v1/me',
    '/~frame',
    'https://example.org/',
    'javascript:alert(1)',
  ])
    expect(routeUrl(id, path), path).toBeNull();
});

it('keeps a frame to what is no secret, and to what it was opened beside', () => {
  const url = (path: string) => coreUrl(path) ?? '';
  expect(coreUrl('/../x/other')).toBeNull();
  expect(isOpenToFrames(url('/territories'), {})).toBe(true);
  expect(isOpenToFrames(url('/organisations?q=jura'), {})).toBe(true);
  expect(isOpenToFrames(url('/workspaces/w1'), { workspace: 'w1' })).toBe(true);
  for (const path of ['/bootstrap', '/me/export', '/people?q=a', '/workspaces', '/documents/d1', '/termsx'])
    expect(isOpenToFrames(url(path), { workspace: 'w1' }), path).toBe(false);
  expect(isOpenToFrames(url('/workspaces/w1/members'), { workspace: 'w1' })).toBe(false);
});

it('tells screens of Cluse from places below the own address, and back', () => {
  expect(isScreen('/espaces/7')).toBe(true);
  expect(isScreen('/espacement')).toBe(false);
  expect(isScreen('/')).toBe(false);
  const base = `/e/${id}`;
  expect(placeOf(base, '/')).toBe(base);
  expect(placeOf(base, '/7')).toBe(`${base}/7`);
  expect(placeOf(base, '/?q=a')).toBe(`${base}?q=a`);
  for (const path of ['/', '/7', '/?q=a', '/7?q=%C3%A9'])
    expect(pathBelow(base, new URL(placeOf(base, path), 'http://cluse.example'))).toBe(path);
});
