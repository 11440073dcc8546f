// Dates, times and numbers as the table in the design notes has them, for each of the three locales.
import { describe, expect, it } from 'vitest';
import { formats } from './formats';
import type { Locale } from './locale';

const at = new Date(2026, 9, 6, 9, 30);
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe.each<[Locale, Record<string, string>]>([
  [
    'fr-FR',
    { number: '1 234,5', weekday: 'mardi 6 octobre 2026', time: '9 h 30', round: '14 h', bytes: '29,4 Mo' },
  ],
  [
    'fr-CH',
    { number: '1’234.5', weekday: 'mardi 6 octobre 2026', time: '9 h 30', round: '14 h', bytes: '29.4 Mo' },
  ],
  [
    'de-CH',
    {
      number: '1’234.5',
      weekday: 'Dienstag, 6. Oktober 2026',
      time: '9.30 Uhr',
      round: '14.00 Uhr',
      bytes: '29.4 MB',
    },
  ],
])('%s', (locale, expected) => {
  const format = formats(locale);
  it('numbers', () => expect(plain(format.number(1234.5))).toBe(expected.number));
  it('days', () => expect(plain(format.weekdayDate(at))).toBe(expected.weekday));
  it('times', () => expect(plain(format.time(at))).toBe(expected.time));
  it('full hours', () => expect(plain(format.time(new Date(2026, 9, 6, 14, 0)))).toBe(expected.round));
  it('weights', () => expect(plain(format.bytes(29_400_000))).toBe(expected.bytes));
});

describe('the shortest that says when', () => {
  const now = new Date(2026, 9, 6, 12, 0);
  it.each([
    [new Date(2026, 9, 6, 11, 59, 30), 'à l’instant'],
    [new Date(2026, 9, 6, 11, 20), 'il y a 40 min'],
    [new Date(2026, 9, 6, 9, 30), '9 h 30'],
    [new Date(2026, 9, 5, 17, 20), 'hier, 17 h 20'],
    [new Date(2026, 9, 1, 8, 0), '1er octobre'],
    [new Date(2025, 9, 2, 8, 0), '2 octobre 2025'],
    // A clock a little ahead of the server's.
    [new Date(2026, 9, 6, 12, 0, 20), 'à l’instant'],
  ])('%s', (then, expected) => {
    expect(plain(formats('fr-FR').ago(then, now))).toBe(expected);
  });
});
