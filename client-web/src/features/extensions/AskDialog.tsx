import type { DialogOptions } from '@cluse/sdk';
import { useEffect, useRef } from 'react';
import { Button, Dialog, DialogFoot } from '@/ui';

/** A dialog that a module asked for. Closing it is the answer null. */
export function AskDialog({
  options: { title, body, actions },
  onAnswer,
}: {
  options: DialogOptions<unknown>;
  onAnswer: (value: unknown) => void;
}) {
  const own = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (body instanceof HTMLElement) own.current?.replaceChildren(body);
  }, [body]);
  return (
    <Dialog
      title={title}
      isOpen
      onClose={() => onAnswer(null)}
      alert={actions.some(({ kind }) => kind === 'danger')}
    >
      {typeof body === 'string' ? (
        <div className="ext-d">
          {body.split('\n').map((line, index) => (
            <p key={index}>{line}</p>
          ))}
        </div>
      ) : (
        <div className="ext-d cl-root" ref={own} />
      )}
      <DialogFoot>
        {actions.map(({ label, value, kind }, index) => (
          <Button
            key={index}
            kind={kind === 'danger' ? 'destructive' : (kind ?? 'plain')}
            onPress={() => onAnswer(value)}
          >
            {label}
          </Button>
        ))}
      </DialogFoot>
    </Dialog>
  );
}
