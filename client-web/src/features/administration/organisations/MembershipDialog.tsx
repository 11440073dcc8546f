import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { addMembership, changeMembership, type Id, type Membership, type OrganisationDetail } from '@/api';
import { useForm } from '@/app/form';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, toast } from '@/ui';
import { DaysFields, OrganisationChoice } from '../fields';

/** Makes the organisation a member of another one, or changes the days of a membership. */
export function MembershipDialog({
  organisation,
  membership,
  onClose,
}: {
  organisation: OrganisationDetail;
  membership?: Membership;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [body, setBody] = useState<Id | null>(membership?.organisation.id ?? null);
  const send = useMutation({
    mutationFn: (days: { first_day: string; last_day: string }) =>
      membership
        ? changeMembership(organisation.id, membership.id, days)
        : addMembership(organisation.id, { ...days, body_id: body ?? '' }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['organisation'] });
      toast({ text: t('people.organisation.saved', { name: organisation.name }) });
      onClose();
    },
  });
  const form = useForm(
    { first_day: membership?.first_day ?? '', last_day: membership?.last_day ?? '', body_id: '' },
    send.error,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({ first_day: form.values.first_day, last_day: form.values.last_day });
  };
  return (
    <Dialog
      title={t('people.membership.of', { name: membership?.organisation.name ?? organisation.name })}
      isOpen
      onClose={onClose}
    >
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        {!membership && (
          <OrganisationChoice
            label={t('people.membership.body')}
            chosen={null}
            without={organisation.id}
            error={form.errorOf('body_id')}
            onChange={setBody}
            autoFocus
          />
        )}
        <DaysFields first={form.field('first_day')} last={form.field('last_day')} />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!body}>
            {t('ui.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
