// What a marked word means, beside it: on the pointer, on a press, or with Alt Enter from the keyboard.
import { autoUpdate, computePosition, flip, offset, shift } from '@floating-ui/dom';
import { posToDOMRect, type Editor } from '@tiptap/core';
import { useEffect, useRef, useState } from 'react';
import X from 'icon:x';
import type { Term } from '@/api';
import { paths } from '@/app/paths';
import { headOf, TermCard } from '@/features/terms';
import { useI18n } from '@/i18n';
import { IconButton, Link } from '@/ui';
import { placedTerms, termAt, type PlacedTerm } from '../editor/term_marks';

interface Shown extends PlacedTerm {
  /** The focus went in: it was asked for from the keyboard. */
  entered: boolean;
}

const kHover_ms = 350;
const kLeave_ms = 250;

export interface TermPopoverProps {
  editor: Editor;
  language: string;
  terms: readonly Term[];
}

export default function TermPopover({ editor, language, terms }: TermPopoverProps) {
  const { t } = useI18n();
  const box = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  useTriggers(editor, box, setShown);

  useEffect(() => {
    const element = box.current;
    if (!shown || !element) return undefined;
    const word = {
      getBoundingClientRect: () => posToDOMRect(editor.view, shown.from, shown.to),
      contextElement: editor.view.dom,
    };
    const place = (): void => {
      if (editor.isDestroyed || shown.to > editor.state.doc.content.size) return;
      void computePosition(word, element, {
        strategy: 'fixed',
        placement: 'bottom-start',
        middleware: [offset(6), flip(), shift({ padding: 8 })],
      }).then(({ x, y }) => {
        element.style.left = `${x}px`;
        element.style.top = `${y}px`;
        element.style.visibility = 'visible';
        if (shown.entered && !element.contains(document.activeElement))
          element.focus({ preventScroll: true });
      });
    };
    return autoUpdate(word, element, place);
  }, [editor, shown]);

  if (!shown) return null;
  const found = shown.ids.flatMap((id) => terms.find((each) => each.id === id) ?? []);
  const close = (): void => {
    setShown(null);
    if (shown.entered) editor.commands.focus(shown.to);
  };
  return (
    <div
      ref={box}
      className="pop term-p"
      role="dialog"
      tabIndex={-1}
      aria-label={t('terms.popover', { word: (found[0] && headOf(found[0], language)?.word) ?? '' })}
      data-testid="term-popover"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      {found.map((term) => (
        <TermCard key={term.id} term={term} language={language} others={terms} level={4} brief />
      ))}
      <footer>
        <Link to={`${paths.references}/termes`}>{t('terms.popover.all')}</Link>
        <IconButton icon={X} size="s" label={t('ui.close')} onPress={close} tooltip={false} />
      </footer>
    </div>
  );
}

/** Everything that shows and hides it. */
function useTriggers(
  editor: Editor,
  box: React.RefObject<HTMLDivElement | null>,
  setShown: React.Dispatch<React.SetStateAction<Shown | null>>,
): void {
  useEffect(() => {
    const { dom } = editor.view;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const later = (work: () => void, ms: number): void => {
      if (timer) clearTimeout(timer);
      timer = setTimeout(work, ms);
    };
    const under = (target: EventTarget | null): PlacedTerm | null => {
      const element = target instanceof Element ? target.closest('.term') : null;
      if (!element || !dom.contains(element)) return null;
      return termAt(editor.state, editor.view.posAtDOM(element, 0));
    };
    const hide = (): void => setShown((old) => (old?.entered ? old : null));
    const over = (event: PointerEvent): void => {
      if (event.pointerType !== 'mouse' || event.buttons !== 0) return;
      const target = event.target;
      if (under(target))
        later(() => {
          const term = editor.isDestroyed ? null : under(target);
          if (term) setShown((old) => (old?.entered ? old : { ...term, entered: false }));
        }, kHover_ms);
      else if (target instanceof Node && box.current?.contains(target)) later(() => undefined, 0);
      else later(hide, kLeave_ms);
    };
    const press = (event: MouseEvent): void => {
      if (event.target instanceof Node && box.current?.contains(event.target)) return;
      const term = event.ctrlKey || event.metaKey ? null : under(event.target);
      if (timer) clearTimeout(timer);
      setShown(term && { ...term, entered: false });
    };
    // Before the text takes the key: Alt Enter explains the word at the caret, else goes to the next that is marked.
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide();
      if (event.key !== 'Enter' || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      const { state } = editor;
      const { from } = state.selection;
      const all = placedTerms(state);
      const term = termAt(state, from) ?? all.find((each) => each.from > from) ?? all[0];
      if (!term) return;
      if (termAt(state, from)) setShown({ ...term, entered: true });
      else editor.chain().setTextSelection(term.from).scrollIntoView().focus().run();
    };
    const changed = (): void => setShown(null);
    document.addEventListener('pointerover', over);
    document.addEventListener('click', press);
    dom.addEventListener('keydown', key, true);
    editor.on('update', changed);
    return () => {
      if (timer) clearTimeout(timer);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('click', press);
      dom.removeEventListener('keydown', key, true);
      editor.off('update', changed);
    };
  }, [editor, box, setShown]);
}
