import { useEffect, useState } from 'react';
import CloudAlert from 'icon:triangle-alert';
import CloudCheck from 'icon:cloud-check';
import CloudOff from 'icon:cloud-off';
import CloudUp from 'icon:cloud-upload';
import type { SaveState } from '@/collab';
import { useI18n } from '@/i18n';
import { classes, type IconType } from '@/ui';

/** A save that is quicker than this is not worth a word: the text would only flicker. */
const kQuietMs = 400;

type Look = 'ok' | 'up' | 'off' | 'ko';

const icons: Record<Look, IconType> = { ok: CloudCheck, up: CloudUp, off: CloudOff, ko: CloudAlert };

function savedText(
  { t, format }: ReturnType<typeof useI18n>,
  savedAt: number | null,
  updatedAt: string,
): string {
  const at = savedAt ?? Date.parse(updatedAt);
  const today = new Date(at).toDateString() === new Date().toDateString();
  return today ? t('document.save.saved.at', { time: format.time(new Date(at)) }) : t('document.save.saved');
}

function describe(
  i18n: ReturnType<typeof useI18n>,
  save: SaveState,
  updatedAt: string,
): { look: Look; text: string } {
  const { t } = i18n;
  const { unsent, kept } = save;
  switch (save.state) {
    case 'saved':
      return { look: 'ok', text: savedText(i18n, save.savedAt, updatedAt) };
    case 'saving':
      return { look: 'up', text: t('document.save.saving') };
    case 'waiting':
      return { look: 'off', text: t('document.save.waiting', { count: unsent }) };
    case 'offline':
      if (unsent === 0) return { look: 'off', text: t('document.save.offline') };
      return {
        look: 'off',
        text: t(kept ? 'document.save.offline.kept' : 'document.save.offline.page', { count: unsent }),
      };
    case 'connecting':
      return { look: 'up', text: t('document.save.connecting') };
    default:
      return unsent > 0
        ? { look: 'ko', text: t('document.save.failed', { count: unsent }) }
        : { look: 'off', text: t('document.save.closed') };
  }
}

// What is shown follows what is true, except that a short "saving" is not shown at all.
function useCalm(save: SaveState): SaveState {
  const [shown, setShown] = useState(save);
  useEffect(() => {
    const brief = save.state === 'saving' && shown.state === 'saved';
    if (!brief) {
      setShown(save);
      return undefined;
    }
    const timer = setTimeout(() => setShown(save), kQuietMs);
    return () => clearTimeout(timer);
    // The number of unsent changes grows while typing: it must not start the wait again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [save.state, save.state === 'saving' ? null : save, shown.state]);
  return save.state === 'saving' && shown.state === 'saving' ? save : shown;
}

export function SaveStatus({ save, updatedAt }: { save: SaveState; updatedAt: string }) {
  const i18n = useI18n();
  const calm = useCalm(save);
  const { look, text } = describe(i18n, calm, updatedAt);
  const Icon = icons[look];
  return (
    <span
      className={classes('save', look === 'off' && 'off', look === 'ko' && 'ko')}
      role="status"
      data-testid="save-state"
      data-state={save.state}
      data-unsent={save.unsent}
    >
      <Icon />
      {text}
    </span>
  );
}
