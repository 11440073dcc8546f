// The account of what this browser changed and the server has not yet put on disk.
//
// Changes are counted in groups. A group is one message's worth: it has the tag of the tab that made it and a number
// that grows by one within the tag. Groups of one tag are settled in order, because the server acknowledges "the first
// n messages"; so one number a tag says what is settled, for ever, however many groups there were.

export interface Group {
  tag: string;
  number: number;
}

export interface CountedGroup extends Group {
  changes: number;
}

export class Unsent {
  private readonly groups = new Map<string, Map<number, number>>();
  private readonly settledUpTo = new Map<string, number>();
  private sum = 0;

  /** How many changes are not on the server's disk, as far as this browser knows. */
  get total(): number {
    return this.sum;
  }

  add({ tag, number, changes }: CountedGroup): void {
    if (this.isSettled({ tag, number })) return;
    let numbers = this.groups.get(tag);
    if (!numbers) this.groups.set(tag, (numbers = new Map()));
    numbers.set(number, (numbers.get(number) ?? 0) + changes);
    this.sum += changes;
  }

  isSettled({ tag, number }: Group): boolean {
    return number <= (this.settledUpTo.get(tag) ?? 0);
  }

  has({ tag, number }: Group): boolean {
    return this.groups.get(tag)?.has(number) ?? false;
  }

  settle(groups: readonly Group[]): void {
    for (const { tag, number } of groups) {
      if (this.isSettled({ tag, number })) continue;
      this.settledUpTo.set(tag, number);
      const numbers = this.groups.get(tag);
      if (!numbers) continue;
      for (const [known, changes] of numbers) {
        if (known > number) continue;
        numbers.delete(known);
        this.sum -= changes;
      }
      if (numbers.size === 0) this.groups.delete(tag);
    }
  }

  list(): CountedGroup[] {
    return [...this.groups].flatMap(([tag, numbers]) =>
      [...numbers].map(([number, changes]) => ({ tag, number, changes })),
    );
  }

  clear(): void {
    this.groups.clear();
    this.sum = 0;
  }
}

/** Matches "the first n messages of this connection are on disk" with the groups that those messages carried. */
export class Ledger {
  private sent = 0;
  private acknowledged = 0;
  private waiting: { number: number; groups: readonly Group[] }[] = [];

  /** Messages that the server has not acknowledged. */
  get outstanding(): number {
    return this.sent - this.acknowledged;
  }

  /** Counting starts again with each connection. */
  reset(): void {
    this.sent = 0;
    this.acknowledged = 0;
    this.waiting = [];
  }

  /** Call for each sync step 2 and each update, and for nothing else: that is what the server counts. */
  add(groups: readonly Group[]): void {
    this.sent += 1;
    this.waiting.push({ number: this.sent, groups });
  }

  /** Returns the groups that are now on disk. A repeated or older count returns none; one too high counts as all. */
  durable(count: number): Group[] {
    const upTo = Math.min(count, this.sent);
    if (upTo <= this.acknowledged) return [];
    this.acknowledged = upTo;
    const done = this.waiting.filter((entry) => entry.number <= upTo);
    this.waiting = this.waiting.filter((entry) => entry.number > upTo);
    return done.flatMap((entry) => entry.groups);
  }
}
