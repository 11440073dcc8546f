// Where each row stands: pure arithmetic over what was measured.
import type { TwinState } from '../twins/state';
import type { Measured } from './row_space';

/** The line under a block that says what is to be done, with its button. */
export const kStripHeight_px = 44;

export interface LaidRow {
  id: string;
  state: TwinState;
  /** Of the translation's block, or of where it would stand. */
  top: number;
  height: number;
  /** Where the line with the state begins; null where there is nothing to do. */
  strip: number | null;
}

export interface Layout {
  source: number[];
  own: number[];
  /** Room above the first block of the translation. */
  rows: LaidRow[];
}

const kWithoutStrip: readonly TwinState[] = ['current'];

interface Cursor {
  blocks: readonly Measured[];
  spaces: number[];
  /** What the room made so far has pushed down. */
  offset: number;
}

const topOf = ({ blocks, offset }: Cursor, at: number): number => (blocks[at]?.top ?? 0) + offset;

/** Pushes block `at` down by making room under the one above it. */
function push(cursor: Cursor, at: number, by: number): void {
  if (by <= 0 || at === 0) return;
  cursor.spaces[at - 1] = (cursor.spaces[at - 1] ?? 0) + by;
  cursor.offset += by;
}

/**
 * `alone`: only the translation is shown, so nothing is beside anything. What has no block of its own yet stands where
 * its source stands, or under the block before it.
 */
export function layOut(
  source: readonly Measured[],
  own: readonly Measured[],
  rows: readonly { id: string; state: TwinState }[],
  alone: boolean,
): Layout {
  const left: Cursor = { blocks: source, spaces: source.map(() => 0), offset: 0 };
  const right: Cursor = { blocks: own, spaces: own.map(() => 0), offset: 0 };
  const states = new Map(rows.map((row) => [row.id, row.state]));
  const places = new Map(source.map(({ id }, at) => [id, at]));
  const standing = new Set(own.map(({ id }) => id));
  const laid: LaidRow[] = [];
  let reached = -1;
  /** The lines of the blocks of the source, up to `until`, that the translation lacks. */
  const lacking = (until: number, bottom: number): number => {
    let under = bottom;
    for (let at = reached + 1; at < until; at += 1) {
      const id = source[at]?.id;
      if (!id || states.get(id) !== 'missing' || standing.has(id)) continue;
      const top = alone ? under : Math.max(under, topOf(left, at));
      laid.push({ id, state: 'missing', top, height: kStripHeight_px, strip: top });
      under = top + kStripHeight_px;
    }
    return under;
  };
  let bottom = 0;
  own.forEach(({ id, height }, at) => {
    const twin = id === null ? undefined : places.get(id);
    const follows = twin !== undefined && twin > reached;
    if (follows) bottom = lacking(twin, bottom);
    push(right, at, bottom - topOf(right, at));
    if (follows) {
      if (!alone) {
        push(right, at, Math.max(topOf(left, twin) - topOf(right, at), 0));
        push(left, twin, Math.max(topOf(right, at) - topOf(left, twin), 0));
      }
      reached = twin;
    }
    const top = topOf(right, at);
    const state = id === null ? undefined : states.get(id);
    bottom = top + height;
    if (id === null || !state) return;
    const strip = kWithoutStrip.includes(state) ? null : bottom;
    laid.push({ id, state, top, height: height + (strip === null ? 0 : kStripHeight_px), strip });
    if (strip === null) return;
    right.spaces[at] = (right.spaces[at] ?? 0) + kStripHeight_px;
    right.offset += kStripHeight_px;
    bottom += kStripHeight_px;
  });
  lacking(source.length, bottom);
  return { source: left.spaces, own: right.spaces, rows: laid };
}
