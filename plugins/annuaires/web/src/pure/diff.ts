// What a change request changes, field by field, and inside a text word by word.

export type Piece = { kind: 'same' | 'out' | 'in'; text: string };

const longestTable = 200_000; // cells: texts whose table would be larger are shown whole, before and after

/** Words with the blanks behind them, so that the pieces put together give the text again. */
const words = (text: string) => text.match(/\S+\s*|\s+/gu) ?? [];

/** The shortest way from one text to the other in words: the longest common subsequence. */
export function wordDiff(before: string, after: string): Piece[] {
  if (before === after) return before ? [{ kind: 'same', text: before }] : [];
  const a = words(before);
  const b = words(after);
  if (a.length * b.length > longestTable) return joined([piece('out', before), piece('in', after)]);
  const table = lengths(a, b);
  const pieces: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      pieces.push(piece('same', a[i++]!));
      j++;
    } else if (table[i + 1]![j]! >= table[i]![j + 1]!) pieces.push(piece('out', a[i++]!));
    else pieces.push(piece('in', b[j++]!));
  }
  for (; i < a.length; i++) pieces.push(piece('out', a[i]!));
  for (; j < b.length; j++) pieces.push(piece('in', b[j]!));
  return joined(pieces);
}

function piece(kind: Piece['kind'], text: string): Piece {
  return { kind, text };
}

/** `table[i][j]`: how many words a[i…] and b[j…] have in common, in order. */
function lengths(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const both = a[i] === b[j];
      table[i]![j] = both ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  return table;
}

function joined(pieces: Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const next of pieces) {
    const last = result.at(-1);
    if (!next.text) continue;
    if (last?.kind === next.kind) last.text += next.text;
    else result.push({ ...next });
  }
  return result;
}

/** The keys of what differs between two records of values; missing, null, "" and [] are the same nothing. */
export function changedKeys(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !same(before[key], after[key]));
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

/** Nothing is null, members of objects stand in the order of their names: what means the same is written the same. */
function plain(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null;
  if (Array.isArray(value)) return value.length ? value.map(plain) : null;
  if (typeof value !== 'object') return value;
  const members = Object.entries(value)
    .map(([key, member]) => [key, plain(member)] as const)
    .filter(([, member]) => member !== null)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return members.length ? Object.fromEntries(members) : null;
}
