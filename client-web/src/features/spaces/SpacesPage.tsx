import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import FolderOpen from 'icon:folder-open';
import Plus from 'icon:plus';
import { queries, type Workspace } from '@/api';
import { useActions, type Action } from '@/app/actions';
import { Failure } from '@/app/Failure';
import { paths } from '@/app/paths';
import { fold } from '@/app/search_text';
import { useMe } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, EmptyState, Link, PageHead, SearchField, Skeleton, TwoSidedBar } from '@/ui';
import { CreateSpace } from './CreateSpace';
import './spaces.css';

/** Every space I may enter, by territory. */
export function SpacesPage() {
  const { t, format } = useI18n();
  useTitle(t('nav.spaces'));
  const me = useMe();
  const [creating, setCreating] = useState(false);
  const [filter, setFilter] = useState('');
  const { data, error, refetch } = useQuery(queries.workspaces());

  useActions(
    useMemo<Action[]>(
      () => [
        {
          id: 'create.space',
          title: t('spaces.create'),
          group: 'do',
          icon: Plus,
          keys: 'c e',
          when: () => me.is_admin === true,
          run: () => setCreating(true),
        },
      ],
      [t, me.is_admin],
    ),
  );

  const groups = useMemo(() => {
    const wanted = fold(filter.trim());
    const byTerritory = new Map<string, Workspace[]>();
    for (const space of data?.workspaces ?? []) {
      if (wanted && !fold(`${space.name} ${space.description} ${space.territory.name}`).includes(wanted))
        continue;
      byTerritory.set(space.territory.name, [...(byTerritory.get(space.territory.name) ?? []), space]);
    }
    return [...byTerritory].sort(([a], [b]) => format.compare(a, b));
  }, [data, filter, format]);

  if (!data && error) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <div className="page">
      <PageHead
        title={t('nav.spaces')}
        lede={t('spaces.lede')}
        actions={
          me.is_admin && (
            <Button kind="primary" icon={Plus} onPress={() => setCreating(true)}>
              {t('spaces.create')}
            </Button>
          )
        }
      />
      {!data && <Skeleton lines={6} />}
      {data?.workspaces.length === 0 && (
        <section className="panel">
          <EmptyState icon={FolderOpen} title={t('spaces.empty')}>
            {t(me.is_admin ? 'spaces.empty.admin' : 'spaces.empty.detail')}
          </EmptyState>
        </section>
      )}
      {data && data.workspaces.length > 6 && (
        <div className="sp-f">
          <SearchField
            label={t('spaces.filter')}
            placeholder={t('spaces.filter')}
            value={filter}
            onChange={setFilter}
          />
        </div>
      )}
      {groups.map(([territory, spaces]) => (
        <section key={territory} className="sp-s" aria-label={territory}>
          <h2>{territory}</h2>
          <ul className="sp-g">
            {spaces.map((space) => (
              <li key={space.id} className="panel sp-c">
                <h3>
                  <Link to={paths.workspace(space.id)} className="title-l">
                    {space.name}
                  </Link>
                </h3>
                <p className="muted">{space.description}</p>
                <TwoSidedBar
                  f={space.counts.members_f}
                  ch={space.counts.members_ch}
                  label={t('members.sides', { f: space.counts.members_f, ch: space.counts.members_ch })}
                />
                <p className="meta">
                  {t('count.documents', { count: space.counts.documents })},{' '}
                  {t('spaces.updated', { when: format.ago(space.updated_at) })}
                </p>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {filter && groups.length === 0 && <p className="muted">{t('ui.nothing.found')}</p>}
      {creating && <CreateSpace onClose={() => setCreating(false)} />}
    </div>
  );
}
