import { ApiError, errorText } from '@/api';
import { useI18n } from '@/i18n';
import { ErrorNotice } from '@/ui';
import { NotFound } from './NotFound';

/** What a whole screen shows when it could not be read: not found, not allowed, or an error with a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useI18n();
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (error instanceof ApiError && error.status === 403)
    return <NotFound title={t('denied.title')} detail={error.detail || t('denied.detail')} />;
  return (
    <div className="page">
      <h1 className="vh">{t('app.unreachable')}</h1>
      <ErrorNotice title={errorText(error)} onRetry={onRetry}>
        {error instanceof ApiError && error.requestId ? t('error.reference', { id: error.requestId }) : null}
      </ErrorNotice>
    </div>
  );
}
