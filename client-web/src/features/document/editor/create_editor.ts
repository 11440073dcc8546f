import { Editor, type Extensions } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { Placeholder } from '@tiptap/extensions';
import type { DocumentSession } from '@/collab';
import type { Translate } from '@/i18n';
import { BlockIds } from './block_ids';
import { Carets } from './carets';
import { Columns } from './columns';
import { ImageBlock, ImageUploads, type ImagesOptions } from './images';
import { ExtensionBlock, type ShownBlocks } from './extension_block';
import { Keys, type KeysOptions } from './keys';
import { Outline } from './outline';
import { schemaExtensions } from './schema';
import { Slash, type SlashOptions } from './slash';
import { TermMarks } from './term_marks';

export interface EditorParts {
  session: DocumentSession;
  element: HTMLElement;
  editable: boolean;
  t: Translate;
  images: ImagesOptions;
  slash: SlashOptions;
  keys: KeysOptions;
  blocks: ShownBlocks;
  /** For screens that need more of it. */
  extensions?: Extensions | undefined;
}

/** What a screen reader and the spelling checker have to know about the text. */
export function editorAttributes(title: string, language: string, editable: boolean): Record<string, string> {
  return {
    class: 'prose',
    role: 'textbox',
    'aria-multiline': 'true',
    'aria-label': title,
    'aria-readonly': String(!editable),
    'data-testid': 'editor',
    lang: language,
    spellcheck: String(editable),
  };
}

export function createEditor({
  session,
  element,
  editable,
  t,
  images,
  slash,
  keys,
  blocks,
  extensions = [],
}: EditorParts): Editor {
  return new Editor({
    element,
    editable,
    // The content policy forbids style elements made at run time; prose.css has these rules.
    injectCSS: false,
    // An empty document as nodes: the default is an empty string of HTML, and parsing HTML is not for us.
    content: { type: 'doc', content: [{ type: 'paragraph' }] },
    extensions: [
      ...schemaExtensions({
        taskLabel: (text) => t('document.task.label', { text: text || t('document.task.empty') }),
      }),
      Collaboration.configure({ document: session.doc }),
      Carets.configure({ awareness: session.awareness }),
      Placeholder.configure({
        showOnlyCurrent: true,
        placeholder: ({ editor, node }) => {
          if (node.type.name === 'heading') return t('document.placeholder.heading');
          return editor.isEmpty ? t('document.placeholder.empty') : t('document.placeholder.line');
        },
      }),
      ImageBlock.configure(images),
      ImageUploads.configure(images),
      Columns,
      Outline,
      Slash.configure(slash),
      Keys.configure(keys),
      BlockIds,
      TermMarks,
      ExtensionBlock.configure({ shown: blocks }),
      ...extensions,
    ],
  });
}
