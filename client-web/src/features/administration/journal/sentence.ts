import type { JournalEvent, Role } from '@/api';
import { useI18n } from '@/i18n';

/** What details of newer events are called in their sentences: as they stand. */
const words = [
  'holder',
  'scope',
  'name',
  'member',
  'reason',
  'from',
  'to',
  'function',
  'plugin',
  'version',
] as const;
const roles: readonly string[] = ['reader', 'commenter', 'editor', 'manager'] satisfies Role[];

const others: readonly string[] = ['secretary', 'auditor', 'administrator'];

/** The sentence of an event, in the reader's language: names as they are now, else as the event knew them. */
export function useSentence(): (event: JournalEvent) => string {
  const { t } = useI18n();
  const role = (word: string | undefined) => {
    if (word && others.includes(word)) return t(`rights.role.${word as 'secretary'}`);
    // One that was made here stands there by its name.
    return word && roles.includes(word) ? t(`role.${word as Role}`) : word || t('journal.unnamed');
  };
  /** Under which hat, where she wore one. */
  const name = ({ actor }: JournalEvent) =>
    actor?.hat
      ? t('journal.under', {
          name: actor.name,
          function: actor.hat.function,
          organisation: actor.hat.organisation.short_name,
        })
      : (actor?.name ?? t('journal.system'));
  return (event) => {
    const { details } = event;
    const unnamed = t('journal.unnamed');
    const isRole = event.verb.startsWith('member.');
    const isGrant = event.verb.startsWith('grant.');
    const more = Object.fromEntries(words.map((word) => [word, details[word] || unnamed]));
    if (isGrant && details['scope_kind'] === 'instance') more['scope'] = t('rights.scope.instance');
    return t(`journal.verb.${event.verb}`, {
      ...more,
      actor: name(event),
      object: event.object?.name || details['title'] || details['name'] || unnamed,
      title: details['title'] ?? unnamed,
      before: isRole ? role(details['before']) : (details['before'] ?? unnamed),
      role: role(details['role']),
      device: details['device'] || unnamed,
      format: details['format'] ?? unnamed,
    });
  };
}
