// What every screen needs: the host, the words, where we are, and the answers of the server.
import { createContext, type ComponentChildren } from 'preact';
import { useCallback, useContext, useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { ErrorLike, Host, Translate } from '@/host';
import { toPath, toPlace, type Place } from '@/pure/places';
import type { Both } from './model';

export type Language = 'fr' | 'de';

export interface App {
  host: Host;
  t: Translate;
  language: Language;
  place: Place;
  /** Address of a place, for a link that can be opened beside. */
  href(place: Place): string;
  go(place: Place, options?: { replace?: boolean }): void;
  /** Text of a bilingual value in the reader's language, or in the other. */
  say(value: Both | string | null | undefined): string;
  /** Counts what was changed here: what is shown is asked for again. */
  changes: number;
  changed(): void;
  day(value: string | null | undefined): string;
  moment(value: string | null | undefined): string;
  number(value: number): string;
  publicly: boolean;
}

const Context = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(Context);
  if (!app) throw new Error('useApp outside of AppProvider');
  return app;
}

const dayOnly = /^\d{4}-\d{2}-\d{2}$/;

export function AppProvider({
  host,
  publicly = false,
  children,
}: {
  host: Host;
  publicly?: boolean;
  children: ComponentChildren;
}) {
  const [path, setPath] = useState(host.path);
  const [changes, setChanges] = useState(0);
  useEffect(() => host.onPath(setPath), [host]);
  const app = useMemo<App>(() => {
    const language: Language = host.locale.startsWith('de') ? 'de' : 'fr';
    const date = new Intl.DateTimeFormat(host.locale, { dateStyle: 'long', timeZone: 'UTC' });
    const time = new Intl.DateTimeFormat(host.locale, { dateStyle: 'long', timeStyle: 'short' });
    const numbers = new Intl.NumberFormat(host.locale);
    const written = (value: string | null | undefined, format: Intl.DateTimeFormat) =>
      value && !Number.isNaN(Date.parse(value)) ? firstOf(format.format(new Date(value)), language) : '';
    return {
      host,
      t: (key, args) => host.t(key, args),
      language,
      publicly,
      place: toPlace(path),
      href: (place) => host.href(`/${toPath(place)}`),
      go: (place, options) => host.navigate(`/${toPath(place)}`, options),
      say: (value) => said(value, language),
      changes,
      changed: () => setChanges((count) => count + 1),
      day: (value) => written(value && dayOnly.test(value) ? value : value?.slice(0, 10), date),
      moment: (value) => written(value, time),
      number: (value) => numbers.format(value),
    };
  }, [host, path, changes, publicly]);
  return <Context.Provider value={app}>{children}</Context.Provider>;
}

/** French says "1er mars", which the browser's formats do not. */
export const firstOf = (day: string, language: Language) =>
  language === 'fr' ? day.replace(/^1 /, '1er ') : day;

export function said(value: Both | string | null | undefined, language: Language): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return value[language] || value[language === 'fr' ? 'de' : 'fr'] || '';
}

/** The language a bilingual value is shown in, where it is not the reader's: for `lang`. */
export function otherLanguage(
  value: Both | string | null | undefined,
  language: Language,
): Language | undefined {
  if (!value || typeof value === 'string' || value[language]) return undefined;
  const other = language === 'fr' ? 'de' : 'fr';
  return value[other] ? other : undefined;
}

export interface Answered<T> {
  /** The last answer, which stays while the next one is waited for. */
  data: T | null;
  error: ErrorLike | null;
  waiting: boolean;
  again(): void;
}

/** Asks for `path` (null: for nothing), again when the path or something that was changed here is another. */
export function useAnswer<T>(path: string | null): Answered<T> {
  const { host, changes } = useApp();
  const [state, setState] = useState<{ path: string | null; data: T | null; error: ErrorLike | null }>({
    path: null,
    data: null,
    error: null,
  });
  const [waiting, setWaiting] = useState(path !== null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (path === null) return;
    let current = true;
    setWaiting(true);
    host
      .api<T>('GET', path)
      .then(({ json }) => current && setState({ path, data: json, error: null }))
      .catch((error: unknown) => {
        if (current)
          setState((before) => ({
            path,
            data: before.path === path ? before.data : null,
            error: asError(error),
          }));
      })
      .finally(() => current && setWaiting(false));
    return () => {
      current = false;
    };
  }, [host, path, turn, changes]);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  return { data: state.data, error: state.error, waiting, again };
}

export function asError(error: unknown): ErrorLike {
  if (typeof error === 'object' && error !== null && 'message' in error) return error as ErrorLike;
  return { message: String(error) };
}

/** Something that is done by a press: `busy` while it runs, its failure in `error`, never two at once. */
export function useDeed() {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorLike | null>(null);
  const running = useRef(false);
  const alive = useRef(true);
  useEffect(() => () => void (alive.current = false), []);
  const run = useCallback(
    async (work: () => Promise<unknown>): Promise<boolean> => {
      if (running.current) return false;
      running.current = true;
      setBusy(true);
      setError(null);
      try {
        await app.host.busy(work());
        return true;
      } catch (failure) {
        if (alive.current) setError(asError(failure));
        return false;
      } finally {
        running.current = false;
        if (alive.current) setBusy(false);
      }
    },
    [app.host],
  );
  return { busy, error, run, clear: () => setError(null) };
}

/** A value that follows another one when that has been still for a moment: what is typed, before it is asked for. */
export function useStill<T>(value: T, milliseconds: number): T {
  const [still, setStill] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return still;
}

/** An id that no other module has on the same page: each has its own Preact, and each of these counts from the start. */
export function useUid(): string {
  const { host } = useApp();
  return `an-${host.slot}-${useId()}`;
}

export function useTitle(...parts: (string | undefined)[]) {
  const { host } = useApp();
  const title = parts.filter(Boolean).join(' · ');
  useEffect(() => {
    if (title) host.setTitle(title);
  }, [host, title]);
}
