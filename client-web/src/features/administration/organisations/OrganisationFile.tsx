import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import Pencil from 'icon:pencil';
import Plus from 'icon:plus';
import { errorText, queries, type Id, type Membership, type OrganisationDetail } from '@/api';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, Card, CountryTag, ErrorNotice, IconButton, Link, PageHead, Skeleton, Tag } from '@/ui';
import { daysText } from '@/app/days';
import { MandateLine } from '../MandateLine';
import { organisationPath, organisationsPath, personPath } from '../places';
import { MembershipDialog } from './MembershipDialog';
import { OrganisationDialog } from './OrganisationDialog';

/** Everything about one organisation. */
export function OrganisationFile({ id }: { id: Id }) {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(queries.organisation(id));
  const [open, setOpen] = useState<'edit' | 'join' | Membership | null>(null);
  useTitle(data?.name ?? t('people.organisations'));
  if (!data)
    return error ? (
      <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={8} />
    );
  const close = () => setOpen(null);
  return (
    <>
      <PageHead
        title={data.name}
        crumbs={[{ label: t('people.organisations'), to: organisationsPath }]}
        lede={
          <>
            <CountryTag country={data.country} /> {data.kind}
          </>
        }
        actions={
          <Button icon={Pencil} onPress={() => setOpen('edit')}>
            {t('people.edit')}
          </Button>
        }
      />
      <div className="adm-cards">
        <Facts organisation={data} />
        <Card
          title={t('people.memberships')}
          count={data.bodies.length}
          end={
            <Button size="s" icon={Plus} onPress={() => setOpen('join')}>
              {t('people.membership.add')}
            </Button>
          }
        >
          <Memberships list={data.bodies} empty={t('people.memberships.none')} onEdit={setOpen} />
        </Card>
        {data.members.length > 0 && (
          <Card title={t('people.members')} count={data.members.length}>
            <Memberships list={data.members} empty="" />
          </Card>
        )}
        <Card title={t('people.mandates')} count={data.mandates.length}>
          {data.mandates.length === 0 && <p className="panel-b muted">{t('people.mandates.none.here')}</p>}
          <ul className="rows">
            {data.mandates.map((each) => (
              <MandateLine
                key={each.id}
                mandate={each}
                title={<Link to={personPath(each.person.id)}>{each.person.name}</Link>}
                under={each.function}
              />
            ))}
          </ul>
        </Card>
      </div>
      {open === 'edit' && <OrganisationDialog organisation={data} onClose={close} onDone={close} />}
      {open === 'join' && <MembershipDialog organisation={data} onClose={close} />}
      {open !== null && typeof open === 'object' && (
        <MembershipDialog organisation={data} membership={open} onClose={close} />
      )}
    </>
  );
}

function Facts({ organisation }: { organisation: OrganisationDetail }) {
  const { t } = useI18n();
  const { numbers, territory, parent, children, short_name } = organisation;
  const facts: [string, ReactNode][] = [[t('people.organisation.short'), short_name]];
  for (const kind of ['siren', 'siret', 'rna', 'uid'] as const)
    if (numbers[kind]) facts.push([t(`people.number.${kind}`), <span className="num">{numbers[kind]}</span>]);
  if (territory)
    facts.push([t('people.territory'), `${territory.name} (${t(`people.unit.${territory.kind}`)})`]);
  if (parent) facts.push([t('people.parent'), <Link to={organisationPath(parent.id)}>{parent.name}</Link>]);
  if (children.length > 0)
    facts.push([
      t('people.children'),
      <ul className="adm-plain">
        {children.map((each) => (
          <li key={each.id}>
            <Link to={organisationPath(each.id)}>{each.name}</Link>
          </li>
        ))}
      </ul>,
    ]);
  return (
    <Card title={t('people.file')}>
      <dl className="adm-facts panel-b">
        {facts.map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Memberships({
  list,
  empty,
  onEdit,
}: {
  list: Membership[];
  empty: string;
  onEdit?: (membership: Membership) => void;
}) {
  const { t, format } = useI18n();
  if (list.length === 0) return <p className="panel-b muted">{empty}</p>;
  return (
    <ul className="rows">
      {list.map((each) => (
        <li key={each.id} className="row">
          <div className="grow">
            <p className="strong">
              <Link to={organisationPath(each.organisation.id)}>{each.organisation.name}</Link>{' '}
              {!each.is_current && <Tag tone="line">{t('people.not.current')}</Tag>}
            </p>
            <p className="meta">{daysText(each, t, format)}</p>
          </div>
          {onEdit && (
            <IconButton
              icon={Pencil}
              size="s"
              label={t('people.membership.edit.of', { name: each.organisation.name })}
              onPress={() => onEdit(each)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}
