// Live channels of plugins, on the one connection of the tab. A module may ask for one before there is a connection, and
// keeps it over a break.
import type { Channel } from '@cluse/sdk';
import { live } from '@/api';

export type OpenChannel = (plugin: string, name: string, onMessage: (body: unknown) => void) => Channel;

/** What was sent while there was no connection is gone: a channel is no store. */
export const openChannel: OpenChannel = (plugin, name, onMessage) => {
  let over = false;
  let channel: Channel | null = null;
  let unwatch = (): void => undefined;
  live().then(
    (connection) => {
      if (over) return;
      channel = connection.join(plugin, name, {
        onMessage,
        onRefused: (code) => onMessage({ kind: 'refused', code }),
      });
      // Something may have been missed: the module asks anew for what it shows.
      unwatch = connection.on('resync', () => onMessage({ kind: 'resync' }));
    },
    () => undefined, // without its code there is no channel, as without a network
  );
  return {
    send: (body) => channel?.send(body),
    close: () => {
      over = true;
      unwatch();
      channel?.close();
    },
  };
};
