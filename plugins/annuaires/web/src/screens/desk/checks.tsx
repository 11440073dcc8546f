// "Still correct?": whose entries are due, whom the mail did not reach, and the mail itself.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import type { Reminders, Row } from '@/app/model';
import { Checkbox } from '@/ui/fields';
import { Button, Card, Empty, Failure, Notice, Say, To, Waiting } from '@/ui/parts';
import { Frame } from '../frame';
import { entryPlace } from '../view/listing';

export function ChecksScreen({ slug }: { slug: string }) {
  const { t } = useApp();
  useTitle(t('web.desk.checks'));
  return (
    <Frame slug={slug} desk="checks" title={t('web.desk.checks')}>
      {({ directory }) => (
        <>
          {directory.review_months === 0 ? (
            <Notice>
              <p>{t('web.checks.never')}</p>
              <To place={{ screen: 'desk', directory: slug, desk: 'settings', item: '', query: '' }}>
                {t('web.desk.settings')}
              </To>
            </Notice>
          ) : (
            <p class="an-lede">{t('web.checks.every', { months: directory.review_months })}</p>
          )}
          <Due slug={slug} />
        </>
      )}
    </Frame>
  );
}

function Due({ slug }: { slug: string }) {
  const { t, host, day, changed } = useApp();
  const deed = useDeed();
  const { data, error, again } = useAnswer<Reminders>('/reminders');
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data) return <Waiting />;
  const rows = data.entries.filter((row) => row.directory === slug);
  const send = () =>
    deed.run(async () => {
      const { json } = await host.api<{ sent: number; without_address: number }>('POST', '/reminders/send', {
        entries: [...chosen],
      });
      setChosen(new Set());
      host.toast(
        [
          t('web.checks.sent', { count: json.sent }),
          json.without_address > 0 && t('web.checks.without', { count: json.without_address }),
        ]
          .filter(Boolean)
          .join(' '),
      );
      changed();
    });
  return (
    <>
      <dl class="an-figures">
        <Figure label={t('web.checks.due')} value={data.due} />
        <Figure label={t('web.checks.waiting')} value={data.sent} />
        <Figure label={t('web.checks.bounced')} value={data.bounced} />
      </dl>
      {data.next_run_at && <p class="an-hint">{t('web.checks.next', { day: day(data.next_run_at) })}</p>}
      {rows.length === 0 ? (
        <Empty title={t('web.checks.none')}>{t('web.checks.none_why')}</Empty>
      ) : (
        <Card title={t('web.checks.list')}>
          <Checkbox
            checked={chosen.size === rows.length}
            onCheck={(on) => setChosen(new Set(on ? rows.map((row) => row.id) : []))}
          >
            {t('web.checks.all', { count: rows.length })}
          </Checkbox>
          <ul class="cl-list an-lines">
            {rows.map((row) => (
              <Line
                key={row.id}
                row={row}
                chosen={chosen.has(row.id)}
                onChosen={(on) =>
                  setChosen(new Set(on ? [...chosen, row.id] : [...chosen].filter((id) => id !== row.id)))
                }
              />
            ))}
          </ul>
          {deed.error && <Failure error={deed.error} />}
          <Button kind="primary" icon="mail" busy={deed.busy} disabled={chosen.size === 0} onClick={send}>
            {t('web.checks.send', { count: chosen.size })}
          </Button>
        </Card>
      )}
    </>
  );
}

export function Figure({ label, value }: { label: string; value: number }) {
  const { number } = useApp();
  return (
    <div>
      <dt>{label}</dt>
      <dd>{number(value)}</dd>
    </div>
  );
}

function Line({ row, chosen, onChosen }: { row: Row; chosen: boolean; onChosen(on: boolean): void }) {
  const { t, day, say } = useApp();
  return (
    <li>
      <Checkbox checked={chosen} onCheck={onChosen}>
        <span class="cl-visually-hidden">{t('web.checks.choose', { name: say(row.name) })}</span>
      </Checkbox>
      <div class="an-grow">
        <To place={entryPlace(row)} class="an-title">
          <Say value={row.name} />
        </To>
        <p class="an-meta">
          {row.checked_at ? t('web.checked.on', { day: day(row.checked_at) }) : t('web.checked.never')}
        </p>
      </div>
    </li>
  );
}
