import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { changeWorkspace, queries, type SpaceChange, type Workspace } from '@/api';
import { ContentLanguage } from '@/app/ContentLanguage';
import { useForm } from '@/app/form';
import { SpaceFields } from '@/app/SpaceFields';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice } from '@/ui';

export function EditSpace({ space, onClose }: { space: Workspace; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [language, setLanguage] = useState(space.language.split('-')[0] ?? 'fr');
  const send = useMutation({
    mutationFn: (body: SpaceChange) => changeWorkspace(space.id, body),
    onSuccess: (changed) => {
      client.setQueryData(queries.workspace(space.id).queryKey, changed);
      void client.invalidateQueries({ queryKey: queries.workspaces().queryKey });
      onClose();
    },
  });
  const form = useForm({ name: space.name, description: space.description }, send.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({ ...form.values, language });
  };
  return (
    <Dialog title={t('space.edit')} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <SpaceFields form={form} />
        <ContentLanguage label={t('space.language')} value={language} onChange={setLanguage} />
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
