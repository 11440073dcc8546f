import type { ReactNode } from 'react';
import { errorText } from '@/api';
import { ErrorNotice, SearchField, Skeleton } from '@/ui';

/** A search field and what it finds: bars while the first answer is awaited, the error with a way on, `empty`, or the list. */
export function SearchedList({
  label,
  text,
  onChange,
  found,
  error,
  onRetry,
  empty,
  children,
}: {
  label: string;
  text: string;
  onChange: (text: string) => void;
  /** How many were found; nothing yet before the first answer. */
  found: number | undefined;
  error: Error | null;
  onRetry: () => void;
  empty: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      <div className="adm-find">
        <SearchField label={label} placeholder={label} value={text} onChange={onChange} />
      </div>
      {found === undefined &&
        (error ? <ErrorNotice title={errorText(error)} onRetry={onRetry} /> : <Skeleton lines={6} />)}
      {found === 0 && empty}
      {found !== undefined && found > 0 && children}
    </>
  );
}
