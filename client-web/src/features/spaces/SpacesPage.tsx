import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import FolderOpen from 'icon:folder-open';
import Plus from 'icon:plus';
import { queries } from '@/api';
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

/** Every space I may enter, territory after territory. */
export function SpacesPage() {
  const { t, format } = useI18n();
  useTitle(t('nav.spaces'));
  const me = useMe();
  const mayCreate = me.permissions.includes('workspace.create');
  const [, navigate] = useLocation();
  // The home of an instance that has no space yet leads straight to the dialog.
  const asked = useSearch() === paths.createSpace.split('?')[1];
  const [wanted, setCreating] = useState(false);
  const creating = wanted || asked;
  const close = () => {
    setCreating(false);
    if (asked) navigate(paths.spaces, { replace: true });
  };
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
          when: () => mayCreate,
          run: () => setCreating(true),
        },
      ],
      [t, mayCreate],
    ),
  );

  const spaces = useMemo(() => {
    const wanted = fold(filter.trim());
    return (data?.workspaces ?? [])
      .filter(
        (each) => !wanted || fold(`${each.name} ${each.description} ${each.territory.name}`).includes(wanted),
      )
      .sort((a, b) => format.compare(a.territory.name, b.territory.name) || format.compare(a.name, b.name));
  }, [data, filter, format]);

  if (!data && error) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <div className="page">
      <PageHead
        title={t('nav.spaces')}
        lede={t('spaces.lede')}
        actions={
          mayCreate && (
            <Button kind="primary" icon={Plus} onPress={() => setCreating(true)}>
              {t('spaces.create')}
            </Button>
          )
        }
      />
      {!data && <Skeleton lines={6} />}
      {data?.workspaces.length === 0 && (
        <section className="panel">
          <EmptyState icon={FolderOpen} title={t(mayCreate ? 'spaces.none' : 'spaces.empty')}>
            {t(mayCreate ? 'spaces.empty.admin' : 'spaces.empty.detail')}
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
      <ul className="sp-g">
        {spaces.map((space) => (
          <li key={space.id} className="panel sp-c">
            {space.territory.name !== space.name && <p className="over">{space.territory.name}</p>}
            <h2>
              <Link to={paths.workspace(space.id)} className="title-l">
                {space.name}
              </Link>
            </h2>
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
      {filter && spaces.length === 0 && <p className="muted">{t('ui.nothing.found')}</p>}
      {creating && <CreateSpace onClose={close} />}
    </div>
  );
}
