// A source and one translation of it, both open: which block is whose twin and what is known of each; and the few
// changes that people make to that. What is confirmed stands in the translation, so it merges and waits for a network
// as the text does.
import type * as Y from 'yjs';
import { align } from './align';
import { judge, kMarksRoot, type Judged, type Mark } from './state';
import { UnitReader, type Unit } from './units';

/** So much of a passage is remembered to show what has changed since; the rest is known by its hash alone. */
export const kRememberedMax = 8_000;

export interface Row extends Judged<Unit> {
  mark: Mark | null;
}

export const freshId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => (byte % 36).toString(36)).join('');

// Two people who open the pair for the first time at the same moment give the same ids.
function firstId({ element }: Unit): string {
  const { client, clock } = element._item?.id ?? { client: 0, clock: 0 };
  return `${client.toString(36)}-${clock.toString(36)}`;
}

function isMark(value: unknown): value is Mark {
  const mark = value as Partial<Mark> | null;
  return typeof mark === 'object' && typeof mark?.source === 'string' && typeof mark.own === 'string';
}

export class TwinPair {
  private readonly readers: { source: UnitReader; own: UnitReader };
  private readonly marks: Y.Map<unknown>;
  private readonly listeners = new Set<() => void>();
  private rows: readonly Row[] = [];
  private due = false;
  private keeping = false;

  constructor(
    private readonly source: Y.Doc,
    private readonly own: Y.Doc,
  ) {
    this.readers = { source: new UnitReader(source), own: new UnitReader(own) };
    this.marks = own.getMap(kMarksRoot);
    for (const doc of [source, own]) doc.on('afterTransaction', this.later);
    this.look();
  }

  /** In the order of the source, then what stands in the translation alone. The same list until something changes. */
  readonly get = (): readonly Row[] => this.rows;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  destroy(): void {
    for (const doc of [this.source, this.own]) doc.off('afterTransaction', this.later);
    this.readers.source.destroy();
    this.readers.own.destroy();
  }

  /**
   * Gives every block an id, now and whenever somebody writes one without, and pairs two texts that were never paired.
   * Requires: both are as the server has them, and the person may write in both.
   */
  prepare(): void {
    this.keeping = true;
    this.look();
  }

  /** Says that the translation says what the source says now. `review`: and that somebody else shall read it. */
  confirm(id: string, person: string, at: number, review = false): void {
    this.write(id, (row, old) => ({
      ...seen(row),
      review,
      by:
        old && !old.machine && old.source === row.source?.hash && old.own === row.own?.hash ? old.by : person,
      at,
      ...(review && old?.machine ? { machine: true } : {}),
    }));
  }

  /** Says that `person` has read it over. */
  check(id: string, person: string, at: number): void {
    this.write(id, (row, old) => ({
      ...seen(row),
      review: false,
      by: old?.by ?? person,
      at: old?.at ?? at,
      checked_by: person,
      checked_at: at,
    }));
  }

  /** Says that a machine wrote it, because `person` asked: it waits until somebody has read it. */
  propose(id: string, person: string, at: number): void {
    this.write(id, (row) => ({ ...seen(row), review: true, machine: true, by: person, at }));
  }

  /** Makes the block `own` the twin of `source`; a block that was so far gets an id of its own. */
  pair(own: string, source: string): void {
    const units = this.readers.own.read();
    this.own.transact(() => {
      for (const unit of units) {
        if (unit.id === source) unit.element.setAttribute('block', freshId());
        if (unit.id === own) unit.element.setAttribute('block', source);
      }
      this.marks.delete(own);
      this.marks.delete(source);
    });
  }

  unpair(id: string): void {
    const unit = this.readers.own.read().find((each) => each.id === id);
    this.own.transact(() => {
      unit?.element.setAttribute('block', freshId());
      this.marks.delete(id);
    });
  }

  /** The blocks of each side as they stand, for who lays them out. */
  units(side: 'source' | 'own'): Unit[] {
    return this.readers[side].read();
  }

  private write(id: string, make: (row: Row, old: Mark | null) => Mark): void {
    this.look();
    const row = this.rows.find((each) => each.id === id);
    if (row?.source && row.own) this.marks.set(id, make(row, row.mark));
  }

  // Once for all the transactions of a turn: a keystroke is several.
  private readonly later = (): void => {
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => {
      this.due = false;
      this.look();
    });
  };

  private name(): void {
    const source = this.readers.source.read();
    const own = this.readers.own.read();
    if (![...source, ...own].some(({ id, text }) => text && !id)) return;
    name(this.source, source, firstId);
    const paired = new Map<Y.XmlElement, string>();
    if (!own.some((each) => each.id))
      for (const [a, b] of align(this.readers.source.read(), own)) paired.set(b.element, a.id);
    name(this.own, own, (unit) => paired.get(unit.element) ?? firstId(unit));
  }

  private look(): void {
    if (this.keeping) this.name();
    const marks = new Map<string, Mark>();
    this.marks.forEach((value, key) => {
      if (isMark(value)) marks.set(key, value);
    });
    const rows = judge(this.readers.source.read(), this.readers.own.read(), marks).map((each) => ({
      ...each,
      mark: marks.get(each.id) ?? null,
    }));
    const same =
      rows.length === this.rows.length &&
      rows.every((row, at) => {
        const old = this.rows[at]!;
        return (
          row.id === old.id &&
          row.state === old.state &&
          row.source === old.source &&
          row.own === old.own &&
          row.mark === old.mark
        );
      });
    if (same) return;
    this.rows = rows;
    for (const listener of [...this.listeners]) listener();
  }
}

function name(doc: Y.Doc, units: Unit[], idOf: (unit: Unit) => string): void {
  doc.transact(() => {
    const taken = new Set<string>();
    for (const unit of units) {
      if (unit.id && !taken.has(unit.id)) taken.add(unit.id);
      else unit.element.setAttribute('block', idOf(unit));
    }
  });
}

function seen({ source, own }: Row): Pick<Mark, 'source' | 'own' | 'text'> {
  return {
    source: source?.hash ?? '',
    own: own?.hash ?? '',
    text: (source?.text ?? '').slice(0, kRememberedMax),
  };
}
