// What stands in place of the text when there is none to show, and above it when it cannot be changed.
import { useState } from 'react';
import CloudOff from 'icon:cloud-off';
import FileX from 'icon:file-x-2';
import Lock from 'icon:lock';
import Trash from 'icon:trash-2';
import { ApiError, errorText, restoreDocument } from '@/api';
import { useI18n } from '@/i18n';
import { Button, ButtonLink, EmptyState, ErrorNotice, Notice, toast } from '@/ui';

export function Trashed({ documentId, onRestored }: { documentId: string; onRestored(): void }) {
  const { t } = useI18n();
  const [busy, setBusy] = useState(false);
  const restore = async (): Promise<void> => {
    setBusy(true);
    try {
      await restoreDocument(documentId);
      onRestored();
    } catch (error) {
      setBusy(false);
      toast({ text: errorText(error), kind: 'failure' });
    }
  };
  return (
    <EmptyState
      icon={Trash}
      title={t('document.trashed')}
      action={
        <Button onPress={() => void restore()} isPending={busy}>
          {t('document.trashed.restore')}
        </Button>
      }
    >
      {t('document.trashed.detail')}
    </EmptyState>
  );
}

export function NotThere({ back }: { back: string }) {
  const { t } = useI18n();
  return (
    <EmptyState
      icon={FileX}
      title={t('document.not.found')}
      action={<ButtonLink to={back}>{t('document.back')}</ButtonLink>}
    >
      {t('document.not.found.detail')}
    </EmptyState>
  );
}

export function Denied({ back }: { back: string }) {
  const { t } = useI18n();
  return (
    <EmptyState
      icon={Lock}
      title={t('document.denied')}
      action={<ButtonLink to={back}>{t('document.back')}</ButtonLink>}
    >
      {t('document.denied.detail')}
    </EmptyState>
  );
}

export function NoCopy({ onRetry }: { onRetry(): void }) {
  const { t } = useI18n();
  return (
    <EmptyState
      icon={CloudOff}
      title={t('document.no.copy')}
      action={<Button onPress={onRetry}>{t('ui.retry')}</Button>}
    >
      {t('document.no.copy.detail')}
    </EmptyState>
  );
}

/** Chooses the words for an answer that was no document. */
export function Unreadable({
  error,
  documentId,
  back,
  onRetry,
}: {
  error: unknown;
  documentId: string;
  back: string;
  onRetry(): void;
}) {
  if (error instanceof ApiError) {
    if (error.status === 410) return <Trashed documentId={documentId} onRestored={onRetry} />;
    if (error.status === 404) return <NotThere back={back} />;
    if (error.status === 403) return <Denied back={back} />;
    if (error.offline) return <NoCopy onRetry={onRetry} />;
  }
  return <ErrorNotice title={errorText(error)} onRetry={onRetry} />;
}

/** The right to write was taken away while changes waited here: they are shown, and can only be taken or left. */
export function Unsendable({
  count,
  onCopy,
  onDiscard,
}: {
  count: number;
  onCopy(): void;
  onDiscard(): void;
}) {
  const { t } = useI18n();
  return (
    <Notice tone="no" title={t('document.refused', { count })} announce>
      {t('document.refused.detail')}
      <div className="btns">
        <Button size="s" onPress={onCopy}>
          {t('document.refused.copy')}
        </Button>
        <Button size="s" kind="danger" onPress={onDiscard}>
          {t('document.refused.discard')}
        </Button>
      </div>
    </Notice>
  );
}
