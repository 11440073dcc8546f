import type { Editor } from '@tiptap/core';
import { useEffect, useState } from 'react';

function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  const left = Object.entries(a);
  return (
    left.length === Object.keys(b).length &&
    left.every(([name, value]) => Object.is(value, (b as Record<string, unknown>)[name]))
  );
}

/**
 * Something read from the editor, kept up to date. A component is drawn again only when the value changes (its fields,
 * for a flat object), and not at every keystroke.
 */
export function useEditorValue<T>(editor: Editor, read: (editor: Editor) => T): T {
  const [value, setValue] = useState(() => read(editor));
  useEffect(() => {
    const look = (): void => setValue((last) => (sameValue(last, read(editor)) ? last : read(editor)));
    look();
    editor.on('transaction', look);
    editor.on('focus', look);
    editor.on('blur', look);
    return () => {
      editor.off('transaction', look);
      editor.off('focus', look);
      editor.off('blur', look);
    };
    // `read` is a constant function of its module wherever this is used.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [editor]);
  return value;
}
