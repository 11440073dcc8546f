import { useI18n } from '@/i18n';
import { grantLines } from './grants';

/** What was granted, a sentence for each kind and below it the names that a developer knows. */
export function GrantList({ title, grants }: { title: string; grants: string[] }) {
  const { t } = useI18n();
  const lines = grantLines(grants);
  return (
    <section>
      <h3>{title}</h3>
      {lines.length === 0 && <p>{t('plugins.grants.none')}</p>}
      <ul className="plg-grants">
        {lines.map(({ id, text, names, slots, unknown }) => (
          <li key={id}>
            {t(text, unknown ? { what: unknown } : undefined)}
            {slots && <span className="meta">{slots.map((slot) => t(slot)).join(', ')}</span>}
            {names.length > 0 && <span className="meta">{names.join(' · ')}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
