import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { erasePerson, errorText, type Person } from '@/api';
import { useMe } from '@/app/session';
import { useI18n } from '@/i18n';
import { Button, Card, Dialog, DialogFoot, ErrorNotice, TextField, toast } from '@/ui';
import { peoplePath } from '../places';

/** The end of a person's data, which nothing takes back: her name is typed before it. */
export function ErasePerson({ person }: { person: Person }) {
  const { t } = useI18n();
  const me = useMe();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const erase = useMutation({
    mutationFn: () => erasePerson(person.id),
    onSuccess: () => {
      toast({ text: t('privacy.erase.done', { name: person.name }) });
      navigate(peoplePath);
      void client.invalidateQueries();
    },
  });
  if (person.id === me.id) return null;
  const close = () => {
    setAsking(false);
    setTyped('');
    erase.reset();
  };
  return (
    <Card title={t('privacy.erase.title')}>
      <div className="panel-b form">
        <p className="mt-0">{t('privacy.erase.detail')}</p>
        <div className="btns">
          <Button kind="danger" onPress={() => setAsking(true)}>
            {t('privacy.erase.start')}
          </Button>
        </div>
      </div>
      <Dialog title={t('privacy.erase.ask', { name: person.name })} isOpen={asking} onClose={close} alert>
        <div className="form">
          {erase.error && <ErrorNotice title={errorText(erase.error)} />}
          <p>{t('privacy.erase.last')}</p>
          <TextField
            label={t('privacy.erase.type', { name: person.name })}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
          />
        </div>
        <DialogFoot>
          <Button onPress={close}>{t('ui.cancel')}</Button>
          <Button
            kind="destructive"
            isDisabled={typed.trim() !== person.name}
            isPending={erase.isPending}
            onPress={() => erase.mutate()}
          >
            {t('privacy.erase.submit')}
          </Button>
        </DialogFoot>
      </Dialog>
    </Card>
  );
}
