// A form tells a failure beside the field that it is about, and above itself when it is about none. Rendered for real.
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { expect, test } from 'vitest';
import { ApiError } from '@/api';
import { useForm, type Form } from './form';

type Names = 'email' | 'organisation';

function formWith(error: unknown): Form<Names> {
  let form: Form<Names> | null = null;
  const Probe = () => {
    form = useForm<Names>({ email: '', organisation: 'Canton' }, error, { email_taken: 'email' });
    return null;
  };
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  act(() => createRoot(document.createElement('div')).render(createElement(Probe)));
  if (!form) throw new Error('not rendered');
  return form;
}

const problem = (code: string, field?: string) =>
  new ApiError({ status: 422, code, detail: `${code}!`, ...(field ? { field } : {}) });

test('a failure that names a field stands beside it', () => {
  const form = formWith(problem('field_invalid', 'organisation.name'));
  expect(form.field('organisation').error).toBe('field_invalid!');
  expect(form.field('email').error).toBeNull();
  expect(form.above).toBeNull();
});

test('a code that is always about one field stands beside it', () => {
  const form = formWith(problem('email_taken'));
  expect(form.field('email').error).toBe('email_taken!');
  expect(form.above).toBeNull();
});

test('a failure about no field of the form stands above it', () => {
  expect(formWith(problem('conflict')).above).toBe('conflict!');
  expect(formWith(problem('field_missing', 'elsewhere')).above).toBe('field_missing!');
  expect(formWith(null).above).toBeNull();
});

test('blanks do not fill a field', () => {
  const form = formWith(null);
  expect(form.filled('organisation')).toBe(true);
  expect(form.filled('organisation', 'email')).toBe(false);
});
