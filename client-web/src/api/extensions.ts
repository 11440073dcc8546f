// What plugins add to the screens, for the person who looks: GET /api/v1/extensions.
import { queryOptions } from '@tanstack/react-query';
import { i18n } from '@/i18n';
import { request } from './http';

export type ExtensionSlot =
  | 'page'
  | 'workspace.tab'
  | 'document.sidebar'
  | 'document.block'
  | 'dashboard'
  | 'command'
  | 'settings'
  | 'portal'
  | 'admin';

/** One module and where it stands. Its addresses change with its files. */
export interface ExtensionUi {
  slot: ExtensionSlot;
  /** In the reader's language. */
  name: string;
  module: string;
  style: string | null;
  /** Of the set in app/extension_icons.ts. */
  icon: string | null;
  /** Its place among the modules of its plugin. */
  index: number;
}

export interface Extension {
  id: string;
  version: string;
  name: string;
  /** False: its modules run in a frame of their own. */
  trusted: boolean;
  ui: ExtensionUi[];
  /** Its sentences in the reader's language. */
  messages: Record<string, string>;
}

export interface Contribution {
  extension: Extension;
  ui: ExtensionUi;
}

export const extensionQueries = {
  /** Asked again when one comes back to the window, since a plugin may have been replaced. */
  all: () =>
    queryOptions({
      queryKey: ['extensions', i18n.locale],
      queryFn: ({ signal }) => request<{ extensions: Extension[] }>('GET', '/extensions', { signal }),
      select: ({ extensions }) => extensions,
      staleTime: 60_000,
      refetchOnWindowFocus: 'always',
    }),
};

/** Everything that stands in `slot`, by the name of the plugin. */
export function contributionsTo(slot: ExtensionSlot, extensions: Extension[] | undefined): Contribution[] {
  return (extensions ?? []).flatMap((extension) =>
    extension.ui.filter((ui) => ui.slot === slot).map((ui) => ({ extension, ui })),
  );
}

/** What stands for a module in an address: the plugin's id, and for its second in the same slot `id~<index>`. */
export function keyOf({ extension, ui }: Contribution): string {
  const first = extension.ui.find(({ slot }) => slot === ui.slot);
  return first === ui ? extension.id : `${extension.id}~${ui.index}`;
}
