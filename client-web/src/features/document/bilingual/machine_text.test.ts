// Aim: what a machine gets of a block holds words and marks and nothing else, and what it answers becomes a block of the
// same make, whatever it answers. Method: blocks of the real schema; answers as machines give them, and as nobody should.
import { getSchema, type JSONContent } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { describe, expect, it } from 'vitest';
import { DocumentImage, schemaExtensions } from '../editor/schema';
import { passagesOf, translated } from './machine_text';

const schema = getSchema([...schemaExtensions({ taskLabel: (text) => text }), DocumentImage]);
const node = (json: JSONContent): Node => {
  const made = schema.nodeFromJSON(json);
  made.check();
  return made;
};
const text = (words: string, ...marks: JSONContent['marks'] & object): JSONContent => ({
  type: 'text',
  text: words,
  ...(marks.length > 0 ? { marks } : {}),
});
const bold = { type: 'bold' };
const link = { type: 'link', attrs: { href: 'https://example.org/secret?token=1' } };
const code = { type: 'code' };
const paragraph = (...content: JSONContent[]): JSONContent => ({ type: 'paragraph', content });
const item = (...content: JSONContent[]): JSONContent => ({ type: 'listItem', content });

/** A machine that says everything in capitals and leaves tags alone. */
const loud = (html: string): string =>
  html.replace(/(<[^>]*>|&\w+;)|([^<&]+)/g, (all, kept: string | undefined) => kept ?? all.toUpperCase());
const said = (of: Node): JSONContent | undefined =>
  translated(of, passagesOf(of).map(loud))?.toJSON() as JSONContent;

describe('a line with marks', () => {
  const line = node(
    paragraph(
      text('Voir '),
      text('la ', link),
      text('règle', bold, link),
      text(' de '),
      text('A < B & C', code),
      text('.'),
    ),
  );

  it('goes out with its marks and without where its links lead', () => {
    expect(passagesOf(line)).toEqual([
      'Voir <a id="0">la <b>règle</b></a> de <code id="1">A &lt; B &amp; C</code>.',
    ]);
  });

  it('comes back with its links, its bold, and its code as it was', () => {
    const answer = ['Siehe <code id="1">anders</code>: <a id="0">die <b>Regel</b></a>.'];
    expect(translated(line, answer)?.toJSON()).toEqual(
      node(
        paragraph(
          text('Siehe '),
          text('A < B & C', code),
          text(': '),
          text('die ', link),
          text('Regel', bold, link),
          text('.'),
        ),
      ).toJSON(),
    );
  });

  it('loses no link that the machine lost', () => {
    expect(translated(line, ['Siehe die Regel von <code id="1">x</code>.'])?.textContent).toBe(
      'Siehe die Regel von A < B & C. (la règle)',
    );
  });

  it.each([
    ['<script>alert(1)</script>Siehe', 'Siehe (la règle) (A < B & C)'],
    [
      '<img src=x onerror=alert(1)>Siehe <a href="javascript:x">hier</a>',
      'Siehe hier (la règle) (A < B & C)',
    ],
    ['<a id="7">Siehe</a> <a id="1">hier</a> <p>unten</p>', 'Siehe hier unten (la règle) (A < B & C)'],
    ['<b>Siehe <i>hier', 'Siehe hier (la règle) (A < B & C)'],
    [
      'Siehe&nbsp;&#x27;hier&#39; &amp;lt; <!-- <b> --> 1 < 2',
      "Siehe\u00A0'hier' &lt; 1 < 2 (la règle) (A < B & C)",
    ],
    ['<script>Siehe', null],
    ['  Siehe \n <br> hier  ', 'Siehe hier (la règle) (A < B & C)'],
  ])('takes text alone of %s', (answer, expected) => {
    const made = translated(line, [answer]);
    made?.check();
    expect(made?.textContent ?? null).toBe(expected);
    made?.descendants((each) => {
      for (const mark of each.marks) if (mark.type.name === 'link') expect(mark.attrs).toEqual(link.attrs);
    });
  });

  it.each(['', ' ', '<b></b>', '<script>x</script>'])(
    'is left alone where the machine says «%s»',
    (answer) => {
      expect(translated(line, [answer])).toBeNull();
    },
  );
});

describe('a block of several lines', () => {
  it('keeps its line breaks, and lines without words', () => {
    const address = node(
      paragraph(
        text('Mairie'),
        { type: 'hardBreak' },
        text('—'),
        { type: 'hardBreak' },
        text('Service', bold),
      ),
    );
    expect(passagesOf(address)).toEqual(['Mairie', '<b>Service</b>']);
    expect(said(address)).toEqual(
      node(
        paragraph(
          text('MAIRIE'),
          { type: 'hardBreak' },
          text('—'),
          { type: 'hardBreak' },
          text('SERVICE', bold),
        ),
      ).toJSON(),
    );
  });

  it('keeps nested lists, and ids of blocks go no further than the block itself', () => {
    const nested = node({
      ...item(paragraph(text('un')), {
        type: 'bulletList',
        content: [{ ...item(paragraph(text('deux', bold))), attrs: { block: 'old' } }],
      }),
    });
    expect(passagesOf(nested)).toEqual(['un', '<b>deux</b>']);
    expect(said(nested)).toEqual(
      node(
        item(paragraph(text('UN')), { type: 'bulletList', content: [item(paragraph(text('DEUX', bold)))] }),
      ).toJSON(),
    );
  });

  it('keeps quotations, code, and tables with their spans', () => {
    const cell = (words: string, colspan = 1): JSONContent => ({
      type: 'tableCell',
      attrs: { colspan, rowspan: 1, colwidth: null },
      content: [paragraph(...(words ? [text(words)] : []))],
    });
    const table = (...words: string[]): JSONContent => ({
      type: 'table',
      content: [
        { type: 'tableRow', content: [cell(words[0]!, 2)] },
        { type: 'tableRow', content: [cell(''), cell(words[1]!)] },
      ],
    });
    expect(passagesOf(node(table('a', 'b')))).toEqual(['a', 'b']);
    expect(said(node(table('a', 'b')))).toEqual(node(table('A', 'B')).toJSON());
    const quote = (...words: string[]): JSONContent => ({
      type: 'blockquote',
      content: [
        paragraph(text(words[0]!)),
        { type: 'codeBlock', content: [text('let x')] },
        paragraph(text(words[1]!)),
      ],
    });
    expect(said(node(quote('a', 'b')))).toEqual(node(quote('A', 'B')).toJSON());
    expect(passagesOf(node({ type: 'codeBlock', content: [text('let x')] }))).toEqual([]);
  });

  it('says what an image shows, and the image stays', () => {
    const image = (alt: string): Node => node({ type: 'image', attrs: { src: '/api/v1/images/1', alt } });
    expect(passagesOf(image('Le pont <de fer>'))).toEqual(['Le pont &lt;de fer&gt;']);
    expect(said(image('Le pont'))).toEqual(image('LE PONT').toJSON());
  });

  it('is not half translated', () => {
    const two = node({ type: 'blockquote', content: [paragraph(text('un')), paragraph(text('deux'))] });
    expect(translated(two, ['eins', ''])).toBeNull();
    expect(translated(two, ['eins'])).toBeNull();
  });
});
