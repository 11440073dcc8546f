// When an entry was last confirmed, and the press that says that it still holds.
import { useApp, useDeed } from '@/app/context';
import type { Entry } from '@/app/model';
import { Button, Failure, Tag, To } from '@/ui/parts';

export function Check({ entry }: { entry: Entry }) {
  const { t, day, host, changed } = useApp();
  const deed = useDeed();
  const due = entry.check_due_at !== null && Date.parse(entry.check_due_at) <= Date.now();
  const confirm = () =>
    deed.run(async () => {
      await host.api('POST', `/entries/${entry.id}/checked`, {});
      host.toast(t('web.checked.thanks'));
      changed();
    });
  return (
    <>
      <p>
        {entry.checked_at ? t('web.checked.on', { day: day(entry.checked_at) }) : t('web.checked.never')}{' '}
        {due && (
          <Tag kind="wait" icon="clock">
            {t('web.checked.due')}
          </Tag>
        )}
      </p>
      {entry.check_due_at && !due && (
        <p class="an-hint">{t('web.checked.next', { day: day(entry.check_due_at) })}</p>
      )}
      {deed.error && <Failure error={deed.error} />}
      <div class="an-row wrap">
        {entry.may.check && (
          <Button small icon="check" kind={due ? 'primary' : undefined} busy={deed.busy} onClick={confirm}>
            {t('web.checked.do')}
          </Button>
        )}
        {entry.may.propose && (
          <To
            place={{ screen: 'correct', directory: entry.directory, entry: String(entry.id) }}
            button="quiet"
            small
            icon="edit"
          >
            {t('web.entry.correct')}
          </To>
        )}
      </div>
    </>
  );
}
