import { useQuery } from '@tanstack/react-query';
import {
  changeMe,
  errorText,
  queries,
  signOut as requestSignOut,
  type Bootstrap,
  type Me,
  type MeChange,
} from '@/api';
import { clearOfflineData, unsentCount } from '@/collab/offline';
import { activate, rememberLocale, t, type Locale } from '@/i18n';
import { toast } from '@/ui';
import { queryClient } from './query_client';
import { setTheme } from './theme';

// Who is signed in. The server answers it with the bootstrap; everything else follows from that one cached answer.

const key = queries.bootstrap().queryKey;

export function useBootstrap() {
  return useQuery(queries.bootstrap());
}

/** The person who is signed in. Only under the shell, where there always is one. */
export function useMe(): Me {
  const me = useBootstrap().data?.me;
  if (!me) throw new Error('useMe is for screens of a signed-in person');
  return me;
}

export function currentMe(): Me | null {
  return queryClient.getQueryData<Bootstrap>(key)?.me ?? null;
}

/** Takes over what the server says of me: also the language and the theme, which travel with the account. */
export async function acceptMe(me: Me): Promise<void> {
  setTheme(me.theme);
  rememberLocale(me.ui_locale);
  await activate(me.ui_locale);
  queryClient.setQueryData<Bootstrap>(
    key,
    (old) => old && { ...old, instance: { ...old.instance, needs_setup: false }, me },
  );
}

/** Forgets everything that was read as this person. */
export function forgetMe(): void {
  queryClient.setQueryData<Bootstrap>(key, (old) => old && { ...old, me: null });
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== key[0] });
}

export async function signOut(anyway = false): Promise<void> {
  const me = currentMe();
  const count = me && !anyway ? await unsentCount(me.id) : 0;
  if (count > 0) {
    const action = { label: t('document.sign.out.anyway'), run: () => void signOut(true) };
    toast({ text: t('document.sign.out.unsent', { count }), kind: 'failure', action });
    return;
  }
  try {
    await requestSignOut();
    // Nothing of this person stays in the browser.
    await clearOfflineData();
    forgetMe();
  } catch (error) {
    toast({ text: errorText(error), kind: 'failure' });
  }
}

/** Changes my settings at once, and puts them back, with the cause, if the server refuses. */
export async function saveMe(change: MeChange): Promise<void> {
  const before = currentMe();
  if (!before) return;
  queryClient.setQueryData<Bootstrap>(key, (old) => old && { ...old, me: { ...before, ...change } });
  try {
    const { me } = await changeMe(change);
    queryClient.setQueryData<Bootstrap>(key, (old) => old && { ...old, me });
  } catch (error) {
    queryClient.setQueryData<Bootstrap>(key, (old) => old && { ...old, me: before });
    toast({ text: errorText(error), kind: 'failure' });
    throw error;
  }
}

/** The language of the interface, without loading the page again. */
export async function chooseLocale(locale: Locale): Promise<void> {
  rememberLocale(locale);
  await activate(locale);
  // Sentences of the server follow the language too.
  if (currentMe()) await saveMe({ ui_locale: locale }).catch(() => undefined);
}
