import type { ComponentType } from 'react';
import { queries } from '@/api';
import { withWords } from '@/i18n';
import { paths } from './paths';
import { queryClient } from './query_client';

// The document screen may be absent from a checkout while it is being written.
const document = Object.values(
  import.meta.glob<{ default: ComponentType<{ documentId: string; workspaceId: string }> }>(
    '../features/document/index.{ts,tsx}',
  ),
)[0];
export const documentScreen =
  document && withWords(['document', 'languages', 'terms', 'twins', 'workspace'], document);

export const homeScreen = () => import('@/features/home');
export const workspaceScreen = withWords(
  ['workspace', 'languages', 'mail', 'privacy', 'twins'],
  () => import('@/features/workspace/WorkspacePage'),
);

const documentPath = /^\/espaces\/([^/]+)\/documents\/([^/]+)$/;

/** Whether `path` is a document's, which is shown without the list of spaces. */
export const isDocumentPath = (path: string) => documentPath.test(path);

/** Asks at once what the screen of a document asks first. Without a session the server says so, and the screen asks again. */
function preloadDocument(path: string): void {
  const [, space, id] = documentPath.exec(path) ?? [];
  if (!space || !id) return;
  void queryClient.prefetchQuery(queries.document(id));
  void queryClient.prefetchQuery(queries.text(id));
  // The type of the text, which is of no use elsewhere; asked for before it is laid out, it does not shift it.
  void window.document.fonts.load('1em "Source Serif 4"').catch(() => undefined);
  void queryClient.prefetchQuery(queries.documents(space));
  void queryClient.prefetchQuery(queries.workspace(space));
  // Its languages stand in its head, which must not grow under the reader's eyes.
  void queryClient.prefetchQuery(queries.twins(space));
}

/**
 * Fetches the code of the screen that `path` will show, while the words and the account are still on their way: on a
 * slow network each round trip that need not be waited for counts.
 */
export function preloadScreen(path: string): void {
  const load = isDocumentPath(path)
    ? documentScreen
    : path === paths.home
      ? homeScreen
      : path.startsWith(`${paths.spaces}/`)
        ? workspaceScreen
        : undefined;
  preloadDocument(path);
  void load?.().catch(() => undefined); // the screen itself says it when it is opened
}

/** Asks what the screen of `path` asks, once it is known that somebody is signed in: it then opens with its content. */
export function preloadContent(path: string): void {
  if (path === paths.home) void queryClient.prefetchQuery(queries.home());
}
