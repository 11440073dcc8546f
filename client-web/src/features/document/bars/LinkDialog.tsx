import type { Editor } from '@tiptap/core';
import { useState, type FormEvent } from 'react';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, TextField } from '@/ui';
import { linkAddress } from '../editor/links';

/** Asks where the selected text should lead; without a selection it asks for the text as well. */
export function LinkDialog({ editor, onClose }: { editor: Editor; onClose(): void }) {
  const { t } = useI18n();
  const known = editor.isActive('link');
  const [start] = useState(() => ({
    href: known ? String(editor.getAttributes('link').href ?? '') : '',
    needsText: editor.state.selection.empty && !known,
  }));
  const [href, setHref] = useState(start.href);
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const address = linkAddress(href);
    setWrong(address === null);
    if (address === null) return;
    const chain = editor.chain().focus();
    if (start.needsText) {
      const words = text.trim() || href.trim();
      chain.insertContent({ type: 'text', text: words, marks: [{ type: 'link', attrs: { href: address } }] });
      chain.unsetMark('link').run();
    } else {
      chain.extendMarkRange('link').setLink({ href: address }).run();
    }
    onClose();
  };
  const remove = (): void => {
    editor.chain().focus().extendMarkRange('link').unsetLink().run();
    onClose();
  };

  return (
    <Dialog title={t(known ? 'document.link.change' : 'document.link.add')} isOpen onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          label={t('document.link.address')}
          hint={t('document.link.hint')}
          error={wrong ? t('document.link.wrong') : null}
          value={href}
          onChange={(value) => {
            setHref(value);
            setWrong(false);
          }}
          inputMode="url"
          autoComplete="off"
          autoFocus
        />
        {start.needsText && (
          <TextField label={t('document.link.text')} value={text} onChange={setText} autoComplete="off" />
        )}
        <DialogFoot>
          {known && (
            <Button kind="danger" onPress={remove}>
              {t('document.link.remove')}
            </Button>
          )}
          <Button onPress={onClose}>{t('document.cancel')}</Button>
          <Button kind="primary" type="submit">
            {t('document.link.apply')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
