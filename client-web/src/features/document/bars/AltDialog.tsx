import type { Editor } from '@tiptap/core';
import { useState, type FormEvent } from 'react';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, TextField } from '@/ui';

const kAltMax = 500;

/** The words for an image, for those who do not see it. */
export function AltDialog({
  editor,
  position,
  onClose,
}: {
  editor: Editor;
  position: number;
  onClose(): void;
}) {
  const { t } = useI18n();
  const [alt, setAlt] = useState(() => String(editor.state.doc.nodeAt(position)?.attrs.alt ?? ''));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    editor
      .chain()
      .command(({ tr }) => {
        // Others may have moved or removed it while the dialog was open.
        if (tr.doc.nodeAt(position)?.type.name !== 'image') return false;
        tr.setNodeAttribute(position, 'alt', alt.trim() || null);
        return true;
      })
      .focus()
      .run();
    onClose();
  };
  return (
    <Dialog title={t('document.image.alt')} isOpen onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField
          label={t('document.image.alt.label')}
          hint={t('document.image.alt.hint')}
          value={alt}
          onChange={setAlt}
          maxLength={kAltMax}
          lines={3}
          autoFocus
        />
        <DialogFoot>
          <Button onPress={onClose}>{t('document.cancel')}</Button>
          <Button kind="primary" type="submit">
            {t('document.image.alt.apply')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
