// Aim: twins stand beside each other, and nothing stands on anything. Method: random texts of random heights.
import { expect, it } from 'vitest';
import { kStripHeight_px, layOut } from './layout';
import type { Measured } from './row_space';

const blocks = (parts: [string, number][]): Measured[] => {
  let top = 0;
  return parts.map(([id, height], position) => {
    const block = { id, position, top, height, space: 0 };
    top += height + 10;
    return block;
  });
};
const tops = (measured: Measured[], spaces: number[]): Map<string, number> => {
  let pushed = 0;
  return new Map(
    measured.map(({ id, top }, at) => {
      const here: [string, number] = [id ?? '', top + pushed];
      pushed += spaces[at] ?? 0;
      return here;
    }),
  );
};

it('each block stands at the height of its twin, whatever their lengths', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    let random = seed;
    const next = (below: number): number => (random = (random * 48271) % 2147483647) % below;
    const ids = Array.from({ length: 1 + next(15) }, (_, at) => `b${at}`);
    const source = blocks(ids.map((id) => [id, 20 + next(200)]));
    const shown = ids.filter((_, at) => at === 0 || next(4) > 0);
    const own = blocks(shown.map((id) => [id, 20 + next(200)]));
    const rows = ids.map((id) => ({
      id,
      state: !shown.includes(id)
        ? ('missing' as const)
        : next(3) === 0
          ? ('stale' as const)
          : ('current' as const),
    }));
    const layout = layOut(source, own, rows, false);
    const [left, right] = [tops(source, layout.source), tops(own, layout.own)];
    for (const id of shown) expect(right.get(id), `${seed} ${id}`).toBeCloseTo(left.get(id)!, 6);
    const strips = layout.rows.filter(({ strip }) => strip !== null).map(({ strip }) => strip!);
    expect(layout.rows.map(({ id }) => id)).toEqual(ids);
    strips
      .slice(1)
      .forEach((strip, at) => expect(strip).toBeGreaterThanOrEqual(strips[at]! + kStripHeight_px));
  }
});

it('alone, the translation makes room for what is to be done and for nothing else', () => {
  const source = blocks([
    ['a', 400],
    ['b', 20],
  ]);
  const own = blocks([['a', 20]]);
  const rows = [
    { id: 'a', state: 'current' as const },
    { id: 'b', state: 'missing' as const },
  ];
  expect(layOut(source, own, rows, true)).toEqual({
    source: [0, 0],
    own: [0],
    rows: [
      { id: 'a', state: 'current', top: 0, height: 20, strip: null },
      { id: 'b', state: 'missing', top: 20, height: kStripHeight_px, strip: 20 },
    ],
  });
});
