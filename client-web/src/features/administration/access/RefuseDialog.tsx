import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { queries, refuseAccess, type AccessRequest } from '@/api';
import { useForm } from '@/app/form';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, TextField, toast } from '@/ui';

/** Refuses, with words or in silence. */
export function RefuseDialog({ request, onClose }: { request: AccessRequest; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (message: string) => refuseAccess(request.id, message),
    onSuccess: () => {
      toast({ text: t('access.refused', { name: request.name || request.email }) });
      onClose();
    },
    onSettled: () => void client.invalidateQueries({ queryKey: queries.accessRequests().queryKey }),
  });
  const form = useForm({ message: '' }, send.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(form.values.message);
  };
  return (
    <Dialog title={t('requests.refuse.title')} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          label={t('requests.refuse.words')}
          hint={t('requests.refuse.hint')}
          lines={5}
          autoFocus
          {...form.field('message')}
        />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="destructive" isPending={send.isPending}>
            {t('access.refuse')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
