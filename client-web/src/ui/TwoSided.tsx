import { CountryTag } from './Tags';

export interface TwoSidedProps {
  f: number;
  ch: number;
  /** What fills a side; by default the larger of the two. */
  max?: number;
  /** Where the quorum stands, on each side. */
  mark?: number;
  /** The whole in words: « 11 membres côté français, 9 côté suisse ». */
  label: string;
  /** The figures above the bar. */
  figures?: boolean;
}

/** Any group, quorum, budget or vote: its French and Swiss halves around the gap. Never stacked, at any width. */
export function TwoSidedBar({ f, ch, max = Math.max(f, ch, 1), mark, label, figures = true }: TwoSidedProps) {
  const share = (value: number) => `${Math.min(100, (100 * value) / max)}%`;
  return (
    <div>
      {figures && (
        <div className="two-l" aria-hidden="true">
          <span>
            <CountryTag country="F" /> {f}
          </span>
          <span>
            {ch} <CountryTag country="CH" />
          </span>
        </div>
      )}
      <div className="two" role="img" aria-label={label}>
        <span className="h f">
          <i style={{ width: share(f) }} />
          {mark !== undefined && <u style={{ left: share(mark) }} />}
        </span>
        <span className="h ch">
          <i style={{ width: share(ch) }} />
          {mark !== undefined && <u style={{ right: share(mark) }} />}
        </span>
      </div>
    </div>
  );
}
