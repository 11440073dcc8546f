import { useMemo } from 'react';
import type { Workspace } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { EmptyState, Skeleton } from '@/ui';
import Blocks from 'icon:blocks';
import { ModuleView } from './ModuleView';
import { useNamed, usePathBelow } from './Page';
import { workspaceContext } from './place';

/** A tab of a space that a plugin draws. */
export default function WorkspaceTab({ space, name }: { space: Workspace; name: string }) {
  const { t } = useI18n();
  const { known, found } = useNamed('workspace.tab', name);
  const base = paths.workspaceExtension(space.id, name);
  const path = usePathBelow(base);
  const context = useMemo(() => ({ workspace: workspaceContext(space) }), [space]);
  if (!known) return <Skeleton lines={4} />;
  if (!found)
    return (
      <EmptyState icon={Blocks} title={t('extensions.away')}>
        {t('extensions.away.detail')}
      </EmptyState>
    );
  return <ModuleView contribution={found} context={context} base={base} path={path} />;
}
