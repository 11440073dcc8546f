import { useQuery } from '@tanstack/react-query';
import { errorText, pluginQueries } from '@/api';
import { useI18n } from '@/i18n';
import { ErrorNotice, Skeleton } from '@/ui';

/** The last lines that a plugin has written, in its own words. */
export function Logs({ id, name }: { id: string; name: string }) {
  const { t, locale } = useI18n();
  const { data, error, refetch } = useQuery(pluginQueries.logs(id));
  if (!data)
    return error ? (
      <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={3} />
    );
  if (data.lines.length === 0) return <p className="muted">{t('plugins.logs.none')}</p>;
  return (
    <ol className="plg-log" tabIndex={0} aria-label={`${t('plugins.logs')}, ${name}`}>
      {data.lines.map(({ at, level, line }, index) => (
        <li key={`${at} ${index}`}>
          <time dateTime={new Date(at).toISOString()}>
            {new Date(at).toLocaleTimeString(locale, {
              hour: '2-digit',
              minute: '2-digit',
              second: '2-digit',
            })}
          </time>{' '}
          <b>{level}</b> <span lang="en">{line}</span>
        </li>
      ))}
    </ol>
  );
}
