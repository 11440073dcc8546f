import type { Editor } from '@tiptap/core';
import { useEffect, type RefObject } from 'react';
import { Toolbar } from 'react-aria-components/Toolbar';
import ChevronDown from 'icon:chevron-down';
import Ellipsis from 'icon:ellipsis';
import ImagePlus from 'icon:image-plus';
import LinkIcon from 'icon:link';
import Redo from 'icon:redo-2';
import Undo from 'icon:undo-2';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import { useI18n } from '@/i18n';
import { Button, IconButton, Menu, MenuItem, ToggleButton } from '@/ui';
import { codeBlock, kinds, lists, quote, rule, type Block } from '../editor/blocks';
import { useEditorValue } from '../editor/use_editor_value';
import { activeMarks, marks, toggleMark } from './marks';
import { TableButton } from './TableButton';

export interface EditorToolbarProps {
  editor: Editor;
  toolbarRef: RefObject<HTMLDivElement | null>;
  onLink(): void;
  onImage(): void;
  onAlt(): void;
}

interface UndoState {
  undoManager: { undoStack: unknown[]; redoStack: unknown[] };
}

function read(editor: Editor) {
  const history = yUndoPluginKey.getState(editor.state) as UndoState | undefined;
  return {
    ...activeMarks(editor),
    kind: kinds.findLast((kind) => kind.isActive(editor))?.id ?? 'paragraph',
    list: lists.find((list) => list.isActive(editor))?.id ?? '',
    inTable: editor.isActive('table'),
    onImage: editor.isActive('image'),
    inCode: editor.isActive('codeBlock'),
    canUndo: (history?.undoManager.undoStack.length ?? 0) > 0,
    canRedo: (history?.undoManager.redoStack.length ?? 0) > 0,
  };
}

export function EditorToolbar({ editor, toolbarRef, onLink, onImage, onAlt }: EditorToolbarProps) {
  const { t } = useI18n();
  const at = useEditorValue(editor, read);
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
  const kind = kinds.find((entry) => entry.id === at.kind) ?? kinds[0]!;
  const more: readonly Block[] = [quote, codeBlock, rule];
  return (
    <div className="dtools">
      <Toolbar
        ref={toolbarRef}
        aria-label={t('document.toolbar')}
        className="dtools-in"
        data-testid="toolbar"
      >
        <Menu
          placement="bottom start"
          trigger={
            <Button kind="quiet" size="s" className="kind">
              <span className="vh">{t('document.kind')} </span>
              <span className="ell">{t(kind.label)}</span>
              <ChevronDown size="s" />
            </Button>
          }
          selectionMode="single"
          selectedKeys={[kind.id]}
          onAction={(key) => kinds.find((entry) => entry.id === key)?.run(editor)}
        >
          {kinds.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              icon={entry.icon}
              choice
              textValue={t(entry.label)}
              keys={entry.keys ?? ''}
            >
              {t(entry.label)}
            </MenuItem>
          ))}
        </Menu>
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
        <Menu
          placement="bottom start"
          trigger={<IconButton size="s" icon={Ellipsis} label={t('document.more')} tooltip={false} />}
          onAction={(key) => {
            const mark = marks.find((button) => button.mark === key);
            if (mark) toggleMark(editor, mark.mark);
            else more.find((block) => block.id === key)?.run(editor);
          }}
        >
          {marks.slice(3).map((button) => (
            <MenuItem key={button.mark} id={button.mark} icon={button.icon} keys={button.keys}>
              {t(button.label)}
            </MenuItem>
          ))}
          {more.map((block) => (
            <MenuItem key={block.id} id={block.id} icon={block.icon} keys={block.keys ?? ''}>
              {t(block.label)}
            </MenuItem>
          ))}
        </Menu>
        <i className="sep" />
        <IconButton
          size="s"
          icon={Undo}
          label={t('document.undo')}
          keys="Ctrl Z"
          isDisabled={!at.canUndo}
          onPress={() => editor.chain().focus().undo().run()}
        />
        <IconButton
          size="s"
          icon={Redo}
          label={t('document.redo')}
          keys="Ctrl Y"
          isDisabled={!at.canRedo}
          onPress={() => editor.chain().focus().redo().run()}
        />
      </Toolbar>
    </div>
  );
}
