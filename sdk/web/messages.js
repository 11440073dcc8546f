// SPDX-License-Identifier: Apache-2.0
//
// The sentences of a plugin: ICU MessageFormat with {name}, {n, number}, {n, plural, …} and {word, select, …}.

/** What stands between `from` and the end or the brace that closes it: pieces of text, `#`, and what is filled in. */
function parse(text, from, inside, counts) {
  const parts = [];
  let plain = '';
  let at = from;
  const flush = () => {
    if (plain) parts.push(plain);
    plain = '';
  };
  while (at < text.length) {
    const c = text[at];
    if (c === '}' && inside) break;
    if (c === "'" && (text[at + 1] === '{' || text[at + 1] === '}')) {
      const end = text.indexOf("'", at + 1);
      plain += text.slice(at + 1, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end + 1;
    } else if (c === '#' && counts) {
      flush();
      parts.push({ count: true });
      at += 1;
    } else if (c === '{') {
      flush();
      const [part, after] = argument(text, at + 1, counts);
      parts.push(part);
      at = after;
    } else {
      plain += c;
      at += 1;
    }
  }
  flush();
  return [parts, at];
}

function argument(text, from, counts) {
  const head = /^\s*([\w.]+)\s*(?:,\s*(\w+)\s*)?/.exec(text.slice(from));
  if (!head) throw new SyntaxError(`no name after { in “${text}”`);
  let at = from + head[0].length;
  const part = { name: head[1], kind: head[2] ?? 'text', choices: {} };
  if (text[at] === ',') at += 1;
  while (at < text.length && text[at] !== '}') {
    const choice = /^\s*(=?[\w-]+)\s*\{/.exec(text.slice(at));
    if (!choice) {
      const space = /^\s+/.exec(text.slice(at));
      if (!space) throw new SyntaxError(`“${text.slice(at)}” is no choice in “${text}”`);
      at += space[0].length;
      continue;
    }
    const [parts, end] = parse(text, at + choice[0].length, true, counts || part.kind === 'plural');
    if (text[end] !== '}') throw new SyntaxError(`a brace is not closed in “${text}”`);
    part.choices[choice[1]] = parts;
    at = end + 1;
  }
  if (text[at] !== '}') throw new SyntaxError(`a brace is not closed in “${text}”`);
  return [part, at + 1];
}

function write(parts, values, locale, count) {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part.count) return new Intl.NumberFormat(locale).format(Number(count));
      const value = values[part.name];
      if (part.kind === 'plural') {
        const word = new Intl.PluralRules(locale).select(Number(value));
        const chosen = part.choices[`=${value}`] ?? part.choices[word] ?? part.choices.other ?? [];
        return write(chosen, values, locale, value);
      }
      if (part.kind === 'select') {
        return write(part.choices[value] ?? part.choices.other ?? [], values, locale, count);
      }
      if (part.kind === 'number') return new Intl.NumberFormat(locale).format(Number(value));
      return value === null || value === undefined ? '' : String(value);
    })
    .join('');
}

/** One sentence filled in. Throws SyntaxError where it is malformed. */
export function format(message, values = {}, locale = 'fr-FR') {
  return write(parse(message, 0, false, false)[0], values, locale, 0);
}

/** `t` over a catalogue: an unknown key, and a sentence that cannot be read, come back as they are. */
export function translator(messages, locale) {
  return (key, values) => {
    const message = messages[key];
    if (message === undefined) return key;
    try {
      return format(message, values, locale);
    } catch {
      return message;
    }
  };
}
