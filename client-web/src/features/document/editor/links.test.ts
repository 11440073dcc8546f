// What a person types as an address, and what it is kept as.
import { expect, it } from 'vitest';
import { linkAddress } from './links';

it.each([
  ['https://arcjurassien.org/a?b=1#c', 'https://arcjurassien.org/a?b=1#c'],
  ['arcjurassien.org', 'https://arcjurassien.org'],
  ['www.jura.ch/a b', null],
  ['élus.fr', 'https://élus.fr'],
  ['a.b@jura.ch', 'mailto:a.b@jura.ch'],
  ['mailto:a@b.ch', 'mailto:a@b.ch'],
  ['+41 32 420 51 11', 'tel:+41324205111'],
  ['03 84 54 24 24', 'tel:0384542424'],
  ['javascript:alert(1)', null],
  ['JavaScript:alert(1)', null],
  ['data:text/html,x', null],
  ['mailto:', null],
  ['bonjour', null],
  ['', null],
])('%s', (typed, address) => {
  expect(linkAddress(typed)).toBe(address);
});
