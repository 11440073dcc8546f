// Every grant the server can name has a sentence; one it learns later is shown as it is.
import { expect, it } from 'vitest';
import { grantLines, mostNames, routeGroups } from './grants';

it('says what was granted, one line a kind, what matters most first', () => {
  const lines = grantLines([
    'core organisations',
    'route GET /polls',
    'route POST /polls',
    'network api.example.org',
    'ui page',
    'ui document.block',
    'documents read',
    'search',
  ]);
  expect(lines.map(({ text }) => text)).toEqual([
    'plugins.grant.network',
    'plugins.grant.documents.read',
    'plugins.grant.core.organisations',
    'plugins.grant.route',
    'plugins.grant.ui',
    'plugins.grant.search',
  ]);
  expect(lines.find(({ text }) => text === 'plugins.grant.route')?.names).toEqual([
    'GET /polls',
    'POST /polls',
  ]);
  expect(lines.find(({ text }) => text === 'plugins.grant.ui')?.slots).toEqual([
    'plugins.slot.page',
    'plugins.slot.document.block',
  ]);
});

it('tells public, password and ordinary routes apart, and hides nothing it does not know', () => {
  const lines = grantLines([
    'public route GET /a',
    'password route GET /b',
    'route GET /c',
    'notice document.purged',
    'notice org.example.polls:poll.closed',
    'telepathy loud',
  ]);
  expect(lines.find(({ text }) => text === 'plugins.grant.notice.plugin')?.names).toEqual([
    'org.example.polls:poll.closed',
  ]);
  expect(lines.map(({ text }) => text)).toEqual([
    'plugins.grant.public',
    'plugins.grant.password',
    'plugins.grant.route',
    'plugins.grant.notice',
    'plugins.grant.notice.plugin',
    'plugins.grant.other',
  ]);
  expect(lines.at(-1)?.unknown).toBe('telepathy loud');
});

it('folds many addresses by what they begin with; where data goes to is never folded', () => {
  const names = [
    'GET /entries',
    'PUT /entries/{entry}',
    'GET /map',
    'GET /dav/{path*}',
    'GET /',
    'GET /me',
    'GET /chart',
  ];
  const line = (start: string) => grantLines(names.map((name) => `${start} ${name}`))[0]!;
  const groups = routeGroups(line('public route'));
  expect(groups?.map(({ start, routes }) => [start, routes.length])).toEqual([
    ['/entries', 2],
    ['/map', 1],
    ['/dav', 1],
    ['/', 1],
    ['/me', 1],
    ['/chart', 1],
  ]);
  expect(routeGroups(grantLines(names.slice(0, mostNames).map((name) => `route ${name}`))[0]!)).toBeNull();
  expect(routeGroups(line('network'))).toBeNull();
});
