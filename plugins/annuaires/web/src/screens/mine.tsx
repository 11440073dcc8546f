// The entries that name the reader, and what the reader has proposed.
import { useAnswer, useApp, useTitle } from '@/app/context';
import { useLater } from '@/app/later';
import type { Change, Entry, Mine } from '@/app/model';
import type { MessageKey } from '@/host';
import { Button, Card, Empty, Failure, Head, Say, Tag, To, Waiting } from '@/ui/parts';
import { ConsentCard } from './entry/consent';
import { Under } from './view/listing';
import { Check } from './check';

export function MineScreen() {
  const { t } = useApp();
  const { data, error, again } = useAnswer<Mine>('/me');
  const { hidden, later } = useLater();
  useTitle(t('web.mine'));
  const changes = data?.changes.filter((change) => !hidden.has(String(change.id))) ?? [];
  return (
    <>
      <Head title={t('web.mine')} back={{ place: { screen: 'directories' }, label: t('web.directories') }}>
        <p class="an-lede">{t('web.mine_lede')}</p>
      </Head>
      {error && !data && <Failure error={error} again={again} />}
      {!data && !error && <Waiting />}
      {data && data.entries.length === 0 && (
        <Empty title={t('web.mine_none')}>{t('web.mine_none_why')}</Empty>
      )}
      {data?.entries.map((entry) => (
        <MyEntry key={entry.id} entry={entry} />
      ))}
      {changes.length > 0 && (
        <Card title={t('web.mine_changes')}>
          <ul class="cl-list an-lines">
            {changes.map((change) => (
              <MyChange key={change.id} change={change} later={later} />
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function MyEntry({ entry }: { entry: Entry }) {
  return (
    <div class="an-columns">
      <Card
        title={
          <To place={{ screen: 'entry', directory: entry.directory, entry: String(entry.id) }}>
            <Say value={entry.name} />
          </To>
        }
      >
        <p class="an-sub">
          <Under row={entry} />
        </p>
        <Check entry={entry} />
      </Card>
      <ConsentCard entry={entry} />
    </div>
  );
}

function MyChange({ change, later }: { change: Change; later: ReturnType<typeof useLater>['later'] }) {
  const { t, host, moment, say } = useApp();
  const kinds = { open: 'wait', done: 'ok', refused: 'no', withdrawn: undefined } as const;
  return (
    <li>
      <div class="an-grow">
        <span class="an-title">
          {change.entry ? <Say value={change.entry.name} /> : t('web.reviews.new_entry')}
        </span>
        <p class="an-meta">
          {[change.items.map((item) => say(item.label)).join(', '), moment(change.at)]
            .filter(Boolean)
            .join(', ')}
        </p>
        {change.reason && <p class="an-sub">{t('web.reviews.reason_was', { reason: change.reason })}</p>}
      </div>
      <Tag kind={kinds[change.state]}>{t(`web.reviews.state_${change.state}` as MessageKey)}</Tag>
      {change.state === 'open' && (
        <Button
          small
          kind="quiet"
          onClick={() =>
            later(String(change.id), t('web.mine_withdrawing'), () =>
              host.api('DELETE', `/changes/${change.id}`),
            )
          }
        >
          {t('web.mine_withdraw')}
        </Button>
      )}
    </li>
  );
}
