import { useLocation } from 'wouter';
import { paths } from '@/app/paths';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { PageHead, TabLinks } from '@/ui';
import { Delays } from './Delays';
import { RatesView } from './RatesView';
import { PersonalData } from './PersonalData';
import { Rules } from './Rules';
import { Terms } from './Terms';
import { Territories } from './Territories';
import './references.css';

export { Delays, RatesView, Rules, Territories };

const tabs = ['delais', 'taux', 'territoires', 'regles', 'termes', 'donnees'] as const;

/** What everybody may look up and compute: delays, rates, territories, rules. */
export default function ReferencesPage() {
  const { t } = useI18n();
  const [location] = useLocation();
  const asked = location.slice(paths.references.length + 1).split('/')[0];
  const tab = tabs.find((each) => each === asked) ?? 'delais';
  useTitle(t(`references.tab.${tab}`));
  return (
    <div className="page ref">
      <PageHead title={t('nav.references')} lede={t('references.lede')} />
      <TabLinks
        label={t('nav.references')}
        items={tabs.map((each) => ({
          label: t(`references.tab.${each}`),
          to: `${paths.references}/${each}`,
          current: each === tab,
        }))}
      />
      {tab === 'delais' && <Delays />}
      {tab === 'taux' && <RatesView />}
      {tab === 'territoires' && <Territories />}
      {tab === 'regles' && <Rules />}
      {tab === 'termes' && <Terms />}
      {tab === 'donnees' && <PersonalData />}
    </div>
  );
}
