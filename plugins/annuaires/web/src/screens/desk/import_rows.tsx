// What would happen to each row, before it does: problems with their reason, matches with the entry they matched.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed } from '@/app/context';
import { useFields } from '@/app/directories';
import type { Directory, Import, ImportRow } from '@/app/model';
import type { MessageKey } from '@/host';
import { Pick } from '@/ui/fields';
import { Button, Card, Empty, Failure, Notice, Say, Tag, To, Waiting } from '@/ui/parts';
import { plainText } from '@/ui/value';
import { entryOf } from '../entry/counterparts_card';

const kinds = ['problem', 'ambiguous', 'matched', 'new', 'skipped'] as const;
const countOf = {
  problem: 'problems',
  ambiguous: 'ambiguous',
  matched: 'matched',
  new: 'new',
  skipped: 'skipped',
} as const;
const tagOf = { problem: 'no', ambiguous: 'wait', matched: 'info', new: 'ok', skipped: undefined } as const;

interface Props {
  one: Import;
  directory: Directory;
  query: string;
  onBack(): void;
  onApply(): void;
}

export function Rows({ one, directory, query, onBack, onApply }: Props) {
  const { t, go, host, number } = useApp();
  const deed = useDeed();
  const chosen = new URLSearchParams(query).get('lignes') ?? '';
  const show = (state: string) =>
    go({
      screen: 'desk',
      directory: directory.slug,
      desk: 'imports',
      item: String(one.id),
      query: state ? `lignes=${state}` : '',
    });
  const apply = () =>
    deed.run(async () => {
      await host.api('POST', `/imports/${one.id}/apply`, {});
      onApply();
    });
  const writes = (one.counts.new ?? 0) + (one.on_match === 'skip' ? 0 : (one.counts.matched ?? 0));
  return (
    <>
      <Card title={t('web.import.preview')}>
        <div class="an-kinds" role="group" aria-label={t('web.import.show')}>
          <Button small pressed={chosen === ''} onClick={() => show('')}>
            {t('web.import.all_rows', { count: number(one.counts.rows ?? 0) })}
          </Button>
          {kinds
            .filter((kind) => (one.counts[countOf[kind]] ?? 0) > 0)
            .map((kind) => (
              <Button small key={kind} pressed={chosen === kind} onClick={() => show(kind)}>
                {t(`web.import.row_${kind}` as MessageKey)} {number(one.counts[countOf[kind]] ?? 0)}
              </Button>
            ))}
        </div>
        {(one.counts.problems ?? 0) > 0 && (
          <Notice kind="warning">{t('web.import.problems_stay', { count: one.counts.problems ?? 0 })}</Notice>
        )}
        <RowTable key={chosen} one={one} directory={directory} state={chosen} />
      </Card>
      {deed.error && <Failure error={deed.error} />}
      <div class="an-row wrap">
        <Button kind="primary" icon="check" busy={deed.busy} disabled={writes === 0} onClick={apply}>
          {t('web.import.apply', { count: writes })}
        </Button>
        <Button onClick={onBack}>{t('web.import.back')}</Button>
      </div>
      <p class="an-hint">{t('web.import.can_undo')}</p>
    </>
  );
}

function RowTable({ one, directory, state }: { one: Import; directory: Directory; state: string }) {
  const { t } = useApp();
  const [cursor, setCursor] = useState('');
  const asked = new URLSearchParams({ limit: '50', ...(state && { state }), ...(cursor && { cursor }) });
  const { data, error, again } = useAnswer<{ rows: ImportRow[]; total: number; next: string | null }>(
    `/imports/${one.id}/rows?${asked}`,
  );
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data) return <Waiting />;
  if (!data.rows.length) return <Empty title={t('web.import.no_rows')} />;
  return (
    <>
      <div class="an-scroll" tabIndex={0} role="region" aria-label={t('web.import.show')}>
        <table class="cl-table an-rows-table">
          <caption class="cl-visually-hidden">{t('web.import.preview')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('web.import.row')}</th>
              <th scope="col">{t('web.import.what')}</th>
              <th scope="col">{t('web.import.values')}</th>
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row) => (
              <RowLine key={row.n} row={row} one={one} directory={directory} onDecided={again} />
            ))}
          </tbody>
        </table>
      </div>
      {(data.next || cursor) && (
        <nav class="an-pager" aria-label={t('web.pager.pages')}>
          {cursor && (
            <Button small onClick={() => setCursor('')}>
              {t('web.pager.first')}
            </Button>
          )}
          {data.next && (
            <Button small onClick={() => setCursor(String(data.next))}>
              {t('web.pager.next')}
            </Button>
          )}
        </nav>
      )}
    </>
  );
}

function RowLine({
  row,
  one,
  directory,
  onDecided,
}: {
  row: ImportRow;
  one: Import;
  directory: Directory;
  onDecided(): void;
}) {
  const { t, number } = useApp();
  const state = (kinds as readonly string[]).includes(row.state)
    ? (row.state as (typeof kinds)[number])
    : null;
  return (
    <tr>
      <th scope="row">{number(row.n)}</th>
      <td>
        <Tag kind={state ? tagOf[state] : undefined}>{t(`web.import.row_${row.state}` as MessageKey)}</Tag>
        {row.problems.map((problem) => (
          <p key={problem.field + problem.code} class="an-error">
            {problem.detail}
          </p>
        ))}
        {row.matches.map((match) => (
          <p key={match.id} class="an-sub">
            {t('web.import.matched_with')}{' '}
            <To place={entryOf(match)}>
              <Say value={match.name} />
            </To>{' '}
            {['email', 'phone', 'name'].includes(match.why) && t(`web.import.why_${match.why}` as MessageKey)}
          </p>
        ))}
        {(row.state === 'ambiguous' || (row.state === 'matched' && one.on_match === 'ask')) && (
          <Decision row={row} one={one} onDecided={onDecided} />
        )}
      </td>
      <td>
        <RowValues row={row} directory={directory} />
      </td>
    </tr>
  );
}

/** One choice for each: a new entry, one of those it matched, or nothing. */
function Decision({ row, one, onDecided }: { row: ImportRow; one: Import; onDecided(): void }) {
  const { t, host, say } = useApp();
  const deed = useDeed();
  const value = row.decision === 'merge' ? `merge:${row.entry}` : (row.decision ?? '');
  const decide = (choice: string) => {
    const [decision, entry] = choice.split(':');
    if (!decision) return;
    void deed
      .run(() =>
        host.api('PUT', `/imports/${one.id}/rows/${row.n}`, {
          decision,
          ...(entry && { entry: Number(entry) }),
        }),
      )
      .then(onDecided);
  };
  return (
    <>
      <Pick
        label={t('web.import.decide_of', { n: row.n })}
        empty={t('web.import.decide')}
        value={value}
        onChoice={decide}
        choices={[
          ...row.matches.map((match) => ({
            value: `merge:${match.id}`,
            label: t('web.import.decide_merge', { name: say(match.name) }),
          })),
          { value: 'create', label: t('web.import.decide_create') },
          { value: 'skip', label: t('web.import.decide_skip') },
        ]}
      />
      {deed.error && <p class="an-error">{deed.error.message}</p>}
    </>
  );
}

function RowValues({ row, directory }: { row: ImportRow; directory: Directory }) {
  const { t, say } = useApp();
  const fields = useFields(directory);
  const names = { name: t('web.field.name'), given: t('web.field.given'), family: t('web.field.family') };
  const label = (key: string) =>
    names[key as keyof typeof names] ?? say(fields.find((field) => field.key === key)?.label) ?? key;
  const changes = new Map(row.changes.map((change) => [change.field, change]));
  return (
    <dl class="an-row-values">
      {Object.entries(row.values)
        .filter(([, value]) => plainText(value))
        .map(([key, value]) => (
          <div key={key} class={changes.has(key) ? 'changed' : undefined}>
            <dt>{label(key) || key}</dt>
            <dd>
              {changes.has(key) && plainText(changes.get(key)!.before) && (
                <del>{plainText(changes.get(key)!.before)}</del>
              )}{' '}
              {plainText(value)}
            </dd>
          </div>
        ))}
    </dl>
  );
}
