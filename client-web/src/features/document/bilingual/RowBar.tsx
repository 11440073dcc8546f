import { useQuery } from '@tanstack/react-query';
import ArrowDown from 'icon:arrow-down';
import ArrowUp from 'icon:arrow-up';
import ArrowRightLeft from 'icon:arrow-right-left';
import BookOpen from 'icon:book-open';
import { queries } from '@/api';
import { useI18n } from '@/i18n';
import { Button, IconButton } from '@/ui';
import type { MissingCounterpart } from '@/features/terms';
import type { Row } from '../twins/pair';
import { StateTag } from './RowLayer';

export interface RowBarProps {
  workspaceId: string;
  row: Row | null;
  left: number;
  editable: boolean;
  onStep(by: 1 | -1): void;
  onOther(): void;
  onConfirm(): void;
  onAsk(): void;
  onUnpair(): void;
  /** What the translation of this row should say and does not. */
  missing: readonly MissingCounterpart[];
  /** How many passages a machine may be asked about. */
  proposable: number;
  busy: boolean;
  onPropose(): void;
}

/** About the passage one is in: its state, who said so and when; and the way to the next that waits. */
export function RowBar({ row, left, editable, missing, proposable, busy, ...act }: RowBarProps) {
  const { t } = useI18n();
  const twins = row?.source && row.own && row.state !== 'missing';
  return (
    <div className="bi-bar" role="group" aria-label={t('twins.bar')}>
      <span className="bi-bar-s" data-testid="row-state">
        {row && <StateTag state={row.state} machine={row.mark?.machine === true} />}
        {row && <Who workspaceId={act.workspaceId} row={row} />}
        {missing.length > 0 && <Expected missing={missing} />}
      </span>
      <span className="bi-bar-a">
        {editable && proposable > 0 && (
          <Button size="s" kind="quiet" isPending={busy} onPress={act.onPropose} data-testid="propose-all">
            {t('translation.propose.all', { count: proposable })}
          </Button>
        )}
        {editable && twins && row.state !== 'current' && (
          <Button size="s" onPress={act.onConfirm} data-testid="confirm">
            {t('twins.confirm')}
          </Button>
        )}
        {editable && twins && row.state === 'current' && (
          <Button size="s" kind="quiet" onPress={act.onAsk}>
            {t('twins.ask')}
          </Button>
        )}
        {editable && twins && (
          <Button size="s" kind="quiet" onPress={act.onUnpair}>
            {t('twins.unpair')}
          </Button>
        )}
        <span className="meta" role="status" data-testid="rows-left">
          {t('twins.left', { count: left })}
        </span>
        <IconButton icon={ArrowRightLeft} label={t('twins.other')} onPress={act.onOther} />
        <IconButton
          icon={ArrowUp}
          label={t('twins.previous')}
          isDisabled={left === 0}
          onPress={() => act.onStep(-1)}
        />
        <IconButton
          icon={ArrowDown}
          label={t('twins.next')}
          isDisabled={left === 0}
          onPress={() => act.onStep(1)}
        />
      </span>
    </div>
  );
}

/** A gentle hint: the base has a word for this, and the translation says another. */
function Expected({ missing }: { missing: readonly MissingCounterpart[] }) {
  const { t } = useI18n();
  return (
    <span className="bi-terms" data-testid="missing-terms">
      <BookOpen size="s" />
      <span className="vh">{t('terms.missing.hint')} </span>
      {missing.map(({ term, said, expected }) => (
        <span key={term.id} className="meta">
          {t('terms.missing', { said, expected: expected.word })}
        </span>
      ))}
    </span>
  );
}

function Who({ workspaceId, row }: { workspaceId: string; row: Row }) {
  const { t, format } = useI18n();
  const { data } = useQuery(queries.members(workspaceId));
  const { mark } = row;
  if (!row.source || !row.own || row.state === 'missing') return null;
  if (!mark) return <span className="meta">{t('twins.never')}</span>;
  const nameOf = (id: string): string =>
    data?.members.find((each) => each.id === id)?.name ?? t('twins.someone');
  const parts = [t('twins.by', { name: nameOf(mark.by), at: format.ago(new Date(mark.at).toISOString()) })];
  if (mark.checked_by && mark.checked_at)
    parts.push(
      t('twins.checked.by', {
        name: nameOf(mark.checked_by),
        at: format.ago(new Date(mark.checked_at).toISOString()),
      }),
    );
  const changed = mark.own !== row.own.hash ? ` ${t('twins.changed.since')}` : '';
  return <span className="meta">{parts.join(' ; ') + changed}</span>;
}
