// The blocks of a document that are translated one by one, read from the shared document itself. The same as
// server/domain/twins/units.cpp; server/domain/twins/testdata/vectors.json holds both to it. Decision 0030.
import { digest } from 'lib0/hash/sha256';
import * as Y from 'yjs';

export interface Unit {
  /** Attribute `block`; empty if nobody has given it one yet. */
  id: string;
  /** What is to be translated: lines in NFC, runs of blanks as one space. */
  text: string;
  hash: string;
  element: Y.XmlElement;
}

const kHashDigits = 16;
const kLists = ['bulletList', 'orderedList', 'taskList'];
const utf8 = new TextEncoder();

function hashOf(text: string): string {
  const bytes = digest(utf8.encode(text)) as Uint8Array;
  return [...bytes.subarray(0, kHashDigits / 2)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

// Typography (narrow and no-break spaces) is not a change of the text.
const oneLine = (raw: string): string =>
  raw
    .replace(/[ \t\n\r\u00A0\u2009\u2028\u202F]+/g, ' ')
    .replace(/^ | $/g, '')
    .normalize('NFC');

interface Lines {
  text: string[];
  hashed: string[];
}

function add(lines: Lines, text: string, hashed: string): void {
  const line = oneLine(text);
  if (!line) return;
  lines.text.push(line);
  lines.hashed.push(hashed ? oneLine(hashed) : line);
}

const isInline = (node: unknown): boolean =>
  node instanceof Y.XmlText || (node instanceof Y.XmlElement && node.nodeName === 'hardBreak');

// Bold and italic change nothing for who translates; a passage that is struck out, or a link that leads elsewhere, does.
function readLine(element: Y.XmlElement, lines: Lines): void {
  let text = '';
  let hashed = '';
  let href = '';
  let struck = false;
  const turn = (strike: boolean, link: string): void => {
    if (href !== link && href) hashed += `\u0003${href}\u0004`;
    if (struck !== strike) hashed += strike ? '\u0001' : '\u0002';
    struck = strike;
    href = link;
  };
  for (const node of element.toArray()) {
    if (!isInline(node)) continue;
    if (!(node instanceof Y.XmlText)) {
      text += ' ';
      hashed += ' ';
      continue;
    }
    for (const { insert, attributes } of node.toDelta() as {
      insert: unknown;
      attributes?: Record<string, { href?: unknown } | undefined>;
    }[]) {
      if (typeof insert !== 'string') continue;
      const link = attributes?.link?.href;
      turn(attributes?.strike !== undefined, typeof link === 'string' ? link : '');
      text += insert;
      hashed += insert;
    }
  }
  turn(false, '');
  add(lines, text, hashed);
}

function read(element: Y.XmlElement, lines: Lines): void {
  if (element.nodeName === 'image') {
    const alt: unknown = element.getAttribute('alt');
    add(lines, typeof alt === 'string' ? alt : '', '');
    return;
  }
  const children = element.toArray();
  if (children.some(isInline)) readLine(element, lines);
  for (const child of children) if (child instanceof Y.XmlElement && !isInline(child)) read(child, lines);
}

export function unitOf(element: Y.XmlElement): Unit {
  const lines: Lines = { text: [], hashed: [] };
  read(element, lines);
  const id: unknown = element.getAttribute('block');
  return {
    id: typeof id === 'string' ? id : '',
    text: lines.text.join('\n'),
    hash: hashOf(lines.hashed.join('\n')),
    element,
  };
}

/** A block of the top level, or an item of a list of the top level; a horizontal rule is none. In the order of the text. */
export function unitElements(fragment: Y.XmlFragment): Y.XmlElement[] {
  const found: Y.XmlElement[] = [];
  for (const node of fragment.toArray()) {
    if (!(node instanceof Y.XmlElement)) continue;
    if (node.nodeName === 'horizontalRule' || node.nodeName === 'extensionBlock') continue;
    if (!kLists.includes(node.nodeName)) found.push(node);
    else for (const item of node.toArray()) if (item instanceof Y.XmlElement) found.push(item);
  }
  return found;
}

/** Reads the units again and again, and only those anew that have changed. */
export class UnitReader {
  private readonly known = new WeakMap<Y.XmlElement, Unit>();
  private readonly fragment: Y.XmlFragment;

  constructor(doc: Y.Doc) {
    this.fragment = doc.getXmlFragment('default');
    this.fragment.observeDeep(this.forget);
  }

  read(): Unit[] {
    return unitElements(this.fragment).map((element) => {
      const unit = this.known.get(element) ?? unitOf(element);
      this.known.set(element, unit);
      return unit;
    });
  }

  destroy(): void {
    this.fragment.unobserveDeep(this.forget);
  }

  private readonly forget = (events: Y.YEvent<Y.AbstractType<unknown>>[]): void => {
    for (const { target } of events)
      for (
        let at: Y.AbstractType<unknown> | null = target;
        at;
        at = at.parent as Y.AbstractType<unknown> | null
      )
        if (at instanceof Y.XmlElement) this.known.delete(at);
  };
}
