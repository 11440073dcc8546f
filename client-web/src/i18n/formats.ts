import type { Locale } from './locale';

// Dates, times and numbers as each side writes them (see the table in the design notes):
//   fr-FR 1 234,50   fr-CH and de-CH 1’234.50   |   9 h 30 in French, 9.30 Uhr in German.

const nbsp = '\u00a0';
const minute = 60_000;
const hour = 60 * minute;
const justNow = { fr: 'à l’instant', de: 'gerade eben' };

export interface Formats {
  number(value: number): string;
  percent(value: number): string;
  bytes(value: number): string;
  /** 9 h 30, 14 h, 9.30 Uhr */
  time(at: Date | string): string;
  /** 6 octobre 2026 */
  date(at: Date | string): string;
  /** mardi 6 octobre 2026 */
  weekdayDate(at: Date | string): string;
  /** 6 octobre 2026, 9 h 30 */
  dateTime(at: Date | string): string;
  /** il y a 3 min, 9 h 30, hier, 17 h 20, 2 octobre, 2 octobre 2025: the shortest that says when. */
  ago(at: Date | string, now?: Date): string;
  list(items: string[]): string;
  compare(a: string, b: string): number;
}

const cache = new Map<Locale, Formats>();

export function formats(locale: Locale): Formats {
  const known = cache.get(locale);
  if (known) return known;
  const made = makeFormats(locale);
  cache.set(locale, made);
  return made;
}

function makeFormats(locale: Locale): Formats {
  const german = locale === 'de-CH';
  // CLDR groups fr-CH like fr-FR; the Swiss administrations write it like de-CH.
  const numerals = locale === 'fr-FR' ? 'fr-FR' : 'de-CH';
  const number = new Intl.NumberFormat(numerals, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const clock = new Intl.DateTimeFormat('de-CH', { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
  // French dates are written alike on both sides (CLDR puts a comma into fr-CH's).
  const calendar = german ? 'de-CH' : 'fr-FR';
  const date = new Intl.DateTimeFormat(calendar, { day: 'numeric', month: 'long', year: 'numeric' });
  const weekdayDate = new Intl.DateTimeFormat(calendar, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
  const dayMonth = new Intl.DateTimeFormat(calendar, { day: 'numeric', month: 'long' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const dayWord = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const collator = new Intl.Collator(locale, { sensitivity: 'base', numeric: true });

  /** The first of a month is « 1er » in French. */
  const write = (format: Intl.DateTimeFormat, at: Date | string) =>
    format
      .formatToParts(new Date(at))
      .map((part) => (!german && part.type === 'day' && part.value === '1' ? '1er' : part.value))
      .join('');

  const time = (at: Date | string) => {
    const parts = clock.formatToParts(new Date(at));
    const hours = Number(parts.find((part) => part.type === 'hour')?.value ?? 0);
    const minutes = parts.find((part) => part.type === 'minute')?.value ?? '00';
    if (german) return `${hours}.${minutes}${nbsp}Uhr`;
    return minutes === '00' ? `${hours}${nbsp}h` : `${hours}${nbsp}h${nbsp}${minutes}`;
  };

  return {
    // The typographic apostrophe, which only some versions of CLDR use.
    number: (value) => number.format(value).replaceAll("'", '’'),
    percent: (value) => percent.format(value),
    bytes: (value) => {
      const units = german ? ['B', 'kB', 'MB', 'GB'] : ['o', 'ko', 'Mo', 'Go'];
      let size = value;
      let unit = 0;
      while (size >= 1000 && unit < units.length - 1) {
        size /= 1000;
        unit += 1;
      }
      return `${number.format(unit < 2 ? Math.round(size) : size).replaceAll("'", '’')}${nbsp}${units[unit]}`;
    },
    time,
    date: (at) => write(date, at),
    weekdayDate: (at) => write(weekdayDate, at),
    dateTime: (at) => `${write(date, at)}, ${time(at)}`,
    ago: (at, now = new Date()) => {
      const then = new Date(at);
      const gone = now.getTime() - then.getTime();
      if (gone < minute && gone > -minute) return german ? justNow.de : justNow.fr;
      if (gone < hour && gone > 0) return relative.format(-Math.floor(gone / minute), 'minute');
      const days = calendarDays(then, now);
      if (days === 0) return time(then);
      if (days === 1) return `${dayWord.format(-1, 'day')}, ${time(then)}`;
      return then.getFullYear() === now.getFullYear() ? write(dayMonth, then) : write(date, then);
    },
    list: (items) => list.format(items),
    compare: (a, b) => collator.compare(a, b),
  };
}

function calendarDays(from: Date, to: Date): number {
  const midnight = (at: Date) => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  return Math.round((midnight(to) - midnight(from)) / (24 * hour));
}
