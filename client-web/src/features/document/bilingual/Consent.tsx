import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, Link } from '@/ui';

/** What leaves the server, and where it goes: said before the first time. */
export function Consent({ host, onAgree, onClose }: { host: string; onAgree(): void; onClose(): void }) {
  const { t } = useI18n();
  return (
    <Dialog title={t('translation.consent.title', { host })} isOpen onClose={onClose} alert>
      <p data-testid="consent">{t('translation.consent', { host })}</p>
      <p>
        <Link to={paths.register}>{t('translation.consent.register')}</Link>
      </p>
      <DialogFoot>
        <Button onPress={onClose}>{t('ui.cancel')}</Button>
        <Button kind="primary" onPress={onAgree}>
          {t('translation.consent.yes')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
