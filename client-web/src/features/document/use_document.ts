// What the server says about the document beside its text, kept in step with what the live connection tells.
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { ApiError, changeDocument, detectLanguage, errorText, queries, type Document } from '@/api';
import type { About } from '@/collab';
import { toast } from '@/ui';

type Change = Partial<Pick<Document, 'title' | 'language' | 'language_origin' | 'my_role'>>;

export interface DocumentFacts {
  query: UseQueryResult<Document>;
  /** Shown at once, put back with the cause if the server refuses. */
  change(change: { title?: string; language?: string }): void;
  /** Asks the server which language the text is in, where nobody has chosen one. */
  detect(): Promise<void>;
}

/**
 * The document as the server has it. Without a network, and without a kept answer, what the tree of the space says is
 * enough to open the copy in this browser.
 */
export function useDocumentQuery(workspaceId: string, documentId: string): UseQueryResult<Document> {
  const client = useQueryClient();
  const query = useQuery({
    ...queries.document(documentId),
    retry: (count, error) => count < 2 && !isOffline(error) && isPassing(error),
  });
  const { data: tree } = useQuery(queries.documents(workspaceId));
  const { data: workspace } = useQuery(queries.workspace(workspaceId));
  const known = tree?.documents.find((each) => each.id === documentId);
  const missing = !query.data && isOffline(query.error);
  useEffect(() => {
    if (!missing || !known || !workspace) return;
    client.setQueryData(queries.document(documentId).queryKey, { ...known, my_role: workspace.my_role });
  }, [client, documentId, missing, known, workspace]);
  return query;
}

function isOffline(error: unknown): boolean {
  return error instanceof ApiError && error.offline;
}

/** A request that fails for want of a network or of a healthy server takes nothing away from what is on screen. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.offline || error.status >= 500 || error.status === 429;
}

export function useDocument(workspaceId: string, documentId: string, about: About | null): DocumentFacts {
  const client = useQueryClient();
  const query = useQuery(queries.document(documentId));

  const show = useCallback(
    (change: Change): void => {
      client.setQueryData(queries.document(documentId).queryKey, (old) => old && { ...old, ...change });
      client.setQueryData(
        queries.documents(workspaceId).queryKey,
        (old) =>
          old && {
            documents: old.documents.map((each) => (each.id === documentId ? { ...each, ...change } : each)),
          },
      );
    },
    [client, workspaceId, documentId],
  );

  useEffect(() => {
    if (!about) return;
    const { title, language, role, trashed } = about;
    if (trashed) void client.invalidateQueries({ queryKey: queries.document(documentId).queryKey });
    else show({ title, language, my_role: role });
  }, [about, client, documentId, show]);

  const { mutate } = useMutation({
    mutationFn: (change: { title?: string; language?: string }) => changeDocument(documentId, change),
    onMutate: (change) => {
      const before = client.getQueryData(queries.document(documentId).queryKey);
      show(change.language ? { ...change, language_origin: 'chosen' } : change);
      return before;
    },
    onError: (error, _change, before) => {
      if (before)
        show({
          title: before.title,
          language: before.language,
          language_origin: before.language_origin,
        });
      toast({ text: errorText(error), kind: 'failure' });
    },
    onSuccess: (after) =>
      show({ title: after.title, language: after.language, language_origin: after.language_origin }),
  });

  const detect = useCallback(async (): Promise<void> => {
    const { language, language_origin } = await detectLanguage(documentId);
    show({ language, language_origin });
  }, [documentId, show]);

  return { query, change: mutate, detect };
}
