// Whether what the editor writes into the shared document is what docs/document-schema.md allows, and nothing else:
// a real editor on a real Yjs document, whose elements and attributes are then read.
import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { ExtensionBlock } from './extension_block';
import { DocumentImage, schemaExtensions } from './schema';

let doc: Y.Doc;
let editor: Editor;

beforeEach(() => {
  doc = new Y.Doc();
  editor = new Editor({
    element: document.createElement('div'),
    injectCSS: false,
    content: { type: 'doc', content: [{ type: 'paragraph' }] },
    extensions: [
      ...schemaExtensions({ taskLabel: (text) => text }),
      DocumentImage,
      ExtensionBlock,
      Collaboration.configure({ document: doc }),
    ],
  });
});

afterEach(() => {
  editor.destroy();
  doc.destroy();
});

type Plain = unknown[] | { name: string; attributes?: object; children?: Plain[] };

function plain(node: Y.XmlElement | Y.XmlText | Y.XmlHook): Plain {
  if (node instanceof Y.XmlText) return node.toDelta() as unknown[];
  const element = node as Y.XmlElement;
  const attributes = element.getAttributes();
  const children = element.toArray().map((child) => plain(child as Y.XmlElement));
  return {
    name: element.nodeName,
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
    ...(children.length > 0 ? { children } : {}),
  };
}

const written = (): Plain[] =>
  doc
    .getXmlFragment('default')
    .toArray()
    .map((child) => plain(child as Y.XmlElement));

it('opening a document writes nothing', () => {
  expect(Y.encodeStateVector(doc)).toEqual(new Uint8Array([0]));
});

it('keeps what a plugin draws, with the words that stand for it, while one writes beside it', () => {
  const block = {
    name: 'extensionBlock',
    attributes: { plugin: 'org.example.polls', data: '{"poll":7}', text: 'Quel jour ?', path: '/7' },
  };
  const element = new Y.XmlElement('extensionBlock');
  for (const [name, value] of Object.entries(block.attributes)) element.setAttribute(name, value);
  doc.getXmlFragment('default').insert(0, [element]);
  editor.commands.insertContentAt(editor.state.doc.content.size, {
    type: 'paragraph',
    content: [{ type: 'text', text: 'à côté' }],
  });
  expect(written()[0]).toEqual(block);
  expect(editor.getHTML()).toContain('data-text="Quel jour ?"');
  editor.commands.deleteRange({ from: 0, to: 1 });
  expect(written()).not.toContainEqual(block);
});

it('writes the attributes of the schema and no others', () => {
  editor.commands.setContent({
    type: 'doc',
    content: [
      { type: 'heading', attrs: { level: 4 }, content: [{ type: 'text', text: 'a' }] },
      {
        type: 'orderedList',
        attrs: { start: 3 },
        content: [{ type: 'listItem', content: [{ type: 'paragraph' }] }],
      },
      {
        type: 'taskList',
        content: [{ type: 'taskItem', attrs: { checked: true }, content: [{ type: 'paragraph' }] }],
      },
      { type: 'codeBlock', attrs: { language: 'c' } },
      { type: 'horizontalRule' },
      { type: 'image', attrs: { src: '/api/v1/documents/d/images/i', alt: 'b' } },
      {
        type: 'table',
        content: [{ type: 'tableRow', content: [{ type: 'tableHeader', content: [{ type: 'paragraph' }] }] }],
      },
    ],
  });
  expect(written()).toEqual([
    { name: 'heading', attributes: { level: 4 }, children: [[{ insert: 'a' }]] },
    {
      name: 'orderedList',
      attributes: { start: 3 },
      children: [{ name: 'listItem', children: [{ name: 'paragraph' }] }],
    },
    {
      name: 'taskList',
      children: [{ name: 'taskItem', attributes: { checked: true }, children: [{ name: 'paragraph' }] }],
    },
    { name: 'codeBlock', attributes: { language: 'c' } },
    { name: 'horizontalRule' },
    { name: 'image', attributes: { src: '/api/v1/documents/d/images/i', alt: 'b' } },
    {
      name: 'table',
      children: [
        {
          name: 'tableRow',
          children: [
            {
              name: 'tableHeader',
              attributes: { colspan: 1, rowspan: 1 },
              children: [{ name: 'paragraph' }],
            },
          ],
        },
      ],
    },
  ]);
});

it('a link has its address and nothing else; an address that runs is no link', () => {
  editor.commands.insertContent([
    { type: 'text', text: 'a', marks: [{ type: 'link', attrs: { href: 'https://a.example/' } }] },
    { type: 'text', text: 'b', marks: [{ type: 'bold' }, { type: 'underline' }] },
  ]);
  expect(written()).toEqual([
    {
      name: 'paragraph',
      children: [
        [
          { insert: 'a', attributes: { link: { href: 'https://a.example/' } } },
          { insert: 'b', attributes: { underline: {}, bold: {} } },
        ],
      ],
    },
  ]);
  editor.commands.selectAll();
  editor.commands.setLink({ href: 'javascript:alert(1)' });
  expect(JSON.stringify(written())).not.toContain('javascript');
});
