import { useTitle } from '@/app/title';
import { Territories } from '@/features/references';
import { useI18n } from '@/i18n';
import { PageHead } from '@/ui';

export default function Page() {
  const { t } = useI18n();
  useTitle(t('references.tab.territoires'));
  return (
    <>
      <PageHead title={t('references.tab.territoires')} lede={t('references.lede.territoires')} />
      <Territories />
    </>
  );
}
