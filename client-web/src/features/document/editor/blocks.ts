// What a paragraph can become and what can be put between paragraphs: one list for the menu of kinds, the slash menu
// and the toolbar, so that they cannot differ.
import type { Editor } from '@tiptap/core';
import Code from 'icon:square-code';
import Heading1 from 'icon:heading-1';
import Heading2 from 'icon:heading-2';
import Heading3 from 'icon:heading-3';
import Heading4 from 'icon:heading-4';
import Image from 'icon:image';
import List from 'icon:list';
import ListChecks from 'icon:list-checks';
import ListOrdered from 'icon:list-ordered';
import Minus from 'icon:minus';
import Pilcrow from 'icon:pilcrow';
import Quote from 'icon:text-quote';
import Table from 'icon:table-2';
import type { MessageId } from '@/i18n';
import type { IconType } from '@/ui';

export interface Block {
  id: string;
  label: MessageId;
  /** Its name where it is no word of ours: a block of a plugin's. */
  title?: string;
  /** More words to find it by, in the language of the interface. */
  words: MessageId;
  icon: IconType;
  keys?: string;
  isActive(editor: Editor): boolean;
  run(editor: Editor): void;
}

const heading = (level: 1 | 2 | 3 | 4, icon: IconType): Block => ({
  id: `heading-${level}`,
  label: `document.block.heading${level}`,
  words: 'document.block.heading.words',
  icon,
  keys: `Ctrl Alt ${level}`,
  isActive: (editor) => editor.isActive('heading', { level }),
  run: (editor) => editor.chain().focus().setHeading({ level }).run(),
});

export const paragraph: Block = {
  id: 'paragraph',
  label: 'document.block.paragraph',
  words: 'document.block.paragraph.words',
  icon: Pilcrow,
  keys: 'Ctrl Alt 0',
  isActive: (editor) => editor.isActive('paragraph'),
  run: (editor) => editor.chain().focus().setParagraph().run(),
};

export const headings: readonly Block[] = [
  heading(1, Heading1),
  heading(2, Heading2),
  heading(3, Heading3),
  heading(4, Heading4),
];

export const lists: readonly Block[] = [
  {
    id: 'bullet-list',
    label: 'document.block.bullets',
    words: 'document.block.bullets.words',
    icon: List,
    keys: 'Ctrl ⇧ 8',
    isActive: (editor) => editor.isActive('bulletList'),
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    id: 'ordered-list',
    label: 'document.block.numbers',
    words: 'document.block.numbers.words',
    icon: ListOrdered,
    keys: 'Ctrl ⇧ 7',
    isActive: (editor) => editor.isActive('orderedList'),
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    id: 'task-list',
    label: 'document.block.tasks',
    words: 'document.block.tasks.words',
    icon: ListChecks,
    keys: 'Ctrl ⇧ 9',
    isActive: (editor) => editor.isActive('taskList'),
    run: (editor) => editor.chain().focus().toggleTaskList().run(),
  },
];

export const quote: Block = {
  id: 'quote',
  label: 'document.block.quote',
  words: 'document.block.quote.words',
  icon: Quote,
  keys: 'Ctrl ⇧ B',
  isActive: (editor) => editor.isActive('blockquote'),
  run: (editor) => editor.chain().focus().toggleBlockquote().run(),
};

export const codeBlock: Block = {
  id: 'code-block',
  label: 'document.block.code',
  words: 'document.block.code.words',
  icon: Code,
  keys: 'Ctrl Alt C',
  isActive: (editor) => editor.isActive('codeBlock'),
  run: (editor) => editor.chain().focus().toggleCodeBlock().run(),
};

export const rule: Block = {
  id: 'rule',
  label: 'document.block.rule',
  words: 'document.block.rule.words',
  icon: Minus,
  isActive: () => false,
  run: (editor) => editor.chain().focus().setHorizontalRule().run(),
};

export const table: Block = {
  id: 'table',
  label: 'document.block.table',
  words: 'document.block.table.words',
  icon: Table,
  isActive: (editor) => editor.isActive('table'),
  run: (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
};

/** Opening the file chooser is the page's matter, so this one is made with it. */
export const image = (choose: () => void): Block => ({
  id: 'image',
  label: 'document.block.image',
  words: 'document.block.image.words',
  icon: Image,
  isActive: (editor) => editor.isActive('image'),
  run: choose,
});

/** The kinds of the text that the menu of the toolbar offers. */
export const kinds: readonly Block[] = [paragraph, ...headings, quote, codeBlock];

export function slashBlocks(chooseImage: () => void): Block[] {
  return [paragraph, ...headings, ...lists, table, image(chooseImage), quote, codeBlock, rule];
}

/** A block of a plugin's, empty as yet. */
export const drawn = (plugin: string, title: string, icon: IconType): Block => ({
  id: `extension-${plugin}`,
  label: 'document.block.rule',
  words: 'document.block.rule.words',
  title,
  icon,
  isActive: () => false,
  run: (editor) =>
    editor
      .chain()
      .focus()
      .insertContent({ type: 'extensionBlock', attrs: { plugin, data: null, text: title } })
      .run(),
});

/** Lower case, without accents: «tab» finds «Tableau», «uber» finds «Überschrift». */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

export function filterBlocks(
  blocks: readonly Block[],
  query: string,
  words: (id: MessageId) => string,
): Block[] {
  const wanted = plain(query.trim());
  if (!wanted) return [...blocks];
  const rank = (block: Block): number => {
    const label = plain(block.title ?? words(block.label));
    if (label.startsWith(wanted)) return 0;
    const all = `${label} ${block.title ? '' : plain(words(block.words))}`.split(/[\s,]+/);
    if (all.some((word) => word.startsWith(wanted))) return 1;
    return label.includes(wanted) ? 2 : 3;
  };
  return blocks
    .map((block) => ({ block, rank: rank(block) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map((entry) => entry.block);
}
