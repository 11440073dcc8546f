import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { endLive, live, notificationQueries, type LiveConnection } from '@/api';

/** Keeps the count and the lists as the server has them, for as long as somebody is signed in. True while it does. */
export function useLiveNotifications(): boolean {
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);

  useEffect(() => {
    let gone = false;
    const ends: (() => void)[] = [];
    const follow = (connection: LiveConnection) => {
      if (gone) return;
      const refresh = () => void client.invalidateQueries({ queryKey: notificationQueries.all });
      const note = () => setIsOpen(connection.getState() === 'open');
      ends.push(
        connection.onState(note),
        connection.on('resync', refresh),
        connection.on('notifications', ({ unread }) => {
          client.setQueryData(notificationQueries.unread().queryKey, unread);
          void client.invalidateQueries({
            queryKey: notificationQueries.all,
            predicate: ({ queryKey }) => queryKey[1] !== 'unread',
          });
        }),
      );
      note();
    };
    // Without its code (no network) the count is asked for now and then.
    live().then(follow, () => undefined);
    return () => {
      gone = true;
      for (const end of ends) end();
      endLive();
    };
  }, [client]);

  return isOpen;
}
