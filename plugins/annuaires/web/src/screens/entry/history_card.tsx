// What happened to an entry, newest first; asked for when it is opened.
import { useState } from 'preact/hooks';
import { useAnswer, useApp } from '@/app/context';
import type { Entry, Happening } from '@/app/model';
import type { MessageKey } from '@/host';
import { wordDiff } from '@/pure/diff';
import { Icon } from '@/ui/icons';
import { Failure, Say, Waiting } from '@/ui/parts';
import { plainText } from '@/ui/value';

const actions = new Set([
  'created',
  'changed',
  'archived',
  'restored',
  'merged',
  'unmerged',
  'imported',
  'undone',
  'consent',
  'checked',
  'bounced',
  'linked',
  'unlinked',
]);

export function HistoryCard({ entry }: { entry: Entry }) {
  const { t } = useApp();
  const [open, setOpen] = useState(false);
  return (
    <details class="cl-card an-history" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="history" />
        <h2>{t('web.history.title')}</h2>
      </summary>
      {open && <History id={entry.id} />}
    </details>
  );
}

function History({ id }: { id: number }) {
  const { t, moment } = useApp();
  const { data, error, again } = useAnswer<{ history: Happening[] }>(`/entries/${id}/history`);
  if (error) return <Failure error={error} again={again} />;
  if (!data) return <Waiting />;
  return (
    <ol class="an-events">
      {data.history.map((one) => (
        <li key={one.id}>
          <p>
            <b>{actions.has(one.action) ? t(`web.history.${one.action}` as MessageKey) : one.action}</b>
            <span class="an-meta"> {[moment(one.at), one.by?.name].filter(Boolean).join(', ')}</span>
          </p>
          {one.note && <p class="an-hint">{one.note}</p>}
          {one.changes.length > 0 && (
            <dl class="an-diffs">
              {one.changes.map((change) => (
                <div key={change.field}>
                  <dt>
                    <Say value={change.label} />
                  </dt>
                  <dd>
                    <Diff before={change.before} after={change.after} />
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Words that went and words that came; said as "deleted" and "inserted" to who does not see the colours. */
export function Diff({
  before,
  after,
  label,
}: {
  before: unknown;
  after: unknown;
  label?(key: string): string;
}) {
  const { t } = useApp();
  const text = (value: unknown) => plainText(label ? labelled(value, label) : value);
  const pieces = wordDiff(text(before), text(after));
  if (!pieces.length) return <span class="an-none">{t('web.value.none')}</span>;
  return (
    <span class="an-diff">
      {pieces.map((piece, index) => {
        if (piece.kind === 'out') return <del key={index}>{piece.text}</del>;
        if (piece.kind === 'in') return <ins key={index}>{piece.text}</ins>;
        return <span key={index}>{piece.text}</span>;
      })}
    </span>
  );
}

const labelled = (value: unknown, label: (key: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? label(one) : one));
  return typeof value === 'string' ? label(value) : value;
};
