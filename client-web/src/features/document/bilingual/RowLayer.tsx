import { useState } from 'react';
import Clock from 'icon:clock';
import Eye from 'icon:eye';
import Languages from 'icon:languages';
import Pencil from 'icon:pencil';
import Unlink from 'icon:unlink';
import { useI18n } from '@/i18n';
import { Button, IconButton, Menu, MenuItem, Tag, useWide, type IconType, type TagTone } from '@/ui';
import type { Row } from '../twins/pair';
import type { TwinState } from '../twins/state';
import type { LaidRow } from './layout';
import { WhatChanged } from './WhatChanged';

const looks: Record<TwinState, { tone: TagTone; icon: IconType }> = {
  current: { tone: 'ok', icon: Eye },
  stale: { tone: 'wait', icon: Clock },
  review: { tone: 'info', icon: Eye },
  missing: { tone: 'plain', icon: Pencil },
  orphan: { tone: 'no', icon: Unlink },
  extra: { tone: 'line', icon: Unlink },
};

export function StateTag({ state, machine }: { state: TwinState; machine: boolean }) {
  const { t } = useI18n();
  const { tone, icon } = looks[state];
  const words = t(`twins.state.${state}`);
  return (
    <Tag tone={tone} icon={icon}>
      {machine ? `${words}, ${t('twins.machine')}` : words}
    </Tag>
  );
}

export interface RowActions {
  confirm(id: string): void;
  check(id: string): void;
  begin(id: string): void;
  pair(own: string, source: string): void;
  /** Asks a machine for a first translation; absent where there is none for this row. */
  propose?(id: string): void;
}

export interface RowLayerProps {
  laid: readonly LaidRow[];
  rows: readonly Row[];
  editable: boolean;
  sourceLanguage: string;
  actions: RowActions;
  /** Rows that a machine may be asked about, and whether it is at work. */
  proposable: ReadonlySet<string>;
  busy: boolean;
}

/** What lies behind and under the blocks of the translation: their state, and what can be done about it. */
export function RowLayer({ laid, rows, editable, sourceLanguage, actions, proposable, busy }: RowLayerProps) {
  const { t } = useI18n();
  const [compared, setCompared] = useState<string | null>(null);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const missing = rows.filter(({ state }) => state === 'missing');
  const comparing = compared === null ? undefined : byId.get(compared);
  return (
    <>
      {laid.map(({ id, state, top, height }) => (
        <i key={id} className="bi-bg" data-state={state} style={{ top, height }} />
      ))}
      <ul className="bi-states" aria-label={t('twins.bar')}>
        {laid.map(({ id, strip }) => {
          const row = byId.get(id);
          if (strip === null || !row) return null;
          return (
            <li key={id} className="bi-s" style={{ top: strip }} data-state={row.state} data-block={id}>
              <StateTag state={row.state} machine={row.mark?.machine === true} />
              {row.state === 'stale' && (
                <Button size="s" kind="quiet" onPress={() => setCompared(id)}>
                  {t('twins.changes')}
                </Button>
              )}
              {editable && (
                <Act
                  row={row}
                  missing={missing}
                  actions={actions}
                  mayPropose={proposable.has(id)}
                  busy={busy}
                />
              )}
            </li>
          );
        })}
      </ul>
      {comparing && (
        <WhatChanged row={comparing} language={sourceLanguage} onClose={() => setCompared(null)} />
      )}
    </>
  );
}

interface ActProps {
  row: Row;
  missing: readonly Row[];
  actions: RowActions;
  mayPropose: boolean;
  busy: boolean;
}

function Act({ row, missing, actions, mayPropose, busy }: ActProps) {
  const { t } = useI18n();
  const wide = useWide();
  const { id, state } = row;
  if (state === 'missing')
    return (
      <>
        <Button size="s" onPress={() => actions.begin(id)}>
          {t('twins.translate')}
        </Button>
        {mayPropose &&
          (wide ? (
            <Button size="s" kind="quiet" isDisabled={busy} onPress={() => actions.propose?.(id)}>
              {t('translation.propose')}
            </Button>
          ) : (
            <IconButton
              icon={Languages}
              label={t('translation.propose')}
              isDisabled={busy}
              onPress={() => actions.propose?.(id)}
            />
          ))}
      </>
    );
  if (state === 'stale')
    return (
      <Button size="s" onPress={() => actions.confirm(id)}>
        {t('twins.confirm')}
      </Button>
    );
  if (state === 'review')
    return (
      <Button size="s" onPress={() => (row.mark ? actions.check(id) : actions.confirm(id))}>
        {t(row.mark ? 'twins.checked' : 'twins.confirm')}
      </Button>
    );
  return (
    <Menu
      placement="bottom start"
      trigger={
        <Button size="s" isDisabled={missing.length === 0}>
          {t('twins.pair')}
        </Button>
      }
      onAction={(key) => actions.pair(id, String(key))}
    >
      {missing.map((each) => (
        <MenuItem key={each.id} id={each.id} textValue={each.source?.text ?? ''}>
          {(each.source?.text ?? '').slice(0, 80)}
        </MenuItem>
      ))}
    </Menu>
  );
}
