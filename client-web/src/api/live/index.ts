import type { LiveConnection } from './connection';

export type * from './frames';
export type { LiveConnection } from './connection';

let connection: Promise<LiveConnection> | null = null;

/** The connection of this tab, made when it is first asked for; its code travels then. */
export function live(): Promise<LiveConnection> {
  connection ??= import('./connection').then(({ LiveConnection }) => {
    const made = new LiveConnection({ url: `${location.origin.replace(/^http/, 'ws')}/live` });
    made.start();
    return made;
  });
  return connection;
}

/** Ends it: nobody is signed in here any more. */
export function endLive(): void {
  const ended = connection;
  connection = null;
  void ended?.then((made) => made.stop());
}
