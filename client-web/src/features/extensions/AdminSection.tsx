import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { NotFound } from '@/app/NotFound';
import { PageHead, Skeleton } from '@/ui';
import { ModuleView } from './ModuleView';
import { useNamed, usePathBelow } from './Page';

/** A screen of the administration that a plugin draws. */
export default function AdminSection({ name }: { name: string }) {
  const { t } = useI18n();
  const { known, found } = useNamed('admin', name);
  const base = paths.adminExtension(name);
  const path = usePathBelow(base);
  if (!known) return <Skeleton lines={4} />;
  if (!found) return <NotFound title={t('extensions.away')} detail={t('extensions.away.detail')} />;
  return (
    <>
      <PageHead title={found.ui.name} />
      <ModuleView contribution={found} base={base} path={path} />
    </>
  );
}
