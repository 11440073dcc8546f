import { useTitle } from '@/app/title';
import { RatesView } from '@/features/references';
import { useI18n } from '@/i18n';
import { PageHead } from '@/ui';

export default function Page() {
  const { t } = useI18n();
  useTitle(t('references.tab.taux'));
  return (
    <>
      <PageHead title={t('references.tab.taux')} lede={t('references.lede.taux')} />
      <RatesView canImport />
    </>
  );
}
