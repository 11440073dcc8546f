// Keys of fields and of their choices, and the order of a list.

const longestKey = 40;

/** A key out of words, without accents and unlike the others: "Numéro de bureau" → "numero_de_bureau". */
export function keyFrom(words: string, taken: readonly string[]): string {
  const plain = words
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, longestKey);
  const stem = /^[a-z]/.test(plain) ? plain : plain ? `f_${plain}` : 'field';
  for (let n = 1; ; n++) {
    const key = n === 1 ? stem : `${stem}_${n}`;
    if (!taken.includes(key)) return key;
  }
}

/** One place up or down; at the ends nothing moves. */
export function moveTo<T>(items: readonly T[], at: number, by: -1 | 1): T[] {
  const to = at + by;
  const moved = [...items];
  if (at < 0 || to < 0 || to >= items.length) return moved;
  const [item] = moved.splice(at, 1);
  moved.splice(to, 0, item as T);
  return moved;
}

/** The part of an address that a name becomes: "Élus et élues" → "elus-et-elues". */
export const slugFrom = (name: string) =>
  keyFrom(name, [])
    .replaceAll('_', '-')
    .replace(/^field$/, '');
