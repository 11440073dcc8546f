// The addresses of headings: readable, without accents, one for each, and as long as kSlugLettersMax allows.
import { getSchema } from '@tiptap/core';
import { describe, expect, it, test } from 'vitest';
import { headingsOf, kSlugLettersMax, slugOf } from './outline';
import { schemaExtensions } from './schema';

const schema = getSchema(schemaExtensions({ taskLabel: (text) => text }));
const heading = (level: number, text: string) => ({
  type: 'heading',
  attrs: { level },
  content: text ? [{ type: 'text', text }] : [],
});

describe('an address', () => {
  it.each([
    ['2. Tracés comparés', 's-2-traces-compares'],
    ['  Qui décide, et quand ?', 's-qui-decide-et-quand'],
    ['Über die Grenze', 's-uber-die-grenze'],
    ['…', 's-'],
  ])('of « %s » is %s', (text, slug) => expect(slugOf(text)).toBe(slug));

  it('is no longer than its limit', () => {
    expect(slugOf('a'.repeat(500))).toBe(`s-${'a'.repeat(kSlugLettersMax)}`);
    expect(slugOf(`${'a'.repeat(kSlugLettersMax - 1)} b`)).toBe(`s-${'a'.repeat(kSlugLettersMax - 1)}`);
  });
});

test('headings are told apart, and those without words are left out', () => {
  const doc = schema.nodeFromJSON({
    type: 'doc',
    content: [
      heading(1, 'Calendrier'),
      { type: 'paragraph', content: [{ type: 'text', text: 'Calendrier' }] },
      { type: 'blockquote', content: [heading(2, 'Calendrier')] },
      heading(2, ''),
      heading(3, 'Calendrier'),
    ],
  });
  expect(headingsOf(doc).map(({ id, level }) => [id, level])).toEqual([
    ['s-calendrier', 1],
    ['s-calendrier-2', 2],
    ['s-calendrier-3', 3],
  ]);
});
