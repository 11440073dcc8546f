import { lazy, Suspense, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { useQuery } from '@tanstack/react-query';
import { queries } from '@/api';
import { withWords } from '@/i18n';
import type { ShownBlocks } from '../editor/extension_block';

const BlockView = lazy(withWords(['extensions'], () => import('@/features/extensions/BlockView')));

/** Draws the blocks of plugins into the places that the editor has for them. */
export function BlockLayer({
  shown,
  documentId,
  editable,
}: {
  shown: ShownBlocks;
  documentId: string;
  editable: boolean;
}) {
  const blocks = useSyncExternalStore(shown.watch, shown.list);
  const { data: document } = useQuery(queries.document(documentId));
  return (
    <Suspense>
      {blocks.map(({ id, dom, plugin, data, text, change, remove }) =>
        createPortal(
          <BlockView
            plugin={plugin}
            data={data}
            text={text}
            editable={editable}
            document={document}
            onChange={change}
            onRemove={remove}
          />,
          dom,
          String(id),
        ),
      )}
    </Suspense>
  );
}
