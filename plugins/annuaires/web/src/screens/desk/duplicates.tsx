// Entries that may be the same: side by side, the better value of each field is chosen, and the rest comes along. A merge
// can be undone, now or later.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import { useLater } from '@/app/later';
import type { Batch, Directory, DuplicateGroup, Entry } from '@/app/model';
import { useFields } from '@/app/directories';
import type { MessageKey } from '@/host';
import { same } from '@/pure/diff';
import { Button, Card, Empty, Failure, Say, Tag, Waiting } from '@/ui/parts';
import { Value } from '@/ui/value';
import { Frame } from '../frame';

export function DuplicatesScreen({ slug }: { slug: string }) {
  const { t } = useApp();
  useTitle(t('web.desk.duplicates'));
  return (
    <Frame slug={slug} desk="duplicates" title={t('web.desk.duplicates')}>
      {({ directory }) => (
        <>
          <Groups directory={directory} />
          <Batches />
        </>
      )}
    </Frame>
  );
}

function Groups({ directory }: { directory: Directory }) {
  const { t } = useApp();
  const { data, error, again } = useAnswer<{ groups: DuplicateGroup[]; total: number }>(
    `/duplicates?directory=${encodeURIComponent(directory.slug)}`,
  );
  const { hidden, later } = useLater();
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data) return <Waiting />;
  const groups = data.groups.filter((group) => !hidden.has(group.key));
  if (!groups.length) return <Empty title={t('web.duplicates.none')}>{t('web.duplicates.none_why')}</Empty>;
  return (
    <>
      {groups.map((group) => (
        <Group key={group.key} group={group} directory={directory} later={later} />
      ))}
    </>
  );
}

function Group({
  group,
  directory,
  later,
}: {
  group: DuplicateGroup;
  directory: Directory;
  later: ReturnType<typeof useLater>['later'];
}) {
  const { t, host, say, changed } = useApp();
  const deed = useDeed();
  const [keep, setKeep] = useState(group.entries[0]?.id ?? 0);
  const [from, setFrom] = useState<Record<string, number>>({});
  const kept = group.entries.find((entry) => entry.id === keep);
  const undo = (batch: number) => void host.api('POST', `/batches/${batch}/undo`, {}).then(changed);
  const merge = () =>
    deed.run(async () => {
      const values = chosenValues(group, directory, keep, from);
      const others = group.entries.filter((entry) => entry.id !== keep).map((entry) => entry.id);
      const { json } = await host.api<{ batch: number | { id: number } }>('POST', '/duplicates/merge', {
        keep,
        merge: others,
        values,
      });
      const batch = typeof json.batch === 'object' ? json.batch.id : json.batch;
      host.toast(t('web.duplicates.merged', { name: say(kept?.name) }), {
        action: { label: t('web.undo'), run: () => undo(batch) },
      });
      changed();
    });
  const dismiss = () =>
    later(group.key, t('web.duplicates.dismissing'), () =>
      host.api('POST', '/duplicates/dismiss', { entries: group.entries.map((entry) => entry.id) }),
    );
  return (
    <Card title={<Say value={group.entries[0]?.name} />}>
      <p class="an-row wrap">
        {group.why.map((why) => (
          <Tag key={why} kind="wait">
            {['email', 'phone', 'name'].includes(why) ? t(`web.duplicates.same_${why}` as MessageKey) : why}
          </Tag>
        ))}
      </p>
      <SideBySide
        group={group}
        directory={directory}
        keep={keep}
        onKeep={setKeep}
        from={from}
        onFrom={(key, id) => setFrom({ ...from, [key]: id })}
      />
      {deed.error && <Failure error={deed.error} />}
      <div class="an-row wrap">
        <Button kind="primary" icon="merge" busy={deed.busy} onClick={merge}>
          {t('web.duplicates.merge')}
        </Button>
        <Button kind="quiet" onClick={dismiss}>
          {t('web.duplicates.dismiss')}
        </Button>
      </div>
    </Card>
  );
}

const valueOf = (entry: Entry | undefined, key: string): unknown =>
  (key === 'name' ? entry?.name : entry?.values[key]) ?? null;
const isEmpty = (value: unknown) => same(value, null);

/** What the kept entry takes from the others. */
function chosenValues(
  group: DuplicateGroup,
  directory: Directory,
  keep: number,
  from: Record<string, number>,
): Record<string, unknown> {
  const keys = ['name', ...directory.fields.filter((field) => !field.archived).map((field) => field.key)];
  const taken = keys
    .map((key) => ({ key, id: from[key] ?? best(group, key, keep) }))
    .filter(
      ({ key, id }) =>
        id !== undefined &&
        id !== keep &&
        !same(valueOf(byId(group, id), key), valueOf(byId(group, keep), key)),
    );
  return Object.fromEntries(taken.map(({ key, id }) => [key, valueOf(byId(group, id), key)]));
}
const byId = (group: DuplicateGroup, id: number | undefined) =>
  group.entries.find((entry) => entry.id === id);

interface SideProps {
  group: DuplicateGroup;
  directory: Directory;
  keep: number;
  onKeep(id: number): void;
  from: Record<string, number>;
  onFrom(key: string, id: number): void;
}

function SideBySide({ group, directory, keep, onKeep, from, onFrom }: SideProps) {
  const { t, say, day } = useApp();
  const fields = [
    {
      key: 'name',
      type: 'text' as const,
      label: { fr: t('web.column.name'), de: t('web.column.name') },
      options: [],
    },
    ...useFields(directory),
  ];
  const shown = fields.filter((field) => group.entries.some((entry) => !isEmpty(valueOf(entry, field.key))));
  return (
    <div class="an-scroll" tabIndex={0} role="region" aria-label={t('web.duplicates.compare')}>
      <table class="cl-table an-compare">
        <caption class="cl-visually-hidden">{t('web.duplicates.compare')}</caption>
        <thead>
          <tr>
            <td />
            {group.entries.map((entry) => (
              <th scope="col" key={entry.id}>
                <label class="an-keep">
                  <input
                    type="radio"
                    name={`keep-${group.key}`}
                    checked={keep === entry.id}
                    onChange={() => onKeep(entry.id)}
                  />{' '}
                  {t('web.duplicates.keep')}
                </label>
                <span class="an-meta">{t('web.duplicates.updated', { day: day(entry.updated_at) })}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((field) => {
            const differ = group.entries.some(
              (entry) => !same(valueOf(entry, field.key), valueOf(group.entries[0], field.key)),
            );
            return (
              <tr key={field.key} class={differ ? 'differ' : undefined}>
                <th scope="row">{say(field.label)}</th>
                {group.entries.map((entry) => (
                  <td key={entry.id}>
                    {differ && !isEmpty(valueOf(entry, field.key)) ? (
                      <label class="an-keep">
                        <input
                          type="radio"
                          name={`${group.key}-${field.key}`}
                          checked={(from[field.key] ?? best(group, field.key, keep)) === entry.id}
                          onChange={() => onFrom(field.key, entry.id)}
                        />{' '}
                        <Value field={field} value={valueOf(entry, field.key)} around={entry} />
                      </label>
                    ) : (
                      <Value field={field} value={valueOf(entry, field.key)} around={entry} />
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Without a choice: what the kept one says, or the first that says anything. */
const best = (group: DuplicateGroup, key: string, keep: number) => {
  const kept = group.entries.find((entry) => entry.id === keep);
  return isEmpty(valueOf(kept, key))
    ? group.entries.find((entry) => !isEmpty(valueOf(entry, key)))?.id
    : keep;
};

function Batches() {
  const { t, host, moment, changed } = useApp();
  const { data } = useAnswer<{ batches: Batch[] }>('/batches');
  const deed = useDeed();
  const merges = data?.batches.filter((batch) => batch.kind === 'merge') ?? [];
  if (!merges.length) return null;
  const undo = (batch: Batch) =>
    deed.run(async () => {
      await host.api('POST', `/batches/${batch.id}/undo`, {});
      changed();
    });
  return (
    <Card title={t('web.duplicates.done')}>
      {deed.error && <Failure error={deed.error} />}
      <ul class="cl-list an-lines">
        {merges.map((batch) => (
          <li key={batch.id}>
            <span class="an-grow">
              {t('web.duplicates.batch', { count: batch.entries })}
              <span class="an-meta"> {[moment(batch.at), batch.by?.name].filter(Boolean).join(', ')}</span>
            </span>
            {batch.undone ? (
              <Tag>{t('web.undone')}</Tag>
            ) : (
              <Button small icon="undo" busy={deed.busy} onClick={() => undo(batch)}>
                {t('web.undo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
