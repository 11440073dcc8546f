import { autoUpdate, computePosition, flip, inline, offset, shift } from '@floating-ui/dom';
import type { Editor } from '@tiptap/core';
import { NodeSelection, TextSelection } from '@tiptap/pm/state';
import { posToDOMRect } from '@tiptap/core';
import { useEffect, useRef } from 'react';
import { Toolbar } from 'react-aria-components/Toolbar';
import LinkIcon from 'icon:link';
import { useI18n } from '@/i18n';
import { ToggleButton } from '@/ui';
import { useEditorValue } from '../editor/use_editor_value';
import { activeMarks, marks, toggleMark } from './marks';

function read(editor: Editor) {
  const { selection, doc } = editor.state;
  const { from, to } = selection;
  const text =
    selection instanceof TextSelection && !selection.empty && !(selection instanceof NodeSelection)
      ? doc.textBetween(from, to, ' ').trim()
      : '';
  const shown = text !== '' && editor.isFocused && editor.isEditable && !editor.isActive('codeBlock');
  return { shown, from, to, ...activeMarks(editor) };
}

/** The formats of letters beside the selected text. A convenience for the mouse: the toolbar has all of it. */
export function BubbleBar({ editor, onLink }: { editor: Editor; onLink(): void }) {
  const { t } = useI18n();
  const bar = useRef<HTMLDivElement>(null);
  const { shown, from, to, ...on } = useEditorValue(editor, read);

  useEffect(() => {
    const element = bar.current;
    if (!shown || !element) return undefined;
    const selected = {
      getBoundingClientRect: () => posToDOMRect(editor.view, from, to),
      getClientRects: () => [posToDOMRect(editor.view, from, to)],
      contextElement: editor.view.dom,
    };
    const place = (): void => {
      void computePosition(selected, element, {
        strategy: 'fixed',
        placement: 'top',
        middleware: [offset(8), inline(), flip(), shift({ padding: 8 })],
      }).then(({ x, y }) => {
        element.style.left = `${x}px`;
        element.style.top = `${y}px`;
        element.style.visibility = 'visible';
      });
    };
    return autoUpdate(selected, element, place);
  }, [editor, shown, from, to]);

  if (!shown) return null;
  return (
    <div
      ref={bar}
      className="bubble"
      // The selection stays where it is when the bar is pressed.
      onMouseDown={(event) => event.preventDefault()}
    >
      <Toolbar aria-label={t('document.toolbar.selection')} className="bubble-in">
        {marks.map((button) => (
          <ToggleButton
            key={button.mark}
            size="s"
            icon={button.icon}
            label={t(button.label)}
            keys={button.keys}
            isSelected={on[button.mark]}
            onChange={() => toggleMark(editor, button.mark)}
          />
        ))}
        <ToggleButton
          size="s"
          icon={LinkIcon}
          label={t('document.mark.link')}
          keys="Ctrl ⇧ K"
          isSelected={on.link}
          onChange={onLink}
        />
      </Toolbar>
    </div>
  );
}
