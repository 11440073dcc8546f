import { useTitle } from '@/app/title';
import { Delays } from '@/features/references';
import { useI18n } from '@/i18n';
import { PageHead } from '@/ui';

export default function Page() {
  const { t } = useI18n();
  useTitle(t('references.tab.delais'));
  return (
    <>
      <PageHead title={t('references.tab.delais')} lede={t('references.lede.delais')} />
      <Delays />
    </>
  );
}
