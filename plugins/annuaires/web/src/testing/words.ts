// The sentences of i18n/*.json for the fake host: ICU plural, select and {name}, which is all that catalogues use.

export function format(
  message: string,
  args: Record<string, unknown> = {},
  locale = 'fr-FR',
  count?: number,
): string {
  let text = '';
  for (let at = 0; at < message.length; at++) {
    const sign = message[at]!;
    if (sign === '#' && count !== undefined) text += new Intl.NumberFormat(locale).format(count);
    else if (sign !== '{') text += sign;
    else {
      const end = closing(message, at);
      text += argument(message.slice(at + 1, end), args, locale);
      at = end;
    }
  }
  return text;
}

function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  throw new SyntaxError(`a brace stays open in "${text}"`);
}

function argument(inner: string, args: Record<string, unknown>, locale: string): string {
  const [name = '', kind = ''] = inner.split(',', 2).map((part) => part.trim());
  const value = args[name];
  if (value === undefined) throw new Error(`no argument "${name}" for "${inner}"`);
  if (!kind) return String(value);
  const cases = casesOf(inner.slice(inner.indexOf(kind) + kind.length + 1));
  if (kind === 'select') return format(cases.get(String(value)) ?? cases.get('other') ?? '', args, locale);
  const rule = new Intl.PluralRules(locale).select(Number(value));
  return format(
    cases.get(`=${value}`) ?? cases.get(rule) ?? cases.get('other') ?? '',
    args,
    locale,
    Number(value),
  );
}

function casesOf(text: string): Map<string, string> {
  const cases = new Map<string, string>();
  for (let at = 0; at < text.length;) {
    const open = text.indexOf('{', at);
    if (open < 0) break;
    const end = closing(text, open);
    cases.set(text.slice(at, open).trim(), text.slice(open + 1, end));
    at = end + 1;
  }
  return cases;
}
