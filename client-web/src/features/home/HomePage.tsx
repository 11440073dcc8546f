import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import FileText from 'icon:file-text';
import FolderOpen from 'icon:folder-open';
import Plus from 'icon:plus';
import { queries, type PlacedDocument, type Workspace } from '@/api';
import { Failure } from '@/app/Failure';
import { useContributions } from '@/app/extensions';
import { paths } from '@/app/paths';
import { useMe } from '@/app/session';
import { useTitle } from '@/app/title';
import { Versions } from '@/app/Versions';
import { useI18n, withWords } from '@/i18n';
import {
  AvatarStack,
  ButtonLink,
  Card,
  EmptyState,
  LanguageTag,
  Link,
  PageHead,
  Skeleton,
  Table,
  TwoSidedBar,
} from '@/ui';
import './home.css';

const ExtensionCards = lazy(withWords(['extensions'], () => import('@/features/extensions/Cards')));

/** Aujourd’hui: what is being written now, what I had in hand, and my spaces with their two sides. */
export function HomePage() {
  const { t, format } = useI18n();
  useTitle(t('nav.today'));
  const me = useMe();
  const hasCards = useContributions('dashboard').length > 0;
  const { data, error, refetch } = useQuery({ ...queries.home(), refetchInterval: 30_000 });
  if (!data && error) return <Failure error={error} onRetry={() => void refetch()} />;
  const writing = data?.writing_now ?? [];
  // An administrator sees every space: without one there is nothing yet in this instance.
  const first = me.permissions.includes('workspace.create') && data?.workspaces.length === 0;
  return (
    <div className="page today">
      <PageHead
        over={capital(format.weekdayDate(new Date()))}
        title={data && !first ? t('home.title', { count: writing.length }) : t('nav.today')}
      />
      <div className="td-g">
        <div>
          {hasCards && (
            <Suspense>
              <ExtensionCards slot="dashboard" />
            </Suspense>
          )}
          {first ? <First /> : <Recent documents={data?.recent} />}
        </div>
        <aside aria-label={t('home.aside')}>
          <WritingNow documents={data?.writing_now} />
          {!first && <Spaces spaces={data?.workspaces} />}
        </aside>
      </div>
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** The first screen of the first administrator: the one thing to do. */
function First() {
  const { t } = useI18n();
  return (
    <section className="panel">
      <EmptyState
        icon={FolderOpen}
        title={t('home.first')}
        action={
          <ButtonLink to={paths.createSpace} kind="primary" icon={Plus}>
            {t('spaces.create')}
          </ButtonLink>
        }
      >
        {t('home.first.detail')}
      </EmptyState>
    </section>
  );
}

function Recent({ documents }: { documents: PlacedDocument[] | undefined }) {
  const { t, format, language } = useI18n();
  if (!documents) {
    return (
      <Card title={t('home.recent')}>
        <div className="panel-b">
          <Skeleton lines={6} />
        </div>
      </Card>
    );
  }
  if (documents.length === 0) {
    return (
      <Card title={t('home.recent')}>
        <EmptyState
          icon={FileText}
          title={t('home.recent.empty')}
          action={<ButtonLink to={paths.spaces}>{t('nav.spaces.all')}</ButtonLink>}
        >
          {t('home.recent.empty.detail')}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card title={t('home.recent')}>
      <Table
        className="docs"
        caption={t('home.recent')}
        columns={[
          { id: 'title', title: t('column.title') },
          { id: 'space', title: t('column.space'), secondary: true },
          { id: 'language', title: t('column.language'), narrow: false },
          { id: 'activity', title: t('column.activity'), align: 'end' },
        ]}
      >
        {documents.map((each) => (
          <tr key={each.id}>
            <th scope="row">
              <Link to={paths.document(each.workspace_id, each.id)} className="title-l dt">
                <FileText />
                <span lang={each.language.startsWith(language) ? undefined : each.language}>
                  {each.title}
                </span>
              </Link>
              <span className="meta only-m">
                {each.workspace.name}{' '}
                <span className="only-s">
                  <Versions document={each} />
                </span>
              </span>
            </th>
            <td className="muted hide-m">{each.workspace.name}</td>
            <td className="hide-s">
              <Versions document={each} />
            </td>
            <td className="r meta nw">
              {each.writers.length > 0 ? (
                <AvatarStack people={each.writers} size="s" />
              ) : (
                format.ago(each.updated_at)
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function WritingNow({ documents }: { documents: PlacedDocument[] | undefined }) {
  const { t, language } = useI18n();
  return (
    <Card title={t('home.writing')}>
      {!documents && (
        <div className="panel-b">
          <Skeleton lines={3} />
        </div>
      )}
      {documents?.length === 0 && (
        <div className="panel-b">
          <p className="muted">{t('home.writing.empty')}</p>
        </div>
      )}
      {documents && documents.length > 0 && (
        <ul className="rows live-l">
          {documents.map((each) => (
            <li key={each.id}>
              <Link to={paths.document(each.workspace_id, each.id)} className="title-l">
                <span lang={each.language.startsWith(language) ? undefined : each.language}>
                  {each.title}
                </span>
              </Link>
              <div className="row between">
                <span className="meta">
                  {t('writers', { count: each.writers.length })} <LanguageTag language={each.language} />
                </span>
                <AvatarStack people={each.writers} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Spaces({ spaces }: { spaces: Workspace[] | undefined }) {
  const { t } = useI18n();
  return (
    <Card
      title={t('nav.spaces.mine')}
      end={
        <ButtonLink to={paths.spaces} kind="quiet" size="s">
          {t('home.spaces.all')}
        </ButtonLink>
      }
    >
      {!spaces && (
        <div className="panel-b">
          <Skeleton lines={4} />
        </div>
      )}
      {spaces?.length === 0 && (
        <EmptyState icon={FolderOpen} title={t('spaces.empty')}>
          {t('spaces.empty.detail')}
        </EmptyState>
      )}
      {spaces && spaces.length > 0 && (
        <ul className="rows sp-l">
          {spaces.map((space) => (
            <li key={space.id}>
              <div className="row between">
                <Link to={paths.workspace(space.id)} className="title-l">
                  {space.name}
                </Link>
                <span className="meta nw">{t('count.documents', { count: space.counts.documents })}</span>
              </div>
              <TwoSidedBar
                f={space.counts.members_f}
                ch={space.counts.members_ch}
                label={t('members.sides', { f: space.counts.members_f, ch: space.counts.members_ch })}
              />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
