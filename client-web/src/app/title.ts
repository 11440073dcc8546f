import { useEffect } from 'react';
import { useBootstrap } from './session';

/** The title of the page, most telling part first. Empty while it is not known. */
export function useTitle(title: string | undefined): void {
  const instance = useBootstrap().data?.instance.name ?? 'Cluse';
  useEffect(() => {
    if (title) document.title = `${title} · ${instance}`;
  }, [title, instance]);
}
