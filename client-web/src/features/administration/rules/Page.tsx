import { useTitle } from '@/app/title';
import { Rules } from '@/features/references';
import { useI18n } from '@/i18n';
import { PageHead } from '@/ui';

export default function Page() {
  const { t } = useI18n();
  useTitle(t('references.tab.regles'));
  return (
    <>
      <PageHead title={t('references.tab.regles')} lede={t('references.lede.regles')} />
      <Rules />
    </>
  );
}
