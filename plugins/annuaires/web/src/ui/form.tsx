// What a route refused in a form: each sentence beside its field, the first of them with the focus, the rest above the buttons.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useApp } from '@/app/context';
import type { ErrorLike } from '@/host';
import { Failure, Notice } from './parts';

interface One {
  field: string;
  message: string;
}

/** All that is wrong; a failure that names one field alone is a list of one, any other an empty one. */
export function wrongOf(error: ErrorLike | null): One[] {
  if (!error) return [];
  if (error.errors?.length) return error.errors;
  return error.field ? [{ field: error.field, message: error.message }] : [];
}

/** `at`: the sentence for each field. `form` goes on the form, whose first wrong field takes the focus. */
export function useWrong(error: ErrorLike | null) {
  const form = useRef<HTMLFormElement>(null);
  const at = useMemo(() => {
    const first: Record<string, string> = {};
    for (const { field, message } of wrongOf(error)) first[field] ??= message;
    return first;
  }, [error]);
  useEffect(() => {
    if (!error) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"], fieldset.an-wrong input');
    wrong?.focus();
  }, [error]);
  return { at, form };
}

/** `shows`: whether the form has that field. What it does not have is said here. */
export function Refused({ error, shows }: { error: ErrorLike | null; shows(field: string): boolean }) {
  const { t } = useApp();
  const wrong = wrongOf(error);
  const fields = new Set(wrong.map(({ field }) => field).filter(shows));
  const others = new Set(wrong.filter(({ field }) => !shows(field)).map(({ message }) => message));
  if (!error) return null;
  if (!wrong.length) return <Failure error={error} />;
  return (
    <Notice kind="error" role="alert">
      {fields.size > 0 && <p>{t('web.form.wrong', { count: fields.size })}</p>}
      {[...others].map((message) => (
        <p key={message}>{message}</p>
      ))}
    </Notice>
  );
}
