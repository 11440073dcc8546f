import type { ReactNode } from 'react';
import type { Mandate } from '@/api';
import { useI18n } from '@/i18n';
import { Tag } from '@/ui';
import { daysText } from '@/app/days';

/** A mandate in a list: who or where, what, since when, and whether it has ended. */
export function MandateLine({
  mandate,
  title,
  under,
  end,
}: {
  mandate: Mandate;
  title: ReactNode;
  under: string;
  end?: ReactNode;
}) {
  const { t, format } = useI18n();
  return (
    <li className="row">
      <div className="grow">
        <p className="strong">
          {title} {!mandate.is_current && <Tag tone="line">{t('people.not.current')}</Tag>}
        </p>
        <p className="meta">
          {[
            under,
            t(`people.quality.${mandate.quality}`),
            mandate.seat === 'substitute' ? t('people.seat.substitute') : '',
            daysText(mandate, t, format),
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
      </div>
      {end}
    </li>
  );
}
