import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { errorText, makeRecoveryLink, type Person } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Card, toast } from '@/ui';
import { HandedLink } from '../HandedLink';

/** A link that sets a password, for somebody who cannot get one by mail. */
export function HandLink({ person }: { person: Person }) {
  const { t } = useI18n();
  const [url, setUrl] = useState<string | null>(null);
  const send = useMutation({
    mutationFn: () => makeRecoveryLink(person.id),
    onSuccess: ({ token }) => setUrl(`${location.origin}/lien#${token}`),
    onError: (failure) => toast({ text: errorText(failure), kind: 'failure' }),
  });
  return (
    <Card title={t('recovery.hand')}>
      <div className="panel-b form">
        <p className="muted">{t('recovery.hand.hint')}</p>
        <div className="btns">
          <Button isPending={send.isPending} onPress={() => send.mutate()}>
            {t('recovery.hand.make')}
          </Button>
        </div>
      </div>
      {url && (
        <HandedLink
          title={t('recovery.hand')}
          words={t('recovery.hand.made', { name: person.name })}
          url={url}
          onClose={() => setUrl(null)}
        />
      )}
    </Card>
  );
}
