// What both toolbars, that of the desk and that of the phone, show of the place where the caret is.
import type { Editor } from '@tiptap/core';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import { kinds, lists } from '../editor/blocks';
import { activeMarks } from './marks';

interface UndoState {
  undoManager: { undoStack: unknown[]; redoStack: unknown[] };
}

export function readToolbar(editor: Editor) {
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
