// The parts that know nothing of a screen: addresses, differences, trees, the map's arithmetic, values, files in parts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { geoCentroid } from 'd3-geo';
import { describe, expect, test, vi } from 'vitest';
import { changedKeys, same, wordDiff } from './diff';
import { keyFrom, moveTo, slugFrom } from './fields';
import {
  changed,
  fromQuery,
  narrowing,
  narrowingQuery,
  noFilters,
  pagesAround,
  pageQuery,
  toQuery,
} from './filters';
import { screenNames, toPath, toPlace, type Place } from './places';
import { clusters, drawing, inside, moved, projectionFor, seen, whole, within, zoomed } from './projection';
import { shapesOf } from './shapes';
import { layout, step, tree, visible } from './tree';
import { parts, send } from './upload';
import { dialled, followable, forRoute, marked } from './values';

describe('filters and the address', () => {
  test.each([
    {},
    { q: 'Delémont', country: 'CH', policy: 'mobility' },
    { territory: 'epci:200065647', own: { secteur: 'horlogerie' }, sort: '-checked' as const, page: 3 },
    { state: 'archived', stale: '1', bounced: '1', kind: 'person', after: 'c2' },
  ])('what is written is read again: %j', (change) => {
    const filters = { ...noFilters, ...change };
    expect(fromQuery(toQuery(filters))).toEqual(filters);
  });

  test('what means nothing is not written, what is not known is not read', () => {
    expect(toQuery(noFilters)).toBe('');
    expect(fromQuery('tri=hasard&page=-4&genre=chien&autre=1')).toEqual(noFilters);
    expect(fromQuery('page=99999').page).toBe(200);
    expect(fromQuery(`q=${'a'.repeat(900)}`).q).toHaveLength(200);
  });

  test('the routes are asked by their own names, pages by offset, deep ones by cursor', () => {
    expect(pageQuery({ ...noFilters, territory: 'canton:JU', page: 3 }).toString()).toBe(
      'territory=canton%3AJU&limit=50&offset=100',
    );
    expect(pageQuery({ ...noFilters, after: 'c2', page: 3 }).toString()).toBe('limit=50&cursor=c2');
    expect(narrowingQuery({ ...noFilters, own: { secteur: 'bois' }, sort: 'name', page: 2 }).toString()).toBe(
      'f.secteur=bois',
    );
  });

  test('another filter begins on the first page; the words do not count as a filter', () => {
    expect(changed({ ...noFilters, page: 7, after: 'c' }, { country: 'FR' })).toMatchObject({
      page: 1,
      after: '',
      country: 'FR',
    });
    expect(narrowing({ ...noFilters, q: 'x', country: 'FR', own: { a: 'b', c: '' } })).toBe(2);
  });

  test('pages around the current one, with gaps', () => {
    expect(pagesAround(1, 1)).toEqual([1]);
    expect(pagesAround(5, 200)).toEqual([1, 0, 4, 5, 6, 0, 200]);
    expect(pagesAround(2, 4)).toEqual([1, 2, 3, 4]);
  });
});

describe('places', () => {
  const places: Place[] = [
    { screen: 'directories' },
    { screen: 'mine' },
    { screen: 'create' },
    { screen: 'view', directory: 'elus', view: null, query: 'q=a' },
    { screen: 'view', directory: 'élus & co', view: 'map', query: '' },
    { screen: 'entry', directory: 'elus', entry: '12' },
    { screen: 'edit', directory: 'elus', entry: '12' },
    { screen: 'correct', directory: 'elus', entry: '12' },
    { screen: 'add', directory: 'elus', query: '' },
    { screen: 'desk', directory: 'elus', desk: 'imports', item: '7', query: 'lignes=problem' },
    { screen: 'desk', directory: 'elus', desk: 'reviews', item: '', query: '' },
    { screen: 'check', token: 'abc' },
  ];
  test.each(places)('each has its address: %j', (place) => {
    expect(toPlace(`/${toPath(place)}`)).toEqual(place);
  });
  test.each(['/elus/rien', '/elus/fiches/1/2/3', '/elus/fiches/1/rien', '/a/b/c/d'])(
    '%s is nowhere',
    (path) => {
      expect(toPlace(path)).toEqual({ screen: 'nowhere' });
    },
  );
  test('a broken escape does not throw', () => {
    expect(toPlace('/%E0%A4%A')).toEqual({ screen: 'view', directory: '%E0%A4%A', view: null, query: '' });
  });
});

describe('differences', () => {
  test('word by word, and put together again', () => {
    const pieces = wordDiff('Le canton de Berne, à Moutier', 'Le canton du Jura, à Moutier');
    expect(pieces).toEqual([
      { kind: 'same', text: 'Le canton ' },
      { kind: 'out', text: 'de Berne, ' },
      { kind: 'in', text: 'du Jura, ' },
      { kind: 'same', text: 'à Moutier' },
    ]);
  });
  test.each([
    ['', ''],
    ['', 'neu'],
    ['alt', ''],
    ['a b c d', 'b d e'],
    ['x '.repeat(2000), 'y '.repeat(2000)],
  ])('both texts can be read out of it', (before, after) => {
    const pieces = wordDiff(before, after);
    const without = (kind: string) =>
      pieces
        .filter((piece) => piece.kind !== kind)
        .map((piece) => piece.text)
        .join('');
    expect(without('in')).toBe(before);
    expect(without('out')).toBe(after);
  });
  test('nothing is nothing, however it is written; the order of keys means nothing', () => {
    expect(same(null, '')).toBe(true);
    expect(same([], undefined)).toBe(true);
    expect(same({ fr: '', de: '' }, null)).toBe(true);
    expect(same({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(changedKeys({ a: 1, b: 'x' }, { b: 'y', c: null })).toEqual(['a', 'b']);
  });
});

describe('the chart', () => {
  const node = (id: string, parent: string | null = null) => ({ id, parent, label: id });
  test('nobody disappears: unknown parents and circles make roots', () => {
    const roots = tree([
      node('a'),
      node('b', 'a'),
      node('c', 'gone'),
      node('d', 'e'),
      node('e', 'd'),
      node('f', 'f'),
    ]);
    expect(roots.map((root) => root.node.id)).toEqual(['a', 'c', 'd', 'f']);
    expect(visible(roots, new Set()).map((row) => row.node.id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });
  test('boxes do not cover each other, and a parent stands in the middle of its children', () => {
    const roots = tree([node('a'), node('b', 'a'), node('c', 'a'), node('d', 'c'), node('e')]);
    const { spots, lines, width, height } = layout(roots, new Set(), {
      width: 10,
      height: 4,
      gapX: 2,
      gapY: 1,
    });
    const at = (id: string) => spots.find((spot) => spot.branch.node.id === id)!;
    expect(at('a').y).toBe((at('b').y + at('c').y) / 2);
    expect(lines).toHaveLength(3);
    expect([width, height]).toEqual([34, 14]);
    const taken = spots.map((spot) => `${spot.x}/${spot.y}`);
    expect(new Set(taken).size).toBe(taken.length);
  });
  test('the keys of a tree: down, into, out of, to the ends', () => {
    const roots = tree([node('a'), node('b', 'a'), node('c')]);
    const none = new Set<string>();
    expect(step(roots, none, 'a', 'ArrowDown')).toEqual({ to: 'b' });
    expect(step(roots, none, 'a', 'ArrowRight')).toEqual({ to: 'b' });
    expect(step(roots, new Set(['a']), 'a', 'ArrowRight')).toEqual({ unfold: 'a' });
    expect(step(roots, none, 'a', 'ArrowLeft')).toEqual({ fold: 'a' });
    expect(step(roots, none, 'b', 'ArrowLeft')).toEqual({ to: 'a' });
    expect(step(roots, none, 'a', 'End')).toEqual({ to: 'c' });
    expect(step(roots, none, 'c', 'ArrowDown')).toEqual({});
    expect(step(roots, none, 'gone', 'ArrowDown')).toEqual({});
  });
});

describe('the map', () => {
  const projection = projectionFor();
  test('the arc lies inside the drawing, north is up and west is left', () => {
    const [belfortX, belfortY] = projection([6.86, 47.64])!;
    const [saintClaudeX, saintClaudeY] = projection([5.86, 46.39])!;
    for (const n of [belfortX, belfortY, saintClaudeX, saintClaudeY]) expect(n).toBeGreaterThan(0);
    expect(belfortY).toBeLessThan(saintClaudeY);
    expect(saintClaudeX).toBeLessThan(belfortX);
    expect(belfortX).toBeLessThan(drawing.width);
  });
  test('zooming keeps the point it zooms at, and never leaves the drawing', () => {
    const at = { x: 300, y: 300 };
    const near = zoomed(whole, 2, at);
    expect((at.x - near.x) * near.scale).toBeCloseTo(at.x - whole.x);
    expect(zoomed(near, 0.01)).toEqual(whole);
    expect(moved(near, 10_000, -10_000)).toEqual(inside({ scale: 2, x: 10_000, y: -10_000 }));
    expect(zoomed(whole, 1e6).scale).toBe(12);
  });
  test('what is seen, in degrees', () => {
    const bounds = seen(whole, projection);
    expect(within({ lon: 6.86, lat: 47.64 }, bounds)).toBe(true);
    expect(within({ lon: 2.35, lat: 48.85 }, bounds)).toBe(false);
  });
  test('points that would cover each other are one, until one is near enough', () => {
    const points = [
      { lon: 6.86, lat: 47.64 },
      { lon: 6.87, lat: 47.64 },
      { lon: 7.34, lat: 47.36 },
    ];
    expect(clusters(points, projection, 1).map((group) => group.points.length)).toEqual([2, 1]);
    expect(clusters(points, projection, 60)).toHaveLength(3);
  });
  test('shapes by the codes of territories; what is no map is none', () => {
    const square = { type: 'Polygon', id: 'JU', arcs: [[0]] };
    const topology = {
      type: 'Topology',
      objects: { cantons: { type: 'GeometryCollection', geometries: [square] } },
      arcs: [
        [
          [7, 47],
          [8, 47],
          [8, 48],
          [7, 47],
        ],
      ],
    };
    const shapes = shapesOf(topology)!;
    expect(shapes.find('canton:JU')?.id).toBe('JU');
    expect(shapes.credit).toBe('');
    expect(shapesOf({ ...topology, credit: '© swisstopo' })?.credit).toBe('© swisstopo');
    expect(shapes.find('epci:JU')).toBeUndefined();
    expect(shapesOf({ type: 'Topology', objects: {}, arcs: [] })).toBeNull();
    expect(shapesOf({ code: 'no_shapes' })).toBeNull();
    expect(shapesOf(null)).toBeNull();
  });
});

describe('values', () => {
  const field = (type: string, bilingual = false) => ({ key: 'x', type, bilingual });
  test.each([
    [field('text'), '  Delle ', 'Delle'],
    [field('text'), '   ', null],
    [field('number'), '1 234,5', 1234.5],
    [field('number'), 'beaucoup', 'beaucoup'],
    [field('text', true), { fr: ' a ', de: '' }, { fr: 'a', de: '' }],
    [field('text', true), { fr: '', de: ' ' }, null],
    [field('choices'), [], null],
    [field('address'), { street: '', postcode: '', city: '', country: 'FR' }, null],
    [
      field('address'),
      { street: '1 rue', postcode: '', city: 'Delle', country: '' },
      { street: '1 rue', city: 'Delle' },
    ],
    [field('organisation'), '12', 12],
  ])('what a route wants of a %j', (one, given, wanted) => {
    expect(forRoute(one, given)).toEqual(wanted);
  });
  test('only addresses of the web are followed', () => {
    expect(followable('delemont.example')).toBe('https://delemont.example/');
    expect(followable('javascript:alert(1)')).toBeNull();
    expect(followable('data:text/html,x')).toBeNull();
    expect(followable('http://')).toBeNull();
  });
  test('numbers to dial, words that were found', () => {
    expect(dialled('+33 (0)3 84-00')).toBe('+330384' + '00');
    expect(marked('la ligne [Delle]–Belfort')).toEqual([
      { text: 'la ligne ', found: false },
      { text: 'Delle', found: true },
      { text: '–Belfort', found: false },
    ]);
    expect(marked('[ouvert')).toEqual([{ text: '[ouvert', found: false }]);
  });
});

describe('fields and addresses', () => {
  test('keys out of words', () => {
    expect(keyFrom('Numéro de bureau', [])).toBe('numero_de_bureau');
    expect(keyFrom('Straße 12', [])).toBe('strasse_12');
    expect(keyFrom('Nom', ['nom', 'nom_2'])).toBe('nom_3');
    expect(keyFrom('3e âge', [])).toBe('f_3e_age');
    expect(keyFrom('…', [])).toBe('field');
    expect(slugFrom('Élus et élues')).toBe('elus-et-elues');
    expect(slugFrom('…')).toBe('');
  });
  test('up and down, not over the ends', () => {
    expect(moveTo(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moveTo(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
    expect(moveTo(['a', 'b'], -1, 1)).toEqual(['a', 'b']);
  });
});

describe('a file in parts', () => {
  test('the parts cover the file', () => {
    expect(parts(10, 4)).toEqual([
      { n: 0, from: 0, to: 4 },
      { n: 1, from: 4, to: 8 },
      { n: 2, from: 8, to: 10 },
    ]);
    expect(parts(0, 4)).toHaveLength(1);
  });
  test('a part that does not arrive is sent again; a refusal is not', async () => {
    const put = vi.fn((n: number) =>
      n === 1 && put.mock.calls.length < 4 ? Promise.reject(new Error('cut')) : Promise.resolve(),
    );
    const progress: number[] = [];
    await send(new Blob(['abcdefghij']), 4, put, (done) => progress.push(done));
    expect(put.mock.calls.map(([n]) => n)).toEqual([0, 1, 1, 1, 2]);
    expect(progress).toEqual([4, 8, 10]);
    const refused = vi.fn(() => Promise.reject(Object.assign(new Error('no'), { status: 413 })));
    await expect(send(new Blob(['a']), 4, refused, () => undefined)).rejects.toThrow('no');
    expect(refused).toHaveBeenCalledTimes(1);
  });
});

test('no directory may have the name of a screen: the server refuses what this file knows', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../src/model/directory.cpp'), 'utf8');
  const list = /kReservedSlugs = \{([^}]*)\}/.exec(source)![1]!;
  const refused = [...list.matchAll(/"([\w-]+)"/g)].map(([, name]) => name);
  for (const name of screenNames) expect(refused).toContain(name);
});

test.each([false, true])('a shape is found where it is, whichever way its ring is wound (%s)', (reversed) => {
  const ring = [
    [6, 47],
    [7, 47],
    [7, 48],
    [6, 48],
    [6, 47],
  ];
  const geometries = [{ type: 'Polygon', id: 'JU', arcs: [[0]] }];
  const topology = {
    type: 'Topology',
    arcs: [reversed ? ring.toReversed() : ring],
    objects: { cantons: { type: 'GeometryCollection', geometries } },
  };
  const [lon, lat] = geoCentroid(shapesOf(topology)!.find('canton:JU')!);
  expect(Math.round(lon * 10)).toBe(65);
  expect(Math.round(lat * 10)).toBe(475);
});
