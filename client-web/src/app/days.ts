import type { Formats, Translate } from '@/i18n';

/** « du 1er janvier 2026 au 31 mars 2026 », « depuis le … », « jusqu’au … »; nothing when both ends are open. */
export function daysText(
  { first_day, last_day }: { first_day: string | null; last_day: string | null },
  t: Translate,
  format: Formats,
): string {
  // Noon: a day stays the same day in every zone of Europe.
  const day = (iso: string) => format.date(`${iso}T12:00:00Z`);
  if (first_day && last_day) return t('people.days.both', { first: day(first_day), last: day(last_day) });
  if (first_day) return t('people.days.since', { first: day(first_day) });
  if (last_day) return t('people.days.until', { last: day(last_day) });
  return '';
}
