import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import FileText from 'icon:file-text';
import UserPlus from 'icon:user-plus';
import { errorText, mayManage, queries, type Document, type Member, type Workspace } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import {
  Avatar,
  AvatarStack,
  Button,
  ButtonLink,
  Card,
  EmptyState,
  ErrorNotice,
  LanguageTag,
  Link,
  Skeleton,
  Table,
  Tag,
  TwoSidedBar,
} from '@/ui';
import { Translations } from './Translations';
import { Invite } from './Invite';

const rows_max = 8;
const members_max = 4;

export function Overview({ space, documents }: { space: Workspace; documents: Document[] | undefined }) {
  const { t } = useI18n();
  return (
    <div className="ws-g">
      <div>
        <Recent space={space} documents={documents} />
      </div>
      <aside aria-label={t('overview.aside')}>
        <About space={space} />
        <Translations space={space} />
        <MembersCard space={space} />
      </aside>
    </div>
  );
}

function Recent({ space, documents }: { space: Workspace; documents: Document[] | undefined }) {
  const { t, format, language } = useI18n();
  const recent = useMemo(
    () =>
      (documents ?? [])
        .filter((each) => each.kind === 'document')
        .sort((a, b) => b.writers.length - a.writers.length || b.updated_at.localeCompare(a.updated_at))
        .slice(0, rows_max),
    [documents],
  );
  const folderOf = (each: Document) => documents?.find((folder) => folder.id === each.parent_id)?.title ?? '';
  return (
    <Card
      title={t('space.documents')}
      end={
        recent.length > 0 && (
          <ButtonLink to={paths.documents(space.id)} kind="quiet" size="s">
            {t('overview.all')}
          </ButtonLink>
        )
      }
    >
      {!documents && (
        <div className="panel-b">
          <Skeleton lines={5} />
        </div>
      )}
      {documents && recent.length === 0 && (
        <EmptyState icon={FileText} title={t('tree.empty')}>
          {t('overview.empty')}
        </EmptyState>
      )}
      {recent.length > 0 && (
        <Table
          className="docs"
          caption={t('overview.recent')}
          columns={[
            { id: 'title', title: t('column.title') },
            { id: 'folder', title: t('column.folder'), secondary: true },
            { id: 'language', title: t('column.language'), narrow: false },
            { id: 'activity', title: t('column.activity'), align: 'end' },
          ]}
        >
          {recent.map((each) => (
            <tr key={each.id}>
              <th scope="row">
                <Link to={paths.document(space.id, each.id)} className="title-l dt">
                  <FileText />
                  <span lang={each.language.startsWith(language) ? undefined : each.language}>
                    {each.title}
                  </span>
                </Link>{' '}
                <span className="only-s">
                  <LanguageTag language={each.language} />
                </span>
              </th>
              <td className="muted hide-m">{folderOf(each)}</td>
              <td className="hide-s">
                <LanguageTag language={each.language} />
              </td>
              <td className="r meta nw">
                {each.writers.length > 0 ? (
                  <span className="row end">
                    <span className="hide-m">{t('writers', { count: each.writers.length })}</span>
                    <AvatarStack people={each.writers} size="s" />
                  </span>
                ) : (
                  format.ago(each.updated_at)
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}

function About({ space }: { space: Workspace }) {
  const { t, format } = useI18n();
  return (
    <Card title={t('overview.about')}>
      <div className="panel-b">
        <dl className="dl">
          <dt>{t('space.territory')}</dt>
          <dd>{space.territory.name}</dd>
          <dt>{t('space.language')}</dt>
          <dd>
            <LanguageTag language={space.language} />
          </dd>
          <dt>{t('overview.my.role')}</dt>
          <dd>
            <Tag tone="line">{t(`role.${space.my_role}`)}</Tag>
          </dd>
          <dt>{t('overview.activity')}</dt>
          <dd>{format.ago(space.updated_at)}</dd>
        </dl>
      </div>
    </Card>
  );
}

function MembersCard({ space }: { space: Workspace }) {
  const { t } = useI18n();
  const [inviting, setInviting] = useState(false);
  const { data, error, refetch } = useQuery(queries.members(space.id));
  const { members_f: f, members_ch: ch } = space.counts;
  const side = (country: 'F' | 'CH') =>
    (data?.members ?? []).filter((each) => each.organisation?.country === country).slice(0, members_max);
  return (
    <Card
      title={t('space.members')}
      end={
        mayManage(space.my_role) && (
          <Button kind="quiet" size="s" icon={UserPlus} onPress={() => setInviting(true)}>
            {t('invite.button')}
          </Button>
        )
      }
    >
      <div className="panel-b">
        <TwoSidedBar f={f} ch={ch} label={t('members.sides', { f, ch })} />
        {!data &&
          (error ? (
            <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
          ) : (
            <Skeleton lines={4} />
          ))}
        {data && (
          <div className="mem">
            <Side members={side('F')} />
            <Side members={side('CH')} />
          </div>
        )}
        <Link to={paths.members(space.id)}>{t('overview.members.all', { count: space.counts.members })}</Link>
      </div>
      {inviting && <Invite space={space} onClose={() => setInviting(false)} />}
    </Card>
  );
}

function Side({ members }: { members: Member[] }) {
  return (
    <ul>
      {members.map((each) => (
        <li key={each.id}>
          <Avatar person={each} size="s" />
          <span>{[each.name, each.organisation?.short_name].filter(Boolean).join(', ')}</span>
        </li>
      ))}
    </ul>
  );
}
