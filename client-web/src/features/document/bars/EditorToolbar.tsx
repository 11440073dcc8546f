import type { Editor } from '@tiptap/core';
import { useEffect, type RefObject } from 'react';
import { Toolbar } from 'react-aria-components/Toolbar';
import ImagePlus from 'icon:image-plus';
import LinkIcon from 'icon:link';
import { useI18n } from '@/i18n';
import { Button, IconButton, ToggleButton } from '@/ui';
import { lists } from '../editor/blocks';
import { useEditorValue } from '../editor/use_editor_value';
import { HistoryButtons, KindMenu, MoreMenu } from './controls';
import { marks, toggleMark } from './marks';
import { TableButton } from './TableButton';
import { readToolbar } from './toolbar_state';

export interface EditorToolbarProps {
  editor: Editor;
  toolbarRef: RefObject<HTMLDivElement | null>;
  onLink(): void;
  onImage(): void;
  onAlt(): void;
}

export function EditorToolbar({ editor, toolbarRef, onLink, onImage, onAlt }: EditorToolbarProps) {
  const { t } = useI18n();
  const at = useEditorValue(editor, readToolbar);
  // Escape goes back to the text. Heard before the tooltips, which would take it for themselves.
  useEffect(() => {
    const keyDown = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !toolbarRef.current?.contains(document.activeElement)) return;
      event.preventDefault();
      editor.commands.focus();
    };
    window.addEventListener('keydown', keyDown, true);
    return () => window.removeEventListener('keydown', keyDown, true);
  }, [editor, toolbarRef]);
  return (
    <div className="dtools">
      <Toolbar
        ref={toolbarRef}
        aria-label={t('document.toolbar')}
        className="dtools-in"
        data-testid="toolbar"
      >
        <KindMenu editor={editor} kind={at.kind} />
        <i className="sep" />
        {marks.slice(0, 3).map((button) => (
          <ToggleButton
            key={button.mark}
            size="s"
            icon={button.icon}
            label={t(button.label)}
            keys={button.keys}
            isSelected={at[button.mark]}
            isDisabled={at.inCode}
            onChange={() => toggleMark(editor, button.mark)}
          />
        ))}
        <ToggleButton
          size="s"
          icon={LinkIcon}
          label={t('document.mark.link')}
          keys="Ctrl ⇧ K"
          isSelected={at.link}
          isDisabled={at.inCode}
          onChange={onLink}
        />
        <i className="sep" />
        {lists.map((list) => (
          <ToggleButton
            key={list.id}
            size="s"
            icon={list.icon}
            label={t(list.label)}
            keys={list.keys ?? ''}
            isSelected={at.list === list.id}
            onChange={() => list.run(editor)}
          />
        ))}
        <i className="sep" />
        <TableButton editor={editor} inTable={at.inTable} />
        <IconButton size="s" icon={ImagePlus} label={t('document.block.image')} onPress={onImage} />
        {at.onImage && (
          <Button kind="quiet" size="s" onPress={onAlt}>
            {t('document.image.alt')}
          </Button>
        )}
        <MoreMenu editor={editor} />
        <i className="sep" />
        <HistoryButtons editor={editor} canUndo={at.canUndo} canRedo={at.canRedo} />
      </Toolbar>
    </div>
  );
}
