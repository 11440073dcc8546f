// The formats of letters, once for the toolbar and for the bar at a selection.
import type { Editor } from '@tiptap/core';
import Bold from 'icon:bold';
import Code from 'icon:code';
import Italic from 'icon:italic';
import Strike from 'icon:strikethrough';
import Underline from 'icon:underline';
import type { MessageId } from '@/i18n';
import type { IconType } from '@/ui';

export interface MarkButton {
  mark: 'bold' | 'italic' | 'underline' | 'strike' | 'code';
  label: MessageId;
  icon: IconType;
  keys: string;
}

export const marks: readonly MarkButton[] = [
  { mark: 'bold', label: 'document.mark.bold', icon: Bold, keys: 'Ctrl B' },
  { mark: 'italic', label: 'document.mark.italic', icon: Italic, keys: 'Ctrl I' },
  { mark: 'underline', label: 'document.mark.underline', icon: Underline, keys: 'Ctrl U' },
  { mark: 'strike', label: 'document.mark.strike', icon: Strike, keys: 'Ctrl ⇧ S' },
  { mark: 'code', label: 'document.mark.code', icon: Code, keys: 'Ctrl E' },
];

export function toggleMark(editor: Editor, mark: MarkButton['mark']): void {
  editor.chain().focus().toggleMark(mark).run();
}

export function activeMarks(editor: Editor): Record<MarkButton['mark'] | 'link', boolean> {
  return {
    bold: editor.isActive('bold'),
    italic: editor.isActive('italic'),
    underline: editor.isActive('underline'),
    strike: editor.isActive('strike'),
    code: editor.isActive('code'),
    link: editor.isActive('link'),
  };
}
