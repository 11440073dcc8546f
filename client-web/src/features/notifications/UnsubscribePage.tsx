import { useMutation } from '@tanstack/react-query';
import MailX from 'icon:mail-x';
import { errorText, unsubscribe } from '@/api';
import { Entry } from '@/app/Entry';
import { paths } from '@/app/paths';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, ErrorNotice, Link, Notice } from '@/ui';

/** Where the link of a mail leads. Nothing ends by opening it: scanners of mail open links too. */
export function UnsubscribePage({ token }: { token: string }) {
  const { t } = useI18n();
  useTitle(t('notifications.stop.title'));
  const stop = useMutation({ mutationFn: () => unsubscribe(token) });
  return (
    <Entry>
      <h1>{t('notifications.stop.title')}</h1>
      {stop.data ? (
        <Notice tone="ok" announce>
          {t(
            stop.data.class === 'action' ? 'notifications.stop.done.action' : 'notifications.stop.done.info',
          )}
        </Notice>
      ) : (
        <>
          <p>{t('notifications.stop.lede')}</p>
          {stop.error && <ErrorNotice title={errorText(stop.error)} />}
          <Button kind="primary" icon={MailX} isDisabled={stop.isPending} onPress={() => stop.mutate()}>
            {t('notifications.stop.button')}
          </Button>
        </>
      )}
      <p>
        <Link to={paths.notificationSettings}>{t('notifications.stop.settings')}</Link>
      </p>
    </Entry>
  );
}
