import { flushSync } from 'react-dom';
import { Button } from 'react-aria-components/Button';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import X from 'icon:x';
import { useI18n } from '@/i18n';
import { classes } from './classes';

/** How long an undo stays at hand (the design's ten seconds). */
export const undo_ms = 10_000;

export interface ToastMessage {
  text: string;
  note?: string | undefined;
  kind?: 'plain' | 'failure';
  /** The one way back or out: « Annuler », « Réessayer ». */
  action?: { label: string; run: () => void };
}

const queue = new ToastQueue<ToastMessage>({
  maxVisibleToasts: 3,
  wrapUpdate: (update) => flushSync(update),
});

/** Shows a sentence at the foot of the screen. With an action it stays ten seconds (hovering or focusing it holds it). */
export function toast(message: ToastMessage): () => void {
  const key = queue.add(message, { timeout: message.action || message.kind === 'failure' ? undo_ms : 5_000 });
  return () => queue.close(key);
}

export function Toasts() {
  const { t } = useI18n();
  return (
    <ToastRegion queue={queue} className="toasts" aria-label={t('ui.toasts')}>
      {({ toast: shown }) => {
        const { text, note, action, kind } = shown.content;
        const close = () => queue.close(shown.key);
        return (
          <Toast toast={shown} className={classes('toast', kind === 'failure' && 'no')}>
            <ToastContent className="txt">
              <Text slot="title">{text}</Text>
              {note && (
                <Text slot="description" elementType="small">
                  {note}
                </Text>
              )}
            </ToastContent>
            <span className="btns">
              {action && (
                <Button
                  onPress={() => {
                    action.run();
                    close();
                  }}
                >
                  {action.label}
                </Button>
              )}
              <Button slot="close" className="x" aria-label={t('ui.close')}>
                <X size="s" />
              </Button>
            </span>
          </Toast>
        );
      }}
    </ToastRegion>
  );
}
