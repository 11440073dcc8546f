// Live channels of plugins. The connection belongs to the page; it registers here what opens a channel on it, so that a
// module may ask for one before there is a connection, and keeps it over a break.
import type { Channel } from '@cluse/sdk';

export type OpenChannel = (plugin: string, name: string, onMessage: (body: unknown) => void) => Channel;

interface Wanted {
  open(): void;
  lose(): void;
}

let live: OpenChannel | null = null;
const wanted = new Set<Wanted>();

/** The live connection is there from now on; null: it is gone. */
export function setLive(open: OpenChannel | null): void {
  live = open;
  for (const each of wanted) {
    each.lose();
    if (open) each.open();
  }
}

/** What was sent while there was no connection is gone: a channel is no store. */
export const openChannel: OpenChannel = (plugin, name, onMessage) => {
  let channel: Channel | null = null;
  let broken = false;
  const entry: Wanted = {
    open: () => {
      channel = live?.(plugin, name, onMessage) ?? null;
      if (channel && broken) onMessage({ kind: 'resync' });
    },
    lose: () => {
      broken = broken || channel !== null;
      channel?.close();
      channel = null;
    },
  };
  wanted.add(entry);
  entry.open();
  return {
    send: (body) => channel?.send(body),
    close: () => {
      wanted.delete(entry);
      channel?.close();
      channel = null;
    },
  };
};
