import { t } from '@/i18n';
import { ApiError } from './http';

/** Longer waits are said in minutes. */
export const minutes_from_s = 90;

/** The sentence to show for a failure: the server's own, in the reader's language, or ours when it gave none. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.internal');
  if (error.offline) return t('error.offline');
  if (error.status === 429 && error.retryAfter) {
    return error.retryAfter > minutes_from_s
      ? t('error.too_many.minutes', { minutes: Math.ceil(error.retryAfter / 60) })
      : t('error.too_many', { seconds: error.retryAfter });
  }
  if (error.detail) return error.detail;
  return t(error.status === 403 ? 'error.denied' : 'error.internal');
}

/** What is wrong with this field, if that is what the failure is about. */
export function fieldError(error: unknown, field: string): string | null {
  return error instanceof ApiError && error.field === field ? errorText(error) : null;
}

/** What to say above a form: everything that is not about one of its fields. */
export function formError(error: unknown, ...fields: string[]): string | null {
  if (!error) return null;
  if (error instanceof ApiError && error.field && fields.includes(error.field)) return null;
  return errorText(error);
}
