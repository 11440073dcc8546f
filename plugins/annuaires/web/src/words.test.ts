// The catalogues: both languages say everything, with the same arguments, and French has its spaces.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import de from '../../i18n/de.json';
import fr from '../../i18n/fr.json';

const folder = import.meta.dirname;
const own = (catalogue: Record<string, string>) =>
  Object.entries(catalogue).filter(([key]) => key.startsWith('web.'));
const argumentsOf = (text: string) =>
  [...new Set([...text.matchAll(/(?<!(?:=\d|one|other) )\{(\w+)[,}]/g)].map(([, name]) => name))].sort();

test('both languages say the same sentences with the same arguments', () => {
  const german = Object.fromEntries(own(de));
  expect(Object.keys(german).sort()).toEqual(
    own(fr)
      .map(([key]) => key)
      .sort(),
  );
  for (const [key, text] of own(fr))
    expect([key, argumentsOf(german[key] ?? '')]).toEqual([key, argumentsOf(text)]);
});

test('French typography', () => {
  const wrong = own(fr).filter(([, text]) =>
    /\w [;!?]|[^\u00a0\d] :|\w:|« |[^\u00a0] »|'/.test(text.replace(/https?:/g, '')),
  );
  expect(wrong).toEqual([]);
});

test('German of Switzerland has no ß', () => {
  expect(own(de).filter(([, text]) => text.includes('ß'))).toEqual([]);
});

test('every sentence is used', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.tsx?$/.test(file) && !/test|testing/.test(file),
  );
  const source = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  const made = [...source.matchAll(/`(web\.[\w.]*)\$\{[^}]*\}([\w.]*)`/g)].map(
    ([, start, end]) => new RegExp(`^${start!.replaceAll('.', '\\.')}\\w+${end}$`),
  );
  const unused = own(fr).filter(
    ([key]) =>
      !key.startsWith('web.ui.') &&
      !source.includes(`'${key}'`) &&
      !made.some((pattern) => pattern.test(key)),
  );
  expect(unused.map(([key]) => key)).toEqual([]);
});
