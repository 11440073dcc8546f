import { useMemo, useRef, useEffect } from 'react';
import FilePlus from 'icon:file-plus';
import FolderPlus from 'icon:folder-plus';
import { mayEdit, type Workspace } from '@/api';
import { useActions, type Action } from '@/app/actions';
import { useI18n } from '@/i18n';
import type { NewKind } from './NewDocumentDialog';

/** « Créer un document dans … », wherever a space is on screen. */
export function useCreateActions(space: Workspace | undefined, create: (kind: NewKind) => void): void {
  const { t } = useI18n();
  const latest = useRef(create);
  useEffect(() => {
    latest.current = create;
  });
  useActions(
    useMemo<Action[]>(() => {
      if (!space || !mayEdit(space.my_role)) return [];
      return [
        {
          id: 'create.document',
          title: t('action.create.document', { space: space.name }),
          group: 'do',
          icon: FilePlus,
          keys: 'c d',
          run: () => latest.current('document'),
        },
        {
          id: 'create.folder',
          title: t('action.create.folder', { space: space.name }),
          group: 'do',
          icon: FolderPlus,
          keys: 'c f',
          run: () => latest.current('folder'),
        },
      ];
    }, [space, t]),
  );
}
