import type { Editor } from '@tiptap/core';
import { useState, type MouseEvent } from 'react';
import TableOfContents from 'icon:table-of-contents';
import { useI18n } from '@/i18n';
import { Button, Popover } from '@/ui';
import { outlineKey, type Heading } from '../editor/outline';
import { useEditorValue } from '../editor/use_editor_value';

const none: Heading[] = [];

function read(editor: Editor): Heading[] {
  return outlineKey.getState(editor.state)?.headings ?? none;
}

/** The headings of the text; each leads there, and is an address one can copy. */
export function Contents({
  editor,
  language,
  onGo,
}: {
  editor: Editor;
  language: string;
  onGo: (id: string) => void;
}) {
  const { t } = useI18n();
  const headings = useEditorValue(editor, read);
  const [open, setOpen] = useState(false);
  // The highest level that is used stands at the margin.
  const top = Math.min(...headings.map(({ level }) => level));
  const go = (event: MouseEvent, id: string): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    setOpen(false);
    // The popover first gives the focus back to its button.
    setTimeout(() => onGo(id), 60);
  };
  return (
    <Popover
      label={t('document.contents')}
      placement="bottom end"
      isOpen={open}
      onOpenChange={setOpen}
      trigger={
        <Button kind="quiet" size="s" icon={TableOfContents}>
          {t('document.contents')}
        </Button>
      }
    >
      {headings.length === 0 ? (
        <p className="muted toc-e">{t('document.contents.empty')}</p>
      ) : (
        <nav aria-label={t('document.contents')}>
          <ol className="toc" lang={language}>
            {headings.map(({ id, text, level }) => (
              <li key={id} className={`l${level - top}`}>
                <a href={`#${id}`} onClick={(event) => go(event, id)}>
                  {text}
                </a>
              </li>
            ))}
          </ol>
        </nav>
      )}
    </Popover>
  );
}
