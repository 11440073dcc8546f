import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { changeWorkspace, fieldError, formError, queries, type Workspace } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Option, Select, TextField } from '@/ui';

export function EditSpace({ space, onClose }: { space: Workspace; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [name, setName] = useState(space.name);
  const [description, setDescription] = useState(space.description);
  const [language, setLanguage] = useState(space.language.split('-')[0] ?? 'fr');
  const send = useMutation({
    mutationFn: () => changeWorkspace(space.id, { name, description, language }),
    onSuccess: (changed) => {
      client.setQueryData(queries.workspace(space.id).queryKey, changed);
      void client.invalidateQueries({ queryKey: queries.workspaces().queryKey });
      onClose();
    },
  });
  const above = formError(send.error, 'name', 'description');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <Dialog title={t('space.edit')} isOpen onClose={onClose}>
      {above && <ErrorNotice title={above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          label={t('space.name')}
          value={name}
          onChange={setName}
          error={fieldError(send.error, 'name')}
          autoFocus
          isRequired
        />
        <TextField
          label={t('space.description')}
          hint={t('space.description.hint')}
          value={description}
          onChange={setDescription}
          error={fieldError(send.error, 'description')}
          lines={3}
        />
        <Select label={t('space.language')} value={language} onChange={(key) => setLanguage(String(key))}>
          <Option id="fr" textValue={t('language.fr')}>
            {t('language.fr')}
          </Option>
          <Option id="de" textValue={t('language.de')}>
            {t('language.de')}
          </Option>
        </Select>
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!name.trim()}>
            {t('ui.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
