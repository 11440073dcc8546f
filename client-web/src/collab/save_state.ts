// What a person may be told about their text, and the one place that decides which of the sentences is true.
import type { Refusal } from './connection';
import type { About } from './wire';

export type SaveStateName =
  /** Nothing to show yet, or nothing unsent and the server not reached again yet. */
  | 'connecting'
  /** The server has everything on disk. Never said on a guess. */
  | 'saved'
  /** On its way, and the way is short. */
  | 'saving'
  /** The server is not answering, or slowly; changes wait here. */
  | 'waiting'
  /** No network. */
  | 'offline'
  /** The right to write was taken away while changes were waiting here: they cannot be sent any more. */
  | 'refused'
  | Refusal;

export interface SaveState {
  state: SaveStateName;
  /** Changes that the server has not acknowledged. */
  unsent: number;
  /** When the server last took over changes of this browser to the last one, in milliseconds. */
  savedAt: number | null;
  /** Whether there is a text to show: a local copy, or what the server sent. */
  ready: boolean;
  /** Whether the text includes what the server had when this connection began. */
  synced: boolean;
  /** Whether unsent changes survive closing the page. */
  kept: boolean;
  about: About | null;
}

/** A message that takes longer than this is worth telling: something between here and the disk is slow. */
export const kSlowMs = 3_000;
/** A connection that does not come back within this time is told as "offline", whatever the browser believes. */
export const kOfflineAfterMs = 5_000;

export interface Facts {
  refusal: Refusal | null;
  /** Whether this person may write, as far as known. */
  mayWrite: boolean;
  online: boolean;
  synced: boolean;
  ready: boolean;
  unsent: number;
  /** Messages sent and not acknowledged: also an empty answer counts, since it promises that the disk has it all. */
  outstanding: number;
  /** Since when something is unacknowledged; null when nothing is. */
  pendingSince: number | null;
  /** Since when there is no connection; null while there is one. */
  lostSince: number | null;
  /** The server itself closed the last connection because it cannot take anything just now. */
  sentAway: boolean;
  now: number;
}

export function saveStateName(facts: Facts): SaveStateName {
  if (facts.refusal) return facts.refusal;
  if (!facts.mayWrite && facts.unsent > 0) return 'refused';
  if (facts.synced) {
    if (facts.unsent === 0 && facts.outstanding === 0) return 'saved';
    const waitingMs = facts.now - (facts.pendingSince ?? facts.now);
    return waitingMs >= kSlowMs ? 'waiting' : 'saving';
  }
  const lostMs = facts.now - (facts.lostSince ?? facts.now);
  if (!facts.online || (lostMs >= kOfflineAfterMs && !facts.sentAway)) return 'offline';
  return facts.unsent > 0 ? 'waiting' : 'connecting';
}
