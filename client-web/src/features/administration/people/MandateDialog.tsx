import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import {
  addMandate,
  changeMandate,
  queries,
  type Id,
  type Mandate,
  type Person,
  type Quality,
  type Seat,
} from '@/api';
import { useForm } from '@/app/form';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Option, Select, TextField, toast } from '@/ui';
import { DaysFields, OrganisationChoice } from '../fields';

/** Gives a person a mandate, or changes one; it ends with its last day. */
export function MandateDialog({
  person,
  mandate,
  onClose,
}: {
  person: Person;
  mandate?: Mandate;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const own = person.organisation;
  const [organisation, setOrganisation] = useState<Id | null>(mandate?.organisation.id ?? own?.id ?? null);
  const [quality, setQuality] = useState<Quality>(mandate?.quality ?? 'technician');
  const [seat, setSeat] = useState<Seat>(mandate?.seat ?? 'titular');
  const send = useMutation({
    mutationFn: (body: { function: string; first_day: string; last_day: string }) =>
      mandate
        ? changeMandate(mandate.id, { ...body, quality, seat })
        : addMandate(person.id, { ...body, quality, seat, organisation_id: organisation ?? '' }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: queries.mandates(person.id).queryKey });
      void client.invalidateQueries({ queryKey: ['organisation'] });
      void client.invalidateQueries({ queryKey: queries.bootstrap().queryKey });
      toast({ text: t('people.mandate.saved', { name: person.name }) });
      onClose();
    },
  });
  const form = useForm(
    {
      function: mandate?.function ?? (person.function || ''),
      first_day: mandate?.first_day ?? new Date().toISOString().slice(0, 10),
      last_day: mandate?.last_day ?? '',
      organisation_id: '',
    },
    send.error,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { function: held, first_day, last_day } = form.values;
    send.mutate({ function: held, first_day, last_day });
  };
  return (
    <Dialog title={t(mandate ? 'people.mandate.edit' : 'people.mandate.add')} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        {mandate ? (
          <p className="strong">{mandate.organisation.name}</p>
        ) : (
          <OrganisationChoice
            label={t('people.organisation')}
            chosen={own}
            error={form.errorOf('organisation_id')}
            onChange={setOrganisation}
          />
        )}
        <TextField label={t('field.function')} isRequired {...form.field('function')} />
        <div className="adm-pair">
          <Select label={t('people.quality')} value={quality} onChange={(key) => setQuality(key as Quality)}>
            {(['elected', 'technician'] as const).map((each) => (
              <Option key={each} id={each} textValue={t(`people.quality.${each}`)}>
                {t(`people.quality.${each}`)}
              </Option>
            ))}
          </Select>
          <Select
            label={t('people.seat')}
            hint={t('people.seat.hint')}
            value={seat}
            onChange={(key) => setSeat(key as Seat)}
          >
            {(['titular', 'substitute'] as const).map((each) => (
              <Option key={each} id={each} textValue={t(`people.seat.${each}`)}>
                {t(`people.seat.${each}`)}
              </Option>
            ))}
          </Select>
        </div>
        <DaysFields first={form.field('first_day')} last={form.field('last_day')} needed />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button
            type="submit"
            kind="primary"
            isPending={send.isPending}
            isDisabled={!form.filled('function', 'first_day') || !organisation}
          >
            {t('ui.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
