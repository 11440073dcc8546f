import type { ReactNode } from 'react';

/** Without accents and case, letter for letter: « Delémont » → « delemont ». */
export function fold(text: string): string {
  return [...text].map(foldLetter).join('');
}

function foldLetter(letter: string): string {
  return letter.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The text with the first place that matches marked. */
export function highlight(text: string, query: string): ReactNode {
  const wanted = fold(query.trim());
  if (!wanted) return text;
  // Folding may change how many units a letter takes: count in letters, as in the text.
  const letters = [...text];
  const folded = letters.map(foldLetter);
  for (let start = 0; start < letters.length; start += 1) {
    let end = start;
    let taken = '';
    while (end < letters.length && taken.length < wanted.length) taken += folded[end++];
    if (taken !== wanted) continue;
    return (
      <>
        {letters.slice(0, start).join('')}
        <mark>{letters.slice(start, end).join('')}</mark>
        {letters.slice(end).join('')}
      </>
    );
  }
  return text;
}
