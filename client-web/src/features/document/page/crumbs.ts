import type { Document, Workspace } from '@/api';
import { paths } from '@/app/paths';
import type { Crumb } from '@/ui';

/** The space and the folders above a document, outermost first. A folder leads to the list it is in. */
export function crumbsOf(
  document: Document,
  workspace: Workspace | undefined,
  documents: readonly Document[],
): Crumb[] {
  const byId = new Map(documents.map((each) => [each.id, each]));
  const above: Crumb[] = [];
  const seen = new Set([document.id]);
  let parent = document.parent_id ? byId.get(document.parent_id) : undefined;
  while (parent && !seen.has(parent.id)) {
    seen.add(parent.id);
    const to =
      parent.kind === 'folder'
        ? `${paths.documents(document.workspace_id)}#${parent.id}`
        : paths.document(document.workspace_id, parent.id);
    above.unshift({ label: parent.title, to });
    parent = parent.parent_id ? byId.get(parent.parent_id) : undefined;
  }
  if (workspace) above.unshift({ label: workspace.name, to: paths.workspace(workspace.id) });
  return above;
}
