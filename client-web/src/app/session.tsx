import { queryOptions, useQuery } from '@tanstack/react-query';
import {
  changeMe,
  errorText,
  getBootstrap,
  queries,
  signOut as requestSignOut,
  wearHat,
  type Id,
  type Person,
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

/**
 * The first question of every page. Its answer is not there before the language and the theme of the account are: a
 * browser that has never seen this person, or that another one used, does not first speak another language.
 */
export const bootstrap = queryOptions({
  ...queries.bootstrap(),
  queryFn: async ({ signal }): Promise<Bootstrap> => {
    const answer = await getBootstrap(signal);
    if (answer.me) await takeOn(answer.me);
    return answer;
  },
});

/** The language and the theme travel with the account; what this browser chose before gives way to them. */
async function takeOn({ theme, ui_locale }: Me): Promise<void> {
  setTheme(theme);
  rememberLocale(ui_locale);
  await activate(ui_locale);
}

export function useBootstrap() {
  return useQuery(bootstrap);
}

/** The person who is signed in. Only under the shell, where there always is one. */
export function useMe(): Me {
  const me = useBootstrap().data?.me;
  if (!me) throw new Error('useMe is for screens of a signed-in person');
  return me;
}

/** True if there is anything in the administration that this person may do. */
export function hasAdministration(me: Me): boolean {
  return me.permissions.some((each) => administration.includes(each));
}

const administration = [
  'administrators.manage',
  'people.manage',
  'people.invite',
  'organisations.manage',
  'grants.manage',
  'groups.manage',
  'journal.read',
  'terms.manage',
];

export function currentMe(): Me | null {
  return queryClient.getQueryData<Bootstrap>(key)?.me ?? null;
}

/** Takes over what the server says of me. */
export async function acceptMe(me: Me, mustAddFactor = false): Promise<void> {
  await takeOn(me);
  queryClient.setQueryData<Bootstrap>(
    key,
    (old) =>
      old && {
        ...old,
        instance: { ...old.instance, needs_setup: false },
        me,
        must_add_factor: mustAddFactor,
      },
  );
}

/** Forgets everything that was read as this person. */
export function forgetMe(): void {
  queryClient.setQueryData<Bootstrap>(key, (old) => old && { ...old, me: null });
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== key[0] });
}

let leaving = false;

/** While one signs out, connections that the server ends are no news. */
export function isLeaving(): boolean {
  return leaving;
}

export async function signOut(anyway = false): Promise<void> {
  const me = currentMe();
  const count = me && !anyway ? await unsentCount(me.id) : 0;
  if (count > 0) {
    const action = { label: t('document.sign.out.anyway'), run: () => void signOut(true) };
    toast({ text: t('document.sign.out.unsent', { count }), kind: 'failure', action });
    return;
  }
  leaving = true;
  try {
    const answer = await requestSignOut();
    // Nothing of this person stays in the browser.
    await clearOfflineData();
    if (answer?.end_session_url) location.assign(answer.end_session_url);
    forgetMe();
  } catch (error) {
    toast({ text: errorText(error), kind: 'failure' });
  } finally {
    leaving = false;
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

/** Function and organisation under which a person acts or wrote: those of the hat, or else what the account says. */
export function hatText(person: Person): string {
  const { hat } = person;
  const [held, where] = hat ? [hat.function, hat.organisation] : [person.function, person.organisation];
  return [held, where?.short_name].filter(Boolean).join(', ');
}

/** From now on I act under this mandate; documents that are open show it at once. */
export async function changeHat(mandate: Id): Promise<void> {
  try {
    const { me } = await wearHat(mandate);
    queryClient.setQueryData<Bootstrap>(key, (old) => old && { ...old, me });
    if (me.hat) {
      const { function: held, organisation } = me.hat;
      toast({ text: t('hat.changed', { function: held, organisation: organisation.name }) });
    }
  } catch (error) {
    toast({ text: errorText(error), kind: 'failure' });
    // It may have ended meanwhile: what there is to choose is asked anew.
    await queryClient.invalidateQueries({ queryKey: key });
  }
}

/** The language of the interface, without loading the page again. */
export async function chooseLocale(locale: Locale): Promise<void> {
  rememberLocale(locale);
  await activate(locale);
  // Sentences of the server follow the language too.
  if (currentMe()) await saveMe({ ui_locale: locale }).catch(() => undefined);
}
