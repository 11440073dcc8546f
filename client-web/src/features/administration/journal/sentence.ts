import type { JournalEvent, Role } from '@/api';
import { useI18n } from '@/i18n';

const roles: readonly string[] = ['reader', 'commenter', 'editor', 'manager'] satisfies Role[];

/** The sentence of an event, in the reader's language: names as they are now, else as the event knew them. */
export function useSentence(): (event: JournalEvent) => string {
  const { t } = useI18n();
  const role = (word: string | undefined) =>
    word && roles.includes(word) ? t(`role.${word as Role}`) : t('journal.unnamed');
  return (event) => {
    const { details } = event;
    const unnamed = t('journal.unnamed');
    const isRole = event.verb.startsWith('member.');
    return t(`journal.verb.${event.verb}`, {
      actor: event.actor?.name ?? t('journal.system'),
      object: event.object?.name || details['title'] || details['name'] || unnamed,
      title: details['title'] ?? unnamed,
      before: isRole ? role(details['before']) : (details['before'] ?? unnamed),
      role: role(details['role']),
      device: details['device'] || unnamed,
      format: details['format'] ?? unnamed,
    });
  };
}
