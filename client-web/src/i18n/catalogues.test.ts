// The words: both languages say everything, with the same values, in the spelling and typography of each side.
import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';

type Catalogue = Record<string, string>;
const folder = 'src/i18n';
const areas = readdirSync(`${folder}/fr`).filter((name) => name.endsWith('.json'));
const read = (language: string, area: string) =>
  JSON.parse(readFileSync(`${folder}/${language}/${area}`, 'utf8')) as Catalogue;
const values = (message: string) => [...new Set(message.match(/\{(\w+)/g))].sort();

describe.each(areas)('%s', (area) => {
  const fr = read('fr', area);
  const de = read('de', area);

  it('has every key in both languages', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(fr).sort());
  });

  it('takes the same values in both', () => {
    const differing = Object.keys(fr).filter((key) => {
      const words = (message: string) =>
        values(message).filter((each) => !/^\{[A-ZÀ-Ü]/.test(each) || each === each.toLowerCase());
      const top = (message: string) => words(message.replace(/\{(\w+), (plural|select),.*/s, '{$1}'));
      return JSON.stringify(top(fr[key] ?? '')) !== JSON.stringify(top(de[key] ?? ''));
    });
    expect(differing).toEqual([]);
  });

  it('leaves nothing empty', () => {
    expect(Object.entries({ ...fr, ...de }).filter(([, message]) => !message.trim())).toEqual([]);
  });

  it('writes German as in Switzerland: ss, and «…» without spaces', () => {
    expect(Object.entries(de).filter(([, message]) => /ß|„|“|«\s|\s»/.test(message))).toEqual([]);
  });

  it('writes French with its spaces: none that can break before : ; ! ? and inside « »', () => {
    expect(
      Object.entries(fr).filter(([, message]) => / [:;!?»]|« |«[^\u00a0]|[^\u00a0]»/.test(message)),
    ).toEqual([]);
  });

  it('uses the typographic apostrophe', () => {
    expect(Object.entries({ ...fr, ...de }).filter(([, message]) => message.includes("'"))).toEqual([]);
  });
});

it('French of Switzerland only says again what exists in French', () => {
  const known = Object.assign({}, ...areas.map((area) => read('fr', area))) as Catalogue;
  const own = readdirSync(`${folder}/fr-CH`).filter((name) => name.endsWith('.json'));
  for (const area of own)
    expect(Object.keys(read('fr-CH', area)).filter((key) => !(key in known))).toEqual([]);
});
