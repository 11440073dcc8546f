import type { Editor } from '@tiptap/core';
import { useCallback, useEffect } from 'react';
import { outlineKey } from '../editor/outline';

/** The text arrives after the page, and more of it later; so long a heading of the address is waited for. */
const kWaitMax_ms = 10_000;

function idInAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

/**
 * Brings the heading that the address names into view once the text is there, and again when the address changes.
 * Whoever scrolls, presses or types in the meantime is left alone. The answer goes to a heading and puts it in the address.
 */
export function useDeepLink(editor: Editor | null): (id: string) => void {
  useEffect(() => {
    if (!editor) return undefined;
    let stop = (): void => undefined;
    const look = (): void => {
      stop();
      const id = idInAddress();
      if (!id.startsWith('s-') || show(editor, id)) return;
      stop = waitFor(editor, id);
    };
    look();
    window.addEventListener('hashchange', look);
    return () => {
      stop();
      window.removeEventListener('hashchange', look);
    };
  }, [editor]);

  return useCallback(
    (id: string) => {
      if (idInAddress() !== id) history.pushState(history.state, '', `#${id}`);
      if (editor) show(editor, id);
    },
    [editor],
  );
}

function waitFor(editor: Editor, id: string): () => void {
  const signals = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
  const tried = (): void => {
    if (show(editor, id)) stop();
  };
  const timer = setTimeout(() => stop(), kWaitMax_ms);
  const stop = (): void => {
    clearTimeout(timer);
    editor.off('update', tried);
    for (const signal of signals) window.removeEventListener(signal, stop);
  };
  editor.on('update', tried);
  for (const signal of signals) window.addEventListener(signal, stop, { passive: true });
  return stop;
}

/** Into view, and the focus with it, so that the keyboard and a screen reader go on from there. */
function show(editor: Editor, id: string): boolean {
  if (editor.isDestroyed) return false;
  const heading = outlineKey.getState(editor.state)?.headings.find((each) => each.id === id);
  const element = heading && editor.view.nodeDOM(heading.position);
  if (!heading || !(element instanceof HTMLElement)) return false;
  // A caret in the text calls the keyboard of a phone, which would cover what one wants to read.
  if (!editor.isEditable) element.focus({ preventScroll: true });
  else if (matchMedia('(pointer: fine)').matches)
    editor
      .chain()
      .setTextSelection(heading.position + 1)
      .focus(null, { scrollIntoView: false })
      .run();
  element.scrollIntoView({ block: 'start' });
  return true;
}
