// The first pairing of two texts that were written apart: by order and by kind, helped by what stays the same in every
// language (numbers, lengths, words that are equal). People correct it afterwards.
import { kindOf } from './kinds';
import type { Unit } from './units';

/** Past so many comparisons order alone decides. */
const kComparisonsMax = 4_000_000;

const numbersOf = (text: string): Set<string> => new Set(text.match(/\d+/g) ?? []);

function likeness(a: Unit, b: Unit): number {
  const kinds: readonly [string, string] = [kindOf(a.element), kindOf(b.element)];
  if (kinds[0] !== kinds[1]) return kinds.every((kind) => kind.startsWith('heading')) ? 0.5 : 0;
  if (a.text === b.text) return 4;
  const [left, right] = [numbersOf(a.text), numbersOf(b.text)];
  const shared = [...left].filter((each) => right.has(each)).length;
  const all = Math.max(left.size, right.size);
  const lengths = Math.min(a.text.length, b.text.length) / Math.max(a.text.length, b.text.length, 1);
  return 1 + lengths + (all > 0 ? (2 * shared) / all - 0.5 : 0);
}

/** Pairs in the order of both texts, with the highest likeness in all. */
export function align(source: readonly Unit[], own: readonly Unit[]): [Unit, Unit][] {
  const left = source.filter((each) => each.text);
  const right = own.filter((each) => each.text);
  if (left.length * right.length > kComparisonsMax)
    return left.slice(0, right.length).map((each, at) => [each, right[at]!]);
  const width = right.length + 1;
  const best = new Float64Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const like = likeness(left[i]!, right[j]!);
      const apart = Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!);
      best[i * width + j] = like > 0 ? Math.max(apart, like + best[(i + 1) * width + j + 1]!) : apart;
    }
  const pairs: [Unit, Unit][] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const here = best[i * width + j]!;
    if (here === best[(i + 1) * width + j]) i += 1;
    else if (here === best[i * width + j + 1]) j += 1;
    else pairs.push([left[i++]!, right[j++]!]);
  }
  return pairs;
}
