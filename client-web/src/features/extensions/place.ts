import type { ContextDocument, ContextWorkspace } from '@cluse/sdk';
import { contributionsTo, keyOf, type Contribution, type Document, type Workspace } from '@/api';
import { paths } from '@/app/paths';

/** Where paths of a module without an address of its own lead: the page of its plugin, if it has one. */
export function pageOf({ extension }: Contribution): string | null {
  const [page] = contributionsTo('page', [extension]);
  return page ? paths.extension(keyOf(page)) : null;
}

export const workspaceContext = ({ id, name, my_role }: Workspace): ContextWorkspace => ({
  id,
  name,
  role: my_role ?? '',
});

export const documentContext = ({
  id,
  title,
  language,
  workspace_id,
  my_role,
}: Document): ContextDocument => ({
  id,
  title,
  language,
  workspace: workspace_id,
  role: my_role ?? '',
});
