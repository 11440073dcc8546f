import type { Editor } from '@tiptap/core';
import { useEffect, useRef, useState } from 'react';
import { Toolbar } from 'react-aria-components/Toolbar';
import ImagePlus from 'icon:image-plus';
import LinkIcon from 'icon:link';
import { useI18n } from '@/i18n';
import { Button, IconButton, ToggleButton } from '@/ui';
import { lists } from '../editor/blocks';
import { useEditorValue } from '../editor/use_editor_value';
import { HistoryButtons, KindMenu, MoreMenu } from './controls';
import type { EditorToolbarProps } from './EditorToolbar';
import { marks, toggleMark } from './marks';
import { TableButton } from './TableButton';
import { readToolbar } from './toolbar_state';

const touched = lists.filter(({ id }) => id !== 'ordered-list');

/**
 * The toolbar of narrow screens: there while one writes, in the place of the navigation, on top of the keyboard of the
 * screen. Undo and redo stand still at the end; the rest slides under the thumb.
 */
export function PhoneToolbar({ editor, onLink, onImage, onAlt }: Omit<EditorToolbarProps, 'toolbarRef'>) {
  const { t } = useI18n();
  const bar = useRef<HTMLDivElement>(null);
  const at = useEditorValue(editor, readToolbar);
  const writing = useWriting(editor, bar);
  useAboveKeyboard(bar, writing);

  useEffect(() => {
    document.body.classList.toggle('writing', writing);
    return () => document.body.classList.remove('writing');
  }, [writing]);

  return (
    <div
      ref={bar}
      className="ptools"
      hidden={!writing}
      // A press leaves the caret in the text, and so the keyboard where it is.
      onMouseDown={(event) => event.preventDefault()}
    >
      <Toolbar aria-label={t('document.toolbar')} className="ptools-in" data-testid="phone-toolbar">
        <div className="ptools-s">
          <KindMenu editor={editor} touch kind={at.kind} />
          {marks.slice(0, 2).map((button) => (
            <ToggleButton
              key={button.mark}
              icon={button.icon}
              aria-label={t(button.label)}
              className="icon"
              preventFocusOnPress
              isSelected={at[button.mark]}
              isDisabled={at.inCode}
              onChange={() => toggleMark(editor, button.mark)}
            />
          ))}
          {touched.map((list) => (
            <ToggleButton
              key={list.id}
              icon={list.icon}
              aria-label={t(list.label)}
              className="icon"
              preventFocusOnPress
              isSelected={at.list === list.id}
              onChange={() => list.run(editor)}
            />
          ))}
          <ToggleButton
            icon={LinkIcon}
            aria-label={t('document.mark.link')}
            className="icon"
            preventFocusOnPress
            isSelected={at.link}
            isDisabled={at.inCode}
            onChange={onLink}
          />
          <IconButton
            icon={ImagePlus}
            label={t('document.block.image')}
            tooltip={false}
            preventFocusOnPress
            onPress={onImage}
          />
          {at.onImage && (
            <Button kind="quiet" preventFocusOnPress onPress={onAlt}>
              {t('document.image.alt')}
            </Button>
          )}
          <TableButton editor={editor} inTable={at.inTable} touch />
          <MoreMenu editor={editor} touch />
        </div>
        <div className="ptools-e">
          <HistoryButtons editor={editor} touch canUndo={at.canUndo} canRedo={at.canRedo} />
        </div>
      </Toolbar>
    </div>
  );
}

/** Whether the focus is in the text or in what serves it: the bar itself, and the menus and dialogs it opens. */
function useWriting(editor: Editor, bar: React.RefObject<HTMLElement | null>): boolean {
  const [writing, setWriting] = useState(editor.isFocused);
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      const focused = document.activeElement;
      const inText = editor.view.dom.contains(focused) || Boolean(bar.current?.contains(focused));
      setWriting((before) => inText || (before && Boolean(focused?.closest('.pop, .dlg'))));
    };
    // While the focus travels it is nowhere; the next frame knows where it went.
    const later = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(look);
    };
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', later);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', later);
    };
  }, [editor, bar]);
  return writing;
}

/** The keyboard of a phone covers the foot of the page and tells the visual viewport alone. */
function useAboveKeyboard(bar: React.RefObject<HTMLElement | null>, shown: boolean): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!shown || !viewport) return undefined;
    const place = (): void => {
      const covered = window.innerHeight - viewport.height - viewport.offsetTop;
      if (bar.current) bar.current.style.bottom = `${Math.max(0, Math.round(covered))}px`;
    };
    place();
    viewport.addEventListener('resize', place);
    viewport.addEventListener('scroll', place);
    return () => {
      viewport.removeEventListener('resize', place);
      viewport.removeEventListener('scroll', place);
    };
  }, [bar, shown]);
}
