import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { live, queries, type Channel, type Id } from '@/api';

/** Keeps what is shown of a workspace as it is, while one looks: what others add, move or take away. */
export function useWorkspaceEvents(workspace: Id): void {
  const client = useQueryClient();
  useEffect(() => {
    let gone = false;
    let channel: Channel | undefined;
    let stop: (() => void) | undefined;
    const refresh = () => {
      for (const each of [
        queries.workspace(workspace),
        queries.documents(workspace),
        queries.members(workspace),
      ])
        void client.invalidateQueries({ queryKey: each.queryKey });
    };
    // Without its code (no network) the screen is as it was read.
    void live().then(
      (connection) => {
        if (gone) return;
        channel = connection.join(null, `workspace/${workspace}`, { onEvent: refresh });
        stop = connection.on('resync', refresh);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      channel?.close();
      stop?.();
    };
  }, [client, workspace]);
}
