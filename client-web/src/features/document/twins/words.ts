// What changed between two versions of a passage, word by word.

export interface Piece {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** Past so many comparisons the two are shown whole. */
const kComparisonsMax = 1_000_000;

export function compareWords(before: string, after: string): Piece[] {
  const left = before.match(/\S+\s*/g) ?? [];
  const right = after.match(/\S+\s*/g) ?? [];
  const pieces: Piece[] = [];
  const put = (kind: Piece['kind'], text: string): void => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text) pieces.push({ kind, text });
  };
  if (left.length * right.length > kComparisonsMax) {
    put('gone', before);
    put('new', after);
    return pieces;
  }
  const width = right.length + 1;
  const common = new Uint32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1)
      common[i * width + j] =
        left[i]!.trimEnd() === right[j]!.trimEnd()
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const [old, now] = [left[i]!, right[j]!];
    if (old.trimEnd() === now.trimEnd()) {
      put('same', old.length > now.length ? old : now);
      i += 1;
      j += 1;
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) put('gone', left[i++]!);
    else put('new', right[j++]!);
  }
  for (; i < left.length; i += 1) put('gone', left[i]!);
  for (; j < right.length; j += 1) put('new', right[j]!);
  return pieces;
}
