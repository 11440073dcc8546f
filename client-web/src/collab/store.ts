// A value that can be watched. The shape is what React's useSyncExternalStore wants, and nothing here knows React.

export interface Watchable<T> {
  get(): T;
  subscribe(listener: () => void): () => void;
}

export class Store<T> implements Watchable<T> {
  private readonly listeners = new Set<() => void>();
  private value: T;

  constructor(value: T) {
    this.value = value;
  }

  // Arrow functions, so that both can be handed over without losing `this`.
  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }
}
