// A block as a machine gets it and gives it back: each line by itself, with its inline marks as tags. What must come
// back as it went (where a link leads, what stands in code) does not leave: a number stands for it. What comes back is
// the word of a stranger: of it only text is taken, and the tags that stand for marks. Pure.
import { Fragment, type Mark, type Node, type Schema } from '@tiptap/pm/model';

const kTags: Readonly<Record<string, string>> = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strike: 's',
  link: 'a',
  code: 'code',
};
const kMarks: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(kTags).map(([mark, tag]) => [tag, mark])),
  strong: 'bold',
  em: 'italic',
  del: 'strike',
};
/** Whose contents are not words. */
const kSilent = ['script', 'style', 'template'];
/** Outermost first, so that a link that is half bold stays one link. */
const kOrder = ['link', 'bold', 'italic', 'underline', 'strike', 'code'];

/** What a number in a line stands for. */
interface Kept {
  mark: Mark;
  nodes: Node[];
}

interface Line {
  html: string;
  kept: Kept[];
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const isNumbered = (mark: Mark): boolean => mark.type.name === 'link' || mark.type.name === 'code';

function marksOf(node: Node): Mark[] {
  const place = (mark: Mark): number => kOrder.indexOf(mark.type.name);
  return node.marks.filter((mark) => place(mark) >= 0).sort((a, b) => place(a) - place(b));
}

function lineOf(nodes: readonly Node[]): Line {
  const kept: Kept[] = [];
  const open: Mark[] = [];
  let html = '';
  const close = (until: number): void => {
    while (open.length > until) html += `</${kTags[open.pop()!.type.name]}>`;
  };
  for (const node of nodes) {
    const marks = marksOf(node);
    let shared = 0;
    while (shared < open.length && marks[shared]?.eq(open[shared]!)) shared += 1;
    close(shared);
    for (const mark of marks.slice(shared)) {
      open.push(mark);
      html += isNumbered(mark)
        ? `<${kTags[mark.type.name]} id="${kept.length}">`
        : `<${kTags[mark.type.name]}>`;
      if (isNumbered(mark)) kept.push({ mark, nodes: [] });
    }
    for (const mark of marks.filter(isNumbered))
      kept.findLast((each) => each.mark.eq(mark))?.nodes.push(node);
    html += escaped(node.text ?? '');
  }
  close(0);
  return { html, kept };
}

/** The lines of a block of text: what stands between its line breaks. */
function linesIn(block: Node): Node[][] {
  const lines: Node[][] = [[]];
  block.forEach((node) => {
    if (node.isText) lines.at(-1)!.push(node);
    else lines.push([]);
  });
  return lines;
}

const hasWords = (nodes: readonly Node[]): boolean =>
  /[\p{L}\p{N}]/u.test(nodes.map(({ text }) => text).join(''));

const altOf = (node: Node): string => {
  const alt: unknown = node.attrs.alt;
  return node.type.name === 'image' && typeof alt === 'string' ? alt.trim() : '';
};

/** What a machine is asked to translate of a block, in its order; nothing of code. */
export function passagesOf(node: Node): string[] {
  if (altOf(node)) return [escaped(altOf(node))];
  if (node.type.spec.code) return [];
  if (node.isTextblock)
    return linesIn(node)
      .filter(hasWords)
      .map((nodes) => lineOf(nodes).html);
  const all: string[] = [];
  node.forEach((child) => all.push(...passagesOf(child)));
  return all;
}

/** Text as it comes, blanks of a page as one space; those of typography stay. */
class Spaced {
  readonly nodes: Node[] = [];
  private blank = true;

  constructor(private readonly schema: Schema) {}

  add(raw: string, marks: readonly Mark[]): void {
    let text = raw.replace(/[ \t\r\n]+/g, ' ');
    if (this.blank) text = text.replace(/^ /, '');
    if (!text) return;
    this.blank = text.endsWith(' ');
    this.nodes.push(this.schema.text(text, marks));
  }

  /** Without the blank at its end. */
  done(): Node[] {
    const last = this.nodes.at(-1);
    if (!last?.text?.endsWith(' ')) return this.nodes;
    const text = last.text.slice(0, -1);
    return [...this.nodes.slice(0, -1), ...(text ? [this.schema.text(text, last.marks)] : [])];
  }
}

const kToken = /<!--[^]*?-->|<(\/?)([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi;
const kEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
};

const plain = (html: string): string =>
  html.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi,
    (all, decimal, hex, name: string | undefined) => {
      if (name) return kEntities[name.toLowerCase()] ?? all;
      const code = hex ? Number.parseInt(hex as string, 16) : Number(decimal);
      return code > 31 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : ' ';
    },
  );

/** What a machine said of a line, with the marks it had; null if it said nothing. */
class Reader {
  private readonly text: Spaced;
  private readonly open: { tag: string; marks: readonly Mark[]; silent: boolean }[] = [];
  private readonly seen = new Set<number>();

  constructor(
    private readonly kept: readonly Kept[],
    private readonly schema: Schema,
  ) {
    this.text = new Spaced(schema);
  }

  // By hand: the content policy lets nothing parse the HTML of strangers, and of this little there is to know.
  read(answer: string): Node[] | null {
    let from = 0;
    for (const found of answer.matchAll(kToken)) {
      this.say(answer.slice(from, found.index));
      from = found.index + found[0].length;
      const [, slash, name, attributes] = found;
      if (!name) continue;
      if (slash) this.close(name.toLowerCase());
      else this.begin(name.toLowerCase(), attributes ?? '');
    }
    this.say(answer.slice(from));
    if (!hasWords(this.text.nodes)) return null;
    this.addLost();
    return this.text.done();
  }

  private say(html: string): void {
    const { marks = [], silent = false } = this.open.at(-1) ?? {};
    if (!silent) this.text.add(plain(html), marks);
  }

  private begin(tag: string, attributes: string): void {
    const { marks = [], silent = false } = this.open.at(-1) ?? {};
    if (tag === 'br') return this.say(' ');
    const name = kMarks[tag];
    if (kSilent.includes(tag)) this.open.push({ tag, marks, silent: true });
    else if (!name || silent) return;
    else if (tag === 'a' || tag === 'code') this.beginKept(tag, name, attributes, marks);
    else this.open.push({ tag, marks: this.schema.marks[name]?.create().addToSet(marks) ?? marks, silent });
  }

  private beginKept(tag: string, name: string, attributes: string, marks: readonly Mark[]): void {
    const number = Number(/(?:^|\s)id\s*=\s*["']?(\d+)/i.exec(attributes)?.[1] ?? Number.NaN);
    const own = this.kept[number]?.mark.type.name === name ? this.kept[number] : undefined;
    if (own) this.seen.add(number);
    // Code stands as it was, whatever was made of it.
    if (own && tag === 'code') for (const node of own.nodes) this.text.add(node.text ?? '', node.marks);
    const within = own && tag === 'a' ? own.mark.addToSet(marks) : marks;
    this.open.push({ tag, marks: within, silent: Boolean(own) && tag === 'code' });
  }

  private close(tag: string): void {
    const at = this.open.findLastIndex((each) => each.tag === tag);
    if (at >= 0) this.open.length = at;
  }

  /** A link that the machine lost stands behind the line, for the person who reads it over to put in its place. */
  private addLost(): void {
    this.kept.forEach(({ nodes }, number) => {
      if (this.seen.has(number)) return;
      this.text.add(' (', []);
      for (const node of nodes) this.text.add(node.text ?? '', node.marks);
      this.text.add(')', []);
    });
  }
}

const read = (answer: string, { kept }: Line, schema: Schema): Node[] | null =>
  new Reader(kept, schema).read(answer);

const withoutId = ({ attrs }: Node): Node['attrs'] => ('block' in attrs ? { ...attrs, block: null } : attrs);

/**
 * The block as a machine said it: `answers` to `passagesOf(node)`, in their order. Everything that is not words stays:
 * lists, tables, breaks, code. Null where the machine left something out.
 */
export function translated(node: Node, answers: readonly string[]): Node | null {
  const left = [...answers];
  const { schema } = node.type;
  const block = (at: Node): Node | null => {
    const inline: Node[] = [];
    for (const [number, nodes] of linesIn(at).entries()) {
      if (number > 0) inline.push(schema.nodes.hardBreak!.create());
      if (!hasWords(nodes)) {
        inline.push(...nodes);
        continue;
      }
      const said = read(left.shift() ?? '', lineOf(nodes), schema);
      if (!said) return null;
      inline.push(...said);
    }
    return at.copy(Fragment.fromArray(inline));
  };
  const say = (at: Node): Node | null => {
    if (altOf(at)) {
      const alt = read(left.shift() ?? '', { html: '', kept: [] }, schema);
      return alt && at.type.create({ ...at.attrs, alt: alt.map(({ text }) => text).join('') });
    }
    if (at.type.spec.code || at.isLeaf) return at;
    if (at.isTextblock) return block(at);
    const children: Node[] = [];
    for (let i = 0; i < at.childCount; i += 1) {
      const child = say(at.child(i));
      if (!child) return null;
      children.push(child.type.create(withoutId(child), child.content, child.marks));
    }
    return at.copy(Fragment.fromArray(children));
  };
  return say(node);
}
