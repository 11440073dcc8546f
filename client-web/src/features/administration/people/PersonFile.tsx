import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import Pencil from 'icon:pencil';
import Plus from 'icon:plus';
import { errorText, queries, setAdministrator, type Id, type Mandate, type Person } from '@/api';
import { useMe } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import {
  Button,
  Card,
  CountryTag,
  ErrorNotice,
  IconButton,
  Link,
  PageHead,
  Skeleton,
  Switch,
  toast,
} from '@/ui';
import { MandateLine } from '../MandateLine';
import { organisationPath, peoplePath } from '../places';
import { ErasePerson } from './ErasePerson';
import { HandLink } from './HandLink';
import { MandateDialog } from './MandateDialog';
import { PersonWays } from './PersonWays';
import { StandingCard } from './StandingCard';

/** One person: her mandates, and whether she administers the instance. */
export function PersonFile({ id }: { id: Id }) {
  const { t } = useI18n();
  const me = useMe();
  const { data, error, refetch } = useQuery(queries.person(id));
  useTitle(data?.name ?? t('people.people'));
  if (!data)
    return error ? (
      <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={8} />
    );
  return (
    <>
      <PageHead
        title={data.name}
        crumbs={[{ label: t('people.people'), to: peoplePath }]}
        lede={
          <>
            {[data.function, data.organisation?.name].filter(Boolean).join(', ')}{' '}
            {data.organisation && <CountryTag country={data.organisation.country} />}
          </>
        }
      />
      <div className="adm-cards">
        <Mandates person={data} />
        <StandingCard id={id} />
        {me.permissions.includes('administrators.manage') && <Rights person={data} />}
        <PersonWays person={data} />
        {me.permissions.includes('administrators.manage') && <HandLink person={data} />}
        <ErasePerson person={data} />
      </div>
    </>
  );
}

function Mandates({ person }: { person: Person }) {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(queries.mandates(person.id));
  const [open, setOpen] = useState<'add' | Mandate | null>(null);
  const close = () => setOpen(null);
  return (
    <Card
      title={t('people.mandates')}
      count={data?.mandates.length}
      end={
        <Button size="s" icon={Plus} onPress={() => setOpen('add')}>
          {t('people.mandate.add')}
        </Button>
      }
    >
      {!data && (
        <div className="panel-b">
          {error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />}
        </div>
      )}
      {data?.mandates.length === 0 && <p className="panel-b muted">{t('people.mandates.none')}</p>}
      <ul className="rows">
        {data?.mandates.map((each) => (
          <MandateLine
            key={each.id}
            mandate={each}
            title={each.function}
            under={each.organisation.short_name}
            end={
              <>
                <Link to={organisationPath(each.organisation.id)} className="vh">
                  {each.organisation.name}
                </Link>
                <IconButton
                  icon={Pencil}
                  size="s"
                  label={t('people.mandate.edit.of', { name: each.function })}
                  onPress={() => setOpen(each)}
                />
              </>
            }
          />
        ))}
      </ul>
      {open === 'add' && <MandateDialog person={person} onClose={close} />}
      {open !== null && typeof open === 'object' && (
        <MandateDialog person={person} mandate={open} onClose={close} />
      )}
    </Card>
  );
}

function Rights({ person }: { person: Person }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (on: boolean) => setAdministrator(person.id, on),
    onError: (failure) => toast({ text: errorText(failure), kind: 'failure' }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ['people'] });
      void client.invalidateQueries({ queryKey: queries.person(person.id).queryKey });
      // One may have taken the right from oneself.
      void client.invalidateQueries({ queryKey: queries.bootstrap().queryKey });
    },
  });
  return (
    <Card title={t('people.rights')}>
      <div className="panel-b">
        <Switch
          isSelected={send.isPending ? send.variables : person.is_admin === true}
          onChange={(on) => send.mutate(on)}
          hint={<span className="block">{t('people.administrator.hint')}</span>}
        >
          {t('people.administrator')}
        </Switch>
      </div>
    </Card>
  );
}
