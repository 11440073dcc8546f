import type { ComponentType } from 'react';
import { paths } from './paths';

// The document screen may be absent from a checkout while it is being written.
export const documentScreen = Object.values(
  import.meta.glob<{ default: ComponentType<{ documentId: string; workspaceId: string }> }>(
    '../features/document/index.{ts,tsx}',
  ),
)[0];

export const homeScreen = () => import('@/features/home');
export const workspaceScreen = () => import('@/features/workspace');

/** Whether `path` is a document's, which is shown without the list of spaces. */
export const isDocumentPath = (path: string) => /^\/espaces\/[^/]+\/documents\/[^/]+$/.test(path);

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
  void load?.().catch(() => undefined); // the screen itself says it when it is opened
}
