import { useQuery } from '@tanstack/react-query';
import { passagesIn, queries, waitingIn, type TwinCounts, type Workspace } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { Card, LanguageTag, Link } from '@/ui';

/** What must be translated in the space, the longest way first; nothing in a space without twins. */
export function Translations({ space }: { space: Workspace }) {
  const { t } = useI18n();
  const { data } = useQuery(queries.twins(space.id));
  const all = (data?.sets ?? []).flatMap(({ source_id, documents }) =>
    documents.slice(1).map((document) => ({ ...document, source_id })),
  );
  if (all.length === 0) return null;
  const waiting = all
    .filter(({ counts }) => waitingIn(counts) > 0)
    .sort((a, b) => waitingIn(b.counts) - waitingIn(a.counts));
  return (
    <Card title={t('twins.overview')}>
      <div className="panel-b" data-testid="to-translate">
        {waiting.length === 0 && <p className="muted">{t('twins.overview.done')}</p>}
        <ul className="rows">
          {waiting.map(({ id, source_id, title, language, counts }) => (
            <li key={id}>
              <p>
                <LanguageTag language={language} />{' '}
                <Link to={paths.bilingual(space.id, id, source_id)} className="title-l">
                  <span lang={language}>{title}</span>
                </Link>
              </p>
              {counts && <p className="meta">{wordsOf(counts, t)}</p>}
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function wordsOf(counts: TwinCounts, t: ReturnType<typeof useI18n>['t']): string {
  const kinds = (['stale', 'review', 'missing', 'orphan'] as const).filter((kind) => counts[kind] > 0);
  return [
    t('twins.progress', { current: counts.current, total: passagesIn(counts) }),
    ...kinds.map((kind) => t(`twins.count.${kind}`, { count: counts[kind] })),
  ].join(', ');
}
