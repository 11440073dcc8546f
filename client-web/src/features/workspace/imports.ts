import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import {
  ApiError,
  errorText,
  import_bytes_max,
  importFile,
  importTypes,
  queries,
  type Document,
  type Id,
} from '@/api';
import { useI18n } from '@/i18n';

export type ImportState =
  | { kind: 'waiting' }
  | { kind: 'sending'; share: number }
  | { kind: 'done'; document: Document }
  | { kind: 'failed'; reason: string; again: boolean };

export interface Import {
  id: number;
  file: File;
  state: ImportState;
}

export const importAccept = Object.keys(importTypes).map((ending) => `.${ending}`);

/** Trying again helps when the server or the network was at fault; a file that was refused will be refused again. */
function mayPass(error: unknown): boolean {
  return !(error instanceof ApiError) || error.offline || error.status >= 500 || error.status === 429;
}

/** The files being brought into a space: one after the other, each with its own fate. */
export function useImports(workspaceId: Id) {
  const client = useQueryClient();
  const { t, format } = useI18n();
  const [imports, setImports] = useState<Import[]>([]);
  const next = useRef(1);
  const chain = useRef<Promise<void>>(Promise.resolve());
  const running = useRef(new Map<number, AbortController>());

  const set = useCallback((id: number, state: ImportState) => {
    setImports((list) => list.map((each) => (each.id === id ? { ...each, state } : each)));
  }, []);

  const send = useCallback(
    (id: number, file: File) => {
      const control = new AbortController();
      running.current.set(id, control);
      chain.current = chain.current.then(async () => {
        if (control.signal.aborted) return;
        set(id, { kind: 'sending', share: 0 });
        try {
          const document = await importFile(workspaceId, file, {
            onProgress: (share) => set(id, { kind: 'sending', share }),
            signal: control.signal,
          });
          set(id, { kind: 'done', document });
          void client.invalidateQueries({ queryKey: queries.workspace(workspaceId).queryKey });
        } catch (error) {
          if (!control.signal.aborted)
            set(id, { kind: 'failed', reason: errorText(error), again: mayPass(error) });
        } finally {
          running.current.delete(id);
        }
      });
    },
    [client, set, workspaceId],
  );

  const add = useCallback(
    (files: Iterable<File>) => {
      const made = [...files].map<Import>((file) => {
        const id = next.current++;
        const ending = file.name.split('.').pop()?.toLowerCase() ?? '';
        if (!(ending in importTypes))
          return { id, file, state: { kind: 'failed', reason: t('import.type'), again: false } };
        if (file.size > import_bytes_max) {
          return {
            id,
            file,
            state: {
              kind: 'failed',
              reason: t('import.size', { max: format.bytes(import_bytes_max) }),
              again: false,
            },
          };
        }
        return { id, file, state: { kind: 'waiting' } };
      });
      setImports((list) => [...list, ...made]);
      for (const each of made) if (each.state.kind === 'waiting') send(each.id, each.file);
    },
    [send, t, format],
  );

  const again = useCallback(
    (each: Import) => {
      set(each.id, { kind: 'waiting' });
      send(each.id, each.file);
    },
    [send, set],
  );

  /** Stops it if it is under way, and takes it off the list. */
  const dismiss = useCallback((id: number) => {
    running.current.get(id)?.abort();
    setImports((list) => list.filter((each) => each.id !== id));
  }, []);

  const dismissEnded = useCallback(() => {
    setImports((list) =>
      list.filter((each) => each.state.kind === 'waiting' || each.state.kind === 'sending'),
    );
  }, []);

  return { imports, add, again, dismiss, dismissEnded };
}
