import type { ReactNode } from 'react';
import { useI18n } from '@/i18n';
import type { IconType } from './drawing';
import { classes } from './classes';

export type TagTone = 'plain' | 'ok' | 'info' | 'wait' | 'no' | 'line';

export function Tag({
  tone = 'plain',
  icon: Icon,
  children,
}: {
  tone?: TagTone;
  icon?: IconType;
  children: ReactNode;
}) {
  return (
    <span className={classes('tag', tone !== 'plain' && tone)}>
      {Icon && <Icon />}
      {children}
    </span>
  );
}

export type Country = 'F' | 'CH';

/** The vehicle code of a side, its edge cut towards the gap. */
export function CountryTag({ country }: { country: Country }) {
  const { t } = useI18n();
  return (
    <abbr
      className={classes('c', country === 'F' ? 'f' : 'ch')}
      title={t(country === 'F' ? 'country.f' : 'country.ch')}
    >
      {country}
    </abbr>
  );
}

/** The language a content is written in. */
export function LanguageTag({ language }: { language: string }) {
  const { t } = useI18n();
  const short = language.split('-')[0] ?? language;
  const title =
    short === 'fr' ? t('content.in.fr') : short === 'de' ? t('content.in.de') : t('content.in', { language });
  return (
    <abbr className="lng" title={title}>
      {short}
    </abbr>
  );
}
