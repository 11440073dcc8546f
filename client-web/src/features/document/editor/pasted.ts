// Pasted HTML, before it is parsed. The schema would throw away what does not belong here in any case; but parsing
// style attributes, style elements and event handlers, even in a document that nobody sees, is reported as a breach
// of the content policy. So they go first. On the way, formats that word processors write as styles become elements,
// which is the only way that the schema can see them. This is about tidiness: safety is the schema's and the policy's.

const kDroppedWhole = [
  'style',
  'script',
  'title',
  'template',
  'iframe',
  'object',
  'svg',
  'math',
  'noscript',
  'xml',
];
const kDroppedTags = new Set([
  'html',
  'head',
  'body',
  'meta',
  'link',
  'base',
  'font',
  'form',
  'input',
  'button',
  'embed',
]);
const kVoid = new Set(['br', 'hr', 'img', 'col', 'wbr']);
/** Nothing else is ever read from a pasted element. */
const kAttributes = new Set([
  'href',
  'src',
  'alt',
  'title',
  'colspan',
  'rowspan',
  'start',
  'lang',
  'data-pm-slice',
  'data-type',
  'data-checked',
]);

const kTag = /<(\/?)([a-z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi;
const kAttribute = /([^\s"'=/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"']+))?/g;

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, value] of text.matchAll(kAttribute)) {
    const key = name!.toLowerCase();
    if (!found.has(key)) found.set(key, (value ?? '').replace(/^(["'])([^]*)\1$/, '$2'));
  }
  return found;
}

/** The elements that say what a style said: bold text of a web word processor is a span with a weight. */
function formatsOf(style: string): string[] {
  const formats: string[] = [];
  if (/font-weight\s*:\s*(bold|bolder|[6-9]\d\d)/i.test(style)) formats.push('strong');
  if (/font-style\s*:\s*(italic|oblique)/i.test(style)) formats.push('em');
  if (/text-decoration(-line)?\s*:[^;]*underline/i.test(style)) formats.push('u');
  if (/text-decoration(-line)?\s*:[^;]*line-through/i.test(style)) formats.push('s');
  return formats;
}

function isPlainWeight(name: string, style: string): boolean {
  return (name === 'b' || name === 'strong') && /font-weight\s*:\s*(normal|[1-5]\d\d)/i.test(style);
}

/** Requires: `href` is written as HTML. Whether it may be a link is the schema's matter; what runs is not even parsed. */
function isHarmless(name: string, value: string): boolean {
  return (name !== 'href' && name !== 'src') || !/^\s*(javascript|vbscript|data)/i.test(value);
}

function escaped(value: string): string {
  return value.replace(/"/g, '&quot;').replace(/</g, '&lt;');
}

export function tidyPasted(html: string): string {
  let text = html.replace(/<!--[^]*?(-->|$)/g, '').replace(/<![^>]*>|<\?[^>]*>/g, '');
  for (const name of kDroppedWhole)
    text = text.replace(new RegExp(`<${name}\\b[^]*?(</${name}\\s*>|$)`, 'gi'), '');

  // What each open element was written as, so that its end is written alike.
  const open: { name: string; ends: string }[] = [];
  return text.replace(kTag, (_tag, slash: string, given: string, rest: string) => {
    const name = given.toLowerCase();
    if (slash) {
      const at = open.findLastIndex((entry) => entry.name === name);
      if (at < 0) return '';
      // Elements that were left open end with the one around them.
      return open
        .splice(at)
        .reverse()
        .map((entry) => entry.ends)
        .join('');
    }
    const attributes = attributesOf(rest);
    const style = attributes.get('style') ?? '';
    const kept = [...attributes].filter(([key, value]) => kAttributes.has(key) && isHarmless(key, value));
    const words = kept.map(([key, value]) => ` ${key}="${escaped(value)}"`).join('');
    if (kVoid.has(name)) return `<${name}${words}>`;
    const foreign = kDroppedTags.has(name) || name.includes(':') || isPlainWeight(name, style);
    const inline = foreign || name === 'span' || name === 'a' || name === 'code';
    const formats = inline ? formatsOf(style) : [];
    const starts = `${foreign ? '' : `<${name}${words}>`}${formats.map((each) => `<${each}>`).join('')}`;
    const ends = `${formats
      .toReversed()
      .map((each) => `</${each}>`)
      .join('')}${foreign ? '' : `</${name}>`}`;
    if (!rest.trimEnd().endsWith('/')) open.push({ name, ends });
    return rest.trimEnd().endsWith('/') ? `${starts}${ends}` : starts;
  });
}
