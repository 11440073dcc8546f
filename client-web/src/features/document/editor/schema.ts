// The nodes and marks of docs/document-schema.md, and no attribute more: what Tiptap would add on its own (link
// targets, alignments, image sizes) is left out, because every attribute is written into the shared document.
import { Node, mergeAttributes } from '@tiptap/core';
import { Heading } from '@tiptap/extension-heading';
import { Link } from '@tiptap/extension-link';
import { BulletList, ListItem, ListKeymap, OrderedList, TaskItem, TaskList } from '@tiptap/extension-list';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import StarterKit from '@tiptap/starter-kit';
import type { Extensions } from '@tiptap/core';
import { ColumnsView } from './table_view';

/** How narrow and how wide a column of a table can be made. */
export const kColumnMin_px = 64;
export const kColumnMax_px = 1200;

export interface SchemaWords {
  taskLabel(text: string): string;
}

/** Where a link may lead. Anything else (`javascript:`, `data:`) is not a link here. */
export const kLinkProtocols = ['http', 'https', 'mailto', 'tel'];

// The page has its h1, the title of the document; so a heading of level 1 within it is announced as level 2.
const DocumentHeading = Heading.extend({
  renderHTML({ node, HTMLAttributes }) {
    const level = Number(node.attrs.level);
    return [`h${level}`, mergeAttributes(HTMLAttributes, { 'aria-level': level + 1 }), 0];
  },
}).configure({ levels: [1, 2, 3, 4] });

const DocumentLink = Link.extend({
  // Writing on after a link is writing on after it.
  inclusive: false,
  addAttributes() {
    return { href: { default: null } };
  },
}).configure({
  openOnClick: false,
  autolink: true,
  linkOnPaste: true,
  defaultProtocol: 'https',
  HTMLAttributes: { target: '_blank', rel: 'noopener noreferrer' },
  isAllowedUri: (href, { defaultValidate }) => {
    const scheme = /^([a-z][a-z\d+.-]*):/i.exec(href.trim())?.[1]?.toLowerCase();
    return scheme ? kLinkProtocols.includes(scheme) : defaultValidate(href);
  },
});

const DocumentOrderedList = OrderedList.extend({
  addAttributes() {
    return {
      start: {
        default: 1,
        parseHTML: (element) => Number.parseInt(element.getAttribute('start') ?? '1', 10) || 1,
        renderHTML: ({ start }) => (start === 1 ? {} : { start: start as number }),
      },
    };
  },
});

/** «120,80» → the widths of the columns a cell spans; anything else: none. */
function widthsOf(text: string | null): number[] | null {
  const widths = (text ?? '').split(',').map(Number);
  return widths.every((width) => width >= kColumnMin_px && width <= kColumnMax_px) ? widths : null;
}

const cellAttributes = {
  colspan: {
    default: 1,
    parseHTML: (element: HTMLElement) => Number(element.getAttribute('colspan')) || 1,
    renderHTML: ({ colspan }: Record<string, unknown>) => (colspan === 1 ? {} : { colspan }),
  },
  rowspan: {
    default: 1,
    parseHTML: (element: HTMLElement) => Number(element.getAttribute('rowspan')) || 1,
    renderHTML: ({ rowspan }: Record<string, unknown>) => (rowspan === 1 ? {} : { rowspan }),
  },
  colwidth: {
    default: null,
    parseHTML: (element: HTMLElement) => widthsOf(element.getAttribute('data-colwidth')),
    renderHTML: ({ colwidth }: Record<string, unknown>) =>
      Array.isArray(colwidth) ? { 'data-colwidth': colwidth.join(',') } : {},
  },
};

const DocumentTableCell = TableCell.extend({
  addAttributes: () => cellAttributes,
});

const DocumentTableHeader = TableHeader.extend({
  addAttributes: () => cellAttributes,
});

/** The image as the schema has it; `images.ts` shows it. */
export const DocumentImage = Node.create({
  name: 'image',
  group: 'block',
  draggable: true,
  addAttributes() {
    return { src: { default: null }, alt: { default: null }, title: { default: null } };
  },
  parseHTML: () => [{ tag: 'img[src]:not([src^="data:"]):not([src^="blob:"])' }],
  renderHTML: ({ HTMLAttributes }) => ['img', HTMLAttributes],
});

export function schemaExtensions(words: SchemaWords): Extensions {
  return [
    StarterKit.configure({
      heading: false,
      link: false,
      bulletList: false,
      orderedList: false,
      listItem: false,
      listKeymap: false,
      // Yjs keeps the history: each person undoes their own changes.
      undoRedo: false,
      // Every reader would add a paragraph of their own at the end.
      trailingNode: false,
      dropcursor: { color: false, class: 'drop-cursor', width: 2 },
    }),
    DocumentHeading,
    DocumentLink,
    BulletList,
    DocumentOrderedList,
    ListItem,
    TaskList,
    TaskItem.configure({
      nested: true,
      a11y: { checkboxLabel: (node) => words.taskLabel(node.firstChild?.textContent ?? '') },
    }),
    ListKeymap.configure({
      listTypes: [
        { itemName: 'listItem', wrapperNames: ['bulletList', 'orderedList'] },
        { itemName: 'taskItem', wrapperNames: ['taskList'] },
      ],
    }),
    // `columns.ts` adds the handles; the extension would, only if the editor were editable from the start.
    Table.configure({
      resizable: false,
      renderWrapper: true,
      cellMinWidth: kColumnMin_px,
      View: ColumnsView,
    }),
    TableRow,
    DocumentTableCell,
    DocumentTableHeader,
  ];
}
