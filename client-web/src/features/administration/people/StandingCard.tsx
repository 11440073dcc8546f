import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import {
  confirmOrganisation,
  errorText,
  getDirectoryEntry,
  getResponsibilities,
  handOver,
  reactivatePerson,
  suspendPerson,
  type DirectoryEntry,
  type Id,
} from '@/api';
import { useForm } from '@/app/form';
import { useI18n } from '@/i18n';
import {
  Button,
  Card,
  Dialog,
  DialogFoot,
  ErrorNotice,
  Notice,
  Skeleton,
  Switch,
  TextField,
  toast,
} from '@/ui';
import { PersonChoice } from '../choices';

/** Whether a person belongs where she says, whether her account is open, and who takes over from her. */
export function StandingCard({ id }: { id: Id }) {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const [open, setOpen] = useState<'suspend' | 'hand-over' | null>(null);
  const key = ['directory', id];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => getDirectoryEntry(id, signal),
  });
  const takeOver = (entry: DirectoryEntry) => {
    client.setQueryData(key, entry);
    void client.invalidateQueries({ queryKey: ['person', id] });
  };
  const onError = (failure: Error) => toast({ text: errorText(failure), kind: 'failure' });
  const reactivate = useMutation({ mutationFn: () => reactivatePerson(id), onSuccess: takeOver, onError });
  const confirm = useMutation({
    mutationFn: (on: boolean) => confirmOrganisation(id, on ? (data?.organisation?.id ?? null) : null),
    onSuccess: takeOver,
    onError,
  });
  const close = () => setOpen(null);
  return (
    <Card title={t('rights.standing')}>
      <div className="panel-b form">
        {!data &&
          (error ? (
            <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
          ) : (
            <Skeleton lines={3} />
          ))}
        {data?.organisation && (
          <Switch
            isSelected={data.organisation_confirmed}
            onChange={(on) => confirm.mutate(on)}
            hint={<span className="block">{t('rights.belongs.hint')}</span>}
          >
            {t('rights.belongs', { name: data.organisation.name })}
          </Switch>
        )}
        {data?.suspended_at && (
          <Notice tone="no" title={t('rights.suspended.since', { day: format.date(data.suspended_at) })}>
            {data.suspended_reason}
          </Notice>
        )}
        {data && (
          <div className="btns">
            <Button onPress={() => setOpen('hand-over')}>{t('rights.hand.over')}</Button>
            {data.suspended_at ? (
              <Button isPending={reactivate.isPending} onPress={() => reactivate.mutate()}>
                {t('rights.reactivate')}
              </Button>
            ) : (
              <Button onPress={() => setOpen('suspend')}>{t('rights.suspend')}</Button>
            )}
          </div>
        )}
      </div>
      {data && open === 'suspend' && <SuspendDialog person={data} onDone={takeOver} onClose={close} />}
      {data && open === 'hand-over' && <HandOverDialog person={data} onClose={close} />}
    </Card>
  );
}

function SuspendDialog({
  person,
  onDone,
  onClose,
}: {
  person: DirectoryEntry;
  onDone: (entry: DirectoryEntry) => void;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const send = useMutation({
    mutationFn: (reason: string) => suspendPerson(person.id, reason),
    onSuccess: (entry) => {
      onDone(entry);
      onClose();
    },
  });
  const form = useForm({ reason: '' }, send.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(form.values.reason);
  };
  return (
    <Dialog title={t('rights.suspend.of', { name: person.name })} isOpen alert onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <p>{t('rights.suspend.ask')}</p>
        <TextField
          label={t('rights.suspend.reason')}
          hint={t('rights.suspend.reason.hint')}
          isRequired
          autoFocus
          {...form.field('reason')}
        />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button
            type="submit"
            kind="destructive"
            isPending={send.isPending}
            isDisabled={!form.filled('reason')}
          >
            {t('rights.suspend')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** What she answers for is shown before somebody else does. */
function HandOverDialog({ person, onClose }: { person: DirectoryEntry; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [to, setTo] = useState<Id | null>(null);
  const key = ['responsibilities', person.id];
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => getResponsibilities(person.id, signal),
  });
  const send = useMutation({
    mutationFn: (last_day: string) => handOver(person.id, { to: to ?? '', last_day }),
    onSuccess: () => {
      for (const each of [key, ['groups'], ['members'], queryOfMandates(person.id)])
        void client.invalidateQueries({ queryKey: each });
      toast({ text: t('rights.handed.over', { name: person.name }) });
      onClose();
    },
  });
  const form = useForm({ last_day: '', to: '' }, send.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(form.values.last_day);
  };
  return (
    <Dialog title={t('rights.hand.over.of', { name: person.name })} isOpen onClose={onClose}>
      {(form.above ?? error) && <ErrorNotice title={form.above ?? errorText(error)} />}
      <form className="form" onSubmit={submit} noValidate>
        {data ? (
          <ul>
            {data.workspaces.map((each) => (
              <li key={each.id}>
                {t(each.is_last ? 'rights.manages.alone' : 'rights.manages', { name: each.name })}
              </li>
            ))}
            {data.groups.map((each) => (
              <li key={each.id}>{t('rights.answers.for', { name: each.name })}</li>
            ))}
            {data.mandates.map((each) => (
              <li key={each.id}>
                {t('rights.mandate.runs', {
                  name: each.function,
                  organisation: each.organisation.short_name,
                })}
              </li>
            ))}
            <li>{t('rights.open.invitations', { count: data.invitations })}</li>
          </ul>
        ) : (
          <Skeleton lines={3} />
        )}
        <PersonChoice
          label={t('rights.hand.over.to')}
          chosen={null}
          without={person.id}
          error={form.errorOf('to')}
          onChange={setTo}
        />
        {data && data.mandates.length > 0 && (
          <TextField
            type="date"
            label={t('rights.mandates.end')}
            hint={t('rights.mandates.end.hint')}
            {...form.field('last_day')}
          />
        )}
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!to}>
            {t('rights.hand.over')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

const queryOfMandates = (id: Id) => ['mandates', id];
