// The slot "dashboard": what waits for the reader, and nothing when nothing does.
import { useAnswer, useApp } from '@/app/context';
import { mounted } from '@/app/mount';
import { useDirectories } from '@/app/directories';
import type { Change, Entry, Mine, Waiting as WaitingCounts } from '@/app/model';
import { Check } from '@/screens/check';
import { Failure, Say, To } from '@/ui/parts';

function Card() {
  const { t } = useApp();
  const mine = useAnswer<Mine>('/me');
  const directories = useDirectories();
  const waiting = directories.data?.waiting ?? null;
  const open = useAnswer<{ changes: Change[] }>(
    waiting && waiting.changes > 0 ? '/changes?state=open&limit=3' : null,
  );
  const due = (mine.data?.entries ?? []).filter(
    (entry) => entry.check_due_at && Date.parse(entry.check_due_at) <= Date.now(),
  );
  const failed = mine.error ?? directories.error;
  if (failed) return <Failure error={failed} again={mine.again} />;
  if (!mine.data || !directories.data) return null;
  const first = directories.data.directories[0]?.slug;
  if (!due.length && !hasWork(waiting)) return <p class="an-hint">{t('web.card.nothing')}</p>;
  return (
    <>
      {due.map((entry) => (
        <Due key={entry.id} entry={entry} />
      ))}
      {waiting && first && <Work waiting={waiting} changes={open.data?.changes ?? []} first={first} />}
    </>
  );
}

const hasWork = (waiting: WaitingCounts | null) =>
  waiting !== null && waiting.changes + waiting.counterparts + waiting.duplicates > 0;

function Due({ entry }: { entry: Entry }) {
  const { t } = useApp();
  return (
    <div class="an-need">
      <p>
        <b>{t('web.card.confirm')}</b>{' '}
        <To place={{ screen: 'entry', directory: entry.directory, entry: String(entry.id) }}>
          <Say value={entry.name} />
        </To>
      </p>
      <Check entry={entry} />
    </div>
  );
}

function Work({ waiting, changes, first }: { waiting: WaitingCounts; changes: Change[]; first: string }) {
  const { t, say } = useApp();
  return (
    <ul class="an-needs">
      {waiting.changes > 0 && (
        <li>
          <To
            place={{
              screen: 'desk',
              directory: changes[0]?.directory ?? first,
              desk: 'reviews',
              item: '',
              query: '',
            }}
          >
            {t('web.card.changes', { count: waiting.changes })}
          </To>
          {changes.map((change) => (
            <p key={change.id} class="an-meta">
              <To
                place={{
                  screen: 'desk',
                  directory: change.directory,
                  desk: 'reviews',
                  item: String(change.id),
                  query: '',
                }}
              >
                {change.entry ? say(change.entry.name) : t('web.reviews.new_entry')}
              </To>
              {change.by && `, ${change.by.name}`}
            </p>
          ))}
        </li>
      )}
      {waiting.counterparts > 0 && (
        <li>
          <To place={{ screen: 'desk', directory: first, desk: 'counterparts', item: '', query: '' }}>
            {t('web.card.counterparts', { count: waiting.counterparts })}
          </To>
        </li>
      )}
      {waiting.duplicates > 0 && (
        <li>
          <To place={{ screen: 'desk', directory: first, desk: 'duplicates', item: '', query: '' }}>
            {t('web.card.duplicates', { count: waiting.duplicates })}
          </To>
        </li>
      )}
    </ul>
  );
}

export const mount = mounted(() => <Card />, { name: 'card' });
