// The directories and what the reader may do in them; and one of them by its address.
import { useMemo } from 'preact/hooks';
import { useAnswer } from './context';
import type { Directories, Directory, Field } from './model';

export function useDirectories() {
  return useAnswer<Directories>('/directories');
}

export function useDirectory(slug: string) {
  const answer = useDirectories();
  const directory = answer.data?.directories.find((one) => one.slug === slug) ?? null;
  return { ...answer, directory, may: answer.data?.may ?? { manage: false, create: false } };
}

/** The fields that are shown, in their order. */
export function useFields(directory: Directory | null): Field[] {
  return useMemo(() => (directory?.fields ?? []).filter((field) => !field.archived), [directory]);
}
