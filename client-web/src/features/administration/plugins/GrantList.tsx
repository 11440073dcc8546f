import { useI18n } from '@/i18n';
import { grantLines, routeGroups, type GrantLine } from './grants';

/** What was granted, a sentence for each kind and below it the names that a developer knows. */
export function GrantList({ title, grants }: { title: string; grants: string[] }) {
  const { t } = useI18n();
  const lines = grantLines(grants);
  return (
    <section>
      <h3>{title}</h3>
      {lines.length === 0 && <p>{t('plugins.grants.none')}</p>}
      <ul className="plg-grants">
        {lines.map((line) => (
          <li key={line.id}>
            {t(line.text, line.unknown ? { what: line.unknown } : undefined)}
            {line.slots && <span className="meta">{line.slots.map((slot) => t(slot)).join(', ')}</span>}
            <Names line={line} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A few names stand there; dozens of addresses open on a press, by what they begin with. */
function Names({ line }: { line: GrantLine }) {
  const { t } = useI18n();
  const groups = routeGroups(line);
  if (!line.names.length) return null;
  if (!groups) return <span className="meta">{line.names.join(' · ')}</span>;
  return (
    <details className="plg-routes">
      <summary>{t('plugins.grants.routes', { count: line.names.length })}</summary>
      <dl>
        {groups.map(({ start, routes }) => (
          <div key={start}>
            <dt>{start}</dt>
            {routes.map((route) => (
              <dd key={route}>{route}</dd>
            ))}
          </div>
        ))}
      </dl>
    </details>
  );
}
