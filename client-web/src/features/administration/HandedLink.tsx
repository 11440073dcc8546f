import { errorText } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, TextField, toast } from '@/ui';

export interface Handed {
  name: string;
  url: string;
}

/** A link that no mail carries: shown once, to copy and pass on. */
export function HandedLink({
  title,
  words,
  url,
  onClose,
}: {
  title: string;
  words: string;
  url: string;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      toast({ text: t('requests.link.copied') });
    } catch (error) {
      toast({ text: errorText(error), kind: 'failure' });
    }
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <div className="form">
        <p>{words}</p>
        <TextField label={title} labelHidden value={url} isReadOnly />
      </div>
      <DialogFoot>
        <Button onPress={onClose}>{t('ui.close')}</Button>
        <Button kind="primary" onPress={() => void copy()}>
          {t('requests.link.copy')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
