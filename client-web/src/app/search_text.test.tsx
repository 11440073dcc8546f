// What the palette marks in a title is what the reader typed, accents and case apart.
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { fold, highlight } from './search_text';

it('folds accents and case', () => expect(fold('Delémont À la Œuvre')).toBe('delemont a la œuvre'));

it.each([
  ['Delémont et Bâle', 'delem', '<mark>Delém</mark>ont et Bâle'],
  ['Contrat local', 'LOCAL', 'Contrat <mark>local</mark>'],
  ['Contrat', 'x', 'Contrat'],
  ['Contrat', ' ', 'Contrat'],
  ['Élu', 'elu', '<mark>Élu</mark>'],
])('%s, %s', (text, query, expected) => {
  expect(renderToStaticMarkup(highlight(text, query))).toBe(expected);
});
