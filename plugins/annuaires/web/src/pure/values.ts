// Values of fields: from what the server says to what a form holds, and back.

export interface BothTexts {
  fr: string;
  de: string;
}
interface FieldLike {
  key: string;
  type: string;
  bilingual: boolean;
}

export const isBoth = (value: unknown): value is BothTexts =>
  typeof value === 'object' && value !== null && ('fr' in value || 'de' in value);

export const both = (value: unknown): BothTexts => {
  if (isBoth(value)) return { fr: value.fr ?? '', de: value.de ?? '' };
  return { fr: typeof value === 'string' ? value : '', de: '' };
};

export const list = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.map((one) => (typeof one === 'object' && one && 'code' in one ? String(one.code) : String(one)))
    : value
      ? [String(value)]
      : [];

export const address = (
  value: unknown,
): { street: string; postcode: string; city: string; country: string } => {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const text = (key: string) => (typeof given[key] === 'string' ? (given[key] as string) : '');
  return { street: text('street'), postcode: text('postcode'), city: text('city'), country: text('country') };
};

/** What a route wants: nothing is null, numbers are numbers, blanks around a text mean nothing. */
export function forRoute(field: FieldLike, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (isBoth(value)) {
    const trimmed = { fr: (value.fr ?? '').trim(), de: (value.de ?? '').trim() };
    return trimmed.fr || trimmed.de ? trimmed : null;
  }
  if (Array.isArray(value)) return value.length ? value : null;
  if (field.type === 'address') {
    const given = address(value);
    const kept = Object.fromEntries(Object.entries(given).filter(([, text]) => text.trim()));
    return Object.keys(kept).some((key) => key !== 'country') ? kept : null;
  }
  if (typeof value === 'string') return forText(field, value.trim());
  return value;
}

function forText(field: FieldLike, text: string): unknown {
  if (!text) return null;
  if (field.type !== 'number' && field.type !== 'organisation') return text;
  const number = Number(text.replace(',', '.').replaceAll(/[\s'’]/gu, ''));
  return Number.isFinite(number) ? number : text;
}

/** A number as one types it into a telephone: what a link "tel:" wants. */
export const dialled = (phone: string) => phone.replaceAll(/[^\d+]/g, '');

/** An address of the web that may be followed; anything but http and https is text. */
export function followable(url: string): string | null {
  try {
    const parsed = new URL(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`);
    return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : null;
  } catch {
    return null;
  }
}

/** "… la ligne [Delle]–Belfort …": what the search found stands in brackets. */
export function marked(extract: string): { text: string; found: boolean }[] {
  return extract
    .split(/(\[[^\][]*\])/)
    .filter(Boolean)
    .map((part) =>
      part.startsWith('[') && part.endsWith(']')
        ? { text: part.slice(1, -1), found: true }
        : { text: part, found: false },
    );
}

export function initials(name: string): string {
  const words = name.split(/[\s’'-]+/).filter((word) => /^\p{Lu}/u.test(word));
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [name.trim()];
  return letters.map((word) => word?.[0]?.toUpperCase() ?? '').join('');
}
