import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { createTerritory, createWorkspace, errorText, queries, type Territory } from '@/api';
import { ContentLanguage } from '@/app/ContentLanguage';
import { useForm, type Form } from '@/app/form';
import { initialsOf } from '@/app/initials';
import { paths } from '@/app/paths';
import { useMe } from '@/app/session';
import { SpaceFields } from '@/app/SpaceFields';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Notice, Option, Select, Skeleton, TextField } from '@/ui';

/** A space stands in a territory; whoever administers makes that one too, here, when it is not there yet. */
export function CreateSpace({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  const me = useMe();
  const mayCreate = me.permissions.includes('workspace.create');
  const { data, error, refetch } = useQuery(queries.territories());
  return (
    <Dialog title={t('spaces.create')} isOpen onClose={onClose}>
      {!mayCreate ? (
        <Notice tone="wait" title={t('spaces.create.whom')}>
          {t('spaces.create.whom.detail')}
        </Notice>
      ) : data ? (
        <SpaceForm territories={data.territories} onClose={onClose} />
      ) : error ? (
        <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={6} />
      )}
    </Dialog>
  );
}

/** The choice that stands for a territory which is still to be made. */
const fresh = 'new';

function SpaceForm({ territories, onClose }: { territories: Territory[]; onClose: () => void }) {
  const { t, language } = useI18n();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(territories.length === 0 ? fresh : null);
  const [content, setContent] = useState<string>(language);
  const territory = useMutation({
    mutationFn: createTerritory,
    onSuccess: () => client.invalidateQueries({ queryKey: queries.territories().queryKey }),
  });
  const space = useMutation({
    mutationFn: createWorkspace,
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: queries.workspaces().queryKey });
      void client.invalidateQueries({ queryKey: queries.home().queryKey });
      onClose();
      navigate(paths.workspace(made.id));
    },
  });
  const form = useForm({ name: '', description: '', territory_id: '' }, space.error);
  const place = useForm({ name: '', short: '' }, territory.error);
  const made = chosen === fresh;

  const submit = async () => {
    const { name, description } = form.values;
    // A name that exists already answers with the territory that has it: sending twice makes one.
    const territory_id = made
      ? (
          await territory.mutateAsync({
            name: place.values.name,
            short: place.values.short.trim() || initialsOf(place.values.name),
          })
        ).id
      : (chosen ?? '');
    await space.mutateAsync({ name, description, territory_id, language: content });
  };

  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        // What fails is told beside its field, or above.
        submit().catch(() => undefined);
      }}
      noValidate
    >
      {(form.above ?? place.above) && <ErrorNotice title={form.above ?? place.above ?? ''} />}
      <SpaceFields form={form} />
      {territories.length > 0 && (
        <Select
          label={t('space.territory')}
          value={chosen}
          onChange={(key) => setChosen(key === null ? null : String(key))}
          error={form.errorOf('territory_id')}
          isRequired
        >
          {territories.map((each) => (
            <Option key={each.id} id={each.id} textValue={each.name}>
              {each.name}
            </Option>
          ))}
          <Option id={fresh} textValue={t('territory.new')}>
            {t('territory.new')}
          </Option>
        </Select>
      )}
      {made && <NewTerritory form={place} first={territories.length === 0} />}
      <ContentLanguage label={t('space.language')} value={content} onChange={setContent} />
      <DialogFoot>
        <Button onPress={onClose}>{t('ui.cancel')}</Button>
        <Button
          type="submit"
          kind="primary"
          isPending={territory.isPending || space.isPending}
          isDisabled={!form.filled('name') || !chosen || (made && !place.filled('name'))}
        >
          {t('spaces.create.submit')}
        </Button>
      </DialogFoot>
    </form>
  );
}

function NewTerritory({ form, first }: { form: Form<'name' | 'short'>; first: boolean }) {
  const { t } = useI18n();
  return (
    <fieldset className="sp-t">
      <legend className="lab">{t(first ? 'territory.first' : 'territory.new.legend')}</legend>
      <p className="hint">{t('territory.hint')}</p>
      <TextField
        label={t('territory.name')}
        placeholder={t('territory.name.example')}
        autoComplete="off"
        isRequired
        {...form.field('name')}
      />
      <TextField
        label={t('territory.short')}
        hint={t('territory.short.hint')}
        placeholder={initialsOf(form.values.name)}
        autoComplete="off"
        maxLength={40}
        {...form.field('short')}
      />
    </fieldset>
  );
}
