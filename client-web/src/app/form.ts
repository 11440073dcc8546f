import { useState } from 'react';
import { ApiError, errorText } from '@/api';

export interface Form<Name extends string> {
  values: Record<Name, string>;
  set: (name: Name, value: string) => void;
  clear: () => void;
  /** What a text field of this name needs: its value, how it changes, and what the server says is wrong with it. */
  field: (name: Name) => { value: string; onChange: (value: string) => void; error: string | null };
  /** What is wrong with one field: for parts that are not text fields. */
  errorOf: (name: string) => string | null;
  /** To say above the form: a failure that is about none of its fields. */
  above: string | null;
  /** True once each of these holds more than blanks. */
  filled: (...names: Name[]) => boolean;
}

/**
 * The words of a form and the failure of its last sending, told beside the field that it is about. A failure names its
 * field (`organisation.name` is about `organisation`); `codes` says which field a code without one is about.
 */
export function useForm<Name extends string>(
  initial: Record<Name, string>,
  error: unknown,
  codes: Partial<Record<string, NoInfer<Name>>> = {},
): Form<Name> {
  const [values, setValues] = useState(initial);
  const set = (name: Name, value: string) => setValues((old) => ({ ...old, [name]: value }));
  const about = fieldOf(error, codes);
  const errorOf = (name: string) => (about === name ? errorText(error) : null);
  return {
    values,
    set,
    clear: () => setValues(initial),
    field: (name) => ({
      value: values[name],
      onChange: (value) => set(name, value),
      error: errorOf(name),
    }),
    errorOf,
    above: error && !(about !== null && about in initial) ? errorText(error) : null,
    filled: (...names) => names.every((name) => values[name].trim() !== ''),
  };
}

function fieldOf(error: unknown, codes: Partial<Record<string, string>>): string | null {
  if (!(error instanceof ApiError)) return null;
  return codes[error.code] ?? error.field?.split('.')[0] ?? null;
}
