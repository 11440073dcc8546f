import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import {
  addOrganisation,
  ApiError,
  changeOrganisation,
  errorText,
  type Country,
  type Id,
  type OrganisationContent,
  type OrganisationDetail,
  type RegistryKind,
} from '@/api';
import { useForm } from '@/app/form';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Option, Select, TextField, toast } from '@/ui';
import { OrganisationChoice, TerritoryChoice } from '../fields';
import { RegistryField } from './RegistryField';

const registers: Record<Country, RegistryKind[]> = { F: ['siren', 'siret', 'rna'], CH: ['uid'] };

/** Makes an organisation, or changes everything that stands in its file. */
export function OrganisationDialog({
  organisation,
  onClose,
  onDone,
}: {
  organisation?: OrganisationDetail;
  onClose: () => void;
  onDone: (done: OrganisationDetail) => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [country, setCountry] = useState<Country>(organisation?.country ?? 'F');
  const [numbers, setNumbers] = useState<Partial<Record<RegistryKind, string>>>(organisation?.numbers ?? {});
  const [territory, setTerritory] = useState<Id | null>(organisation?.territory?.id ?? null);
  const [parent, setParent] = useState<Id | null>(organisation?.parent?.id ?? null);
  const send = useMutation({
    mutationFn: (body: OrganisationContent) =>
      organisation ? changeOrganisation(organisation.id, body) : addOrganisation(body),
    onSuccess: (done) => {
      void client.invalidateQueries({ queryKey: ['organisations'] });
      void client.invalidateQueries({ queryKey: ['organisation'] });
      toast({ text: t('people.organisation.saved', { name: done.name }) });
      onDone(done);
    },
  });
  const form = useForm(
    {
      name: organisation?.name ?? '',
      short_name: organisation?.short_name ?? '',
      kind: organisation?.kind ?? '',
      territory_id: '',
      parent_id: '',
      numbers: '',
    },
    send.error,
  );
  const numberError = (kind: RegistryKind) =>
    send.error instanceof ApiError && send.error.field === `numbers.${kind}` ? errorText(send.error) : null;
  // A number that was typed while the other country was chosen stays, and stays to be seen.
  const shown = (['siren', 'siret', 'rna', 'uid'] as const).filter(
    (kind) => registers[country].includes(kind) || Boolean(numbers[kind]),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, short_name, kind } = form.values;
    send.mutate({ name, short_name, kind, country, territory_id: territory, parent_id: parent, numbers });
  };
  return (
    <Dialog
      title={t(organisation ? 'people.organisation.edit' : 'people.organisation.add')}
      isOpen
      onClose={onClose}
      wide
    >
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField label={t('people.organisation.name')} isRequired autoFocus {...form.field('name')} />
        <div className="adm-pair">
          <TextField
            label={t('people.organisation.short')}
            hint={t('people.organisation.short.hint')}
            {...form.field('short_name')}
          />
          <TextField
            label={t('people.organisation.kind')}
            hint={t('people.organisation.kind.hint')}
            {...form.field('kind')}
          />
        </div>
        <Select label={t('people.country')} value={country} onChange={(key) => setCountry(key as Country)}>
          <Option id="F" textValue={t('country.f')}>
            {t('country.f')}
          </Option>
          <Option id="CH" textValue={t('country.ch')}>
            {t('country.ch')}
          </Option>
        </Select>
        <div className="adm-pair">
          {shown.map((kind) => (
            <RegistryField
              key={kind}
              kind={kind}
              value={numbers[kind] ?? ''}
              onChange={(text) => setNumbers((old) => ({ ...old, [kind]: text }))}
              error={numberError(kind)}
            />
          ))}
        </div>
        <TerritoryChoice
          label={t('people.territory')}
          hint={t('people.territory.hint')}
          chosen={organisation?.territory ?? null}
          error={form.errorOf('territory_id')}
          onChange={setTerritory}
        />
        <OrganisationChoice
          label={t('people.parent')}
          hint={t('people.parent.hint')}
          chosen={organisation?.parent ?? null}
          {...(organisation ? { without: organisation.id } : {})}
          error={form.errorOf('parent_id')}
          onChange={setParent}
        />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!form.filled('name')}>
            {t('ui.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
