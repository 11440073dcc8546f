import type { TextRun } from '@/api';

/** A text with what was searched marked in it. */
export function Runs({ runs }: { runs: TextRun[] }) {
  return runs.map(({ text, hit }, at) => (hit ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>));
}
