import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import {
  ApiError,
  changeDocument,
  errorText,
  moveDocument,
  queries,
  restoreDocument,
  trashDocument,
  type Document,
  type Id,
} from '@/api';
import { useI18n } from '@/i18n';
import { toast } from '@/ui';
import { placed, withDescendants, type Place } from './arrange';

/**
 * What one does to the documents of a space: shown at once, put back with the cause if the server refuses.
 * A rename, a move and a trip to the trash can be undone for ten seconds.
 */
export function useDocumentChanges(workspaceId: Id) {
  const client = useQueryClient();
  const { t } = useI18n();

  return useMemo(() => {
    const key = queries.documents(workspaceId).queryKey;

    const settle = () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['workspace', workspaceId] }),
        client.invalidateQueries({ queryKey: queries.home().queryKey }),
      ]);

    // The place that was meant is no field that one could correct: it is gone.
    const reason = (error: unknown): string =>
      error instanceof ApiError && (error.field === 'parent_id' || error.field === 'after_id')
        ? t('change.move.gone')
        : errorText(error);

    const attempt = async (
      change: (documents: Document[]) => Document[],
      send: () => Promise<unknown>,
      failed: string,
    ) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData(key);
      client.setQueryData(key, (old) => old && { documents: change(old.documents) });
      try {
        await send();
        return true;
      } catch (error) {
        client.setQueryData(key, before);
        toast({ text: failed, note: reason(error), kind: 'failure' });
        return false;
      } finally {
        void settle();
      }
    };

    const rename = async (document: Document, title: string): Promise<boolean> => {
      const wanted = title.trim();
      if (!wanted || wanted === document.title) return true;
      const done = await attempt(
        (documents) => documents.map((each) => (each.id === document.id ? { ...each, title: wanted } : each)),
        () => changeDocument(document.id, { title: wanted }),
        t('change.rename.failed', { title: document.title }),
      );
      void client.invalidateQueries({ queryKey: queries.document(document.id).queryKey });
      return done;
    };

    const move = (document: Document, place: Place): Promise<boolean> =>
      attempt(
        (documents) => placed(documents, document.id, place),
        () => moveDocument(document.id, place),
        t('change.move.failed', { title: document.title }),
      );

    const restore = async (document: Document): Promise<boolean> => {
      try {
        await restoreDocument(document.id);
        return true;
      } catch (error) {
        toast({
          text: t('change.restore.failed', { title: document.title }),
          note: errorText(error),
          kind: 'failure',
        });
        return false;
      } finally {
        void settle();
      }
    };

    const trash = async (document: Document): Promise<boolean> => {
      const done = await attempt(
        (documents) => {
          const gone = withDescendants(documents, document.id);
          return documents.filter((each) => !gone.has(each.id));
        },
        () => trashDocument(document.id),
        t('change.trash.failed', { title: document.title }),
      );
      if (done) {
        toast({
          text: t('change.trash.done', { title: document.title }),
          action: { label: t('ui.undo'), run: () => void restore(document) },
        });
      }
      return done;
    };

    return { rename, move, trash, restore, settle };
  }, [client, t, workspaceId]);
}

export type DocumentChanges = ReturnType<typeof useDocumentChanges>;
