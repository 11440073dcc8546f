import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { createWorkspace, fieldError, formError, queries } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Notice, Option, Select, TextField } from '@/ui';

export function CreateSpace({ onClose }: { onClose: () => void }) {
  const { t, language } = useI18n();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const { data } = useQuery(queries.territories());
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [territory, setTerritory] = useState<string | null>(null);
  const [content, setContent] = useState<string>(language);
  const send = useMutation({
    mutationFn: () =>
      createWorkspace({ name, description, territory_id: territory ?? '', language: content }),
    onSuccess: (space) => {
      void client.invalidateQueries({ queryKey: queries.workspaces().queryKey });
      onClose();
      navigate(paths.workspace(space.id));
    },
  });
  const { error } = send;
  const above = formError(error, 'name', 'description', 'territory_id');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <Dialog title={t('spaces.create')} isOpen onClose={onClose}>
      {above && <ErrorNotice title={above} />}
      {data?.territories.length === 0 && <Notice tone="wait">{t('spaces.no.territory')}</Notice>}
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          label={t('space.name')}
          value={name}
          onChange={setName}
          error={fieldError(error, 'name')}
          autoFocus
          isRequired
        />
        <TextField
          label={t('space.description')}
          hint={t('space.description.hint')}
          value={description}
          onChange={setDescription}
          error={fieldError(error, 'description')}
          lines={3}
        />
        <div className="two-c">
          <Select
            label={t('space.territory')}
            items={data?.territories ?? []}
            value={territory}
            onChange={(key) => setTerritory(key === null ? null : String(key))}
            error={fieldError(error, 'territory_id')}
            isRequired
          >
            {(each) => (
              <Option id={each.id} textValue={each.name}>
                {each.name}
              </Option>
            )}
          </Select>
          <Select label={t('space.language')} value={content} onChange={(key) => setContent(String(key))}>
            <Option id="fr" textValue={t('language.fr')}>
              {t('language.fr')}
            </Option>
            <Option id="de" textValue={t('language.de')}>
              {t('language.de')}
            </Option>
          </Select>
        </div>
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button
            type="submit"
            kind="primary"
            isPending={send.isPending}
            isDisabled={!name.trim() || !territory}
          >
            {t('spaces.create.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
