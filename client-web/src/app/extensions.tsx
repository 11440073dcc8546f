// What plugins add to the shell: their pages in the rail, in the menus and in the palette.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import Blocks from 'icon:blocks';
import { contributionsTo, extensionQueries, live, type Contribution, type ExtensionSlot } from '@/api';
import type { IconProps, IconType } from '@/ui';

/** Everything that stands in `slot` for this reader; empty until it is known. */
export function useContributions(slot: ExtensionSlot): Contribution[] {
  const { data } = useQuery(extensionQueries.all());
  return useMemo(() => contributionsTo(slot, data), [slot, data]);
}

/** A plugin was replaced, stopped or started: its modules are put in place again. */
export function useExtensionChanges(): void {
  const client = useQueryClient();
  useEffect(() => {
    let over = false;
    let unwatch = (): void => undefined;
    live().then(
      (connection) => {
        if (!over)
          unwatch = connection.on(
            'plugin.changed',
            () => void client.invalidateQueries({ queryKey: ['extensions'] }),
          );
      },
      () => undefined, // coming back to the window asks too
    );
    return () => {
      over = true;
      unwatch();
    };
  }, [client]);
}

let icons: Record<string, IconType> | undefined;

/** The drawing a plugin has chosen by name; until it is there, and where it is none of ours, blocks. */
export function ExtensionIcon({ name, ...props }: IconProps & { name: string | null }) {
  const [known, setKnown] = useState(icons);
  useEffect(() => {
    if (known || !name) return;
    import('./extension_icons').then(
      (module) => setKnown((icons = module.extensionIcons)),
      () => undefined, // blocks, then
    );
  }, [known, name]);
  const Icon = (name && known?.[name]) || Blocks;
  return <Icon {...props} />;
}

const drawings = new Map<string, IconType>();

/** The same as a component of its own, for what takes one. */
export function extensionIcon(name: string | null): IconType {
  const key = name ?? '';
  const known = drawings.get(key);
  if (known) return known;
  const made: IconType = (props) => <ExtensionIcon name={name} {...props} />;
  drawings.set(key, made);
  return made;
}
