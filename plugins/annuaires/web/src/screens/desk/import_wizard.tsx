// One import, step by step. Where it stands is what the server says: leaving and coming back loses nothing.
import { useEffect, useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed } from '@/app/context';
import type { Directory, Import } from '@/app/model';
import type { MessageKey } from '@/host';
import { Button, Card, Failure, Notice, Progress, To, Waiting } from '@/ui/parts';
import { Columns } from './import_columns';
import { Rows } from './import_rows';

const working = new Set(['receiving', 'received', 'checking', 'applying', 'undoing']);
const pollMilliseconds = 500;
const steps = ['columns', 'rows', 'result'] as const;
type Step = (typeof steps)[number];

const stepOf = (state: Import['state']): Step => {
  if (state === 'checking' || state === 'checked') return 'rows';
  if (['applying', 'applied', 'undoing', 'undone'].includes(state)) return 'result';
  return 'columns';
};

export function Wizard({ id, directory, query }: { id: string; directory: Directory; query: string }) {
  const { t } = useApp();
  const { data, error, again } = useAnswer<{ import: Import }>(`/imports/${encodeURIComponent(id)}`);
  const [back, setBack] = useState(false);
  const one = data?.import;
  const busy = one !== undefined && working.has(one.state);
  useEffect(() => {
    if (!busy) return;
    const timer = setTimeout(again, pollMilliseconds);
    return () => clearTimeout(timer);
  }, [busy, data, again]);
  if (error && !data) return <Failure error={error} again={again} />;
  if (!one) return <Waiting />;
  const step = back ? 'columns' : stepOf(one.state);
  return (
    <>
      <Steps current={step} name={one.name} />
      {one.state === 'failed' && (
        <Notice kind="error">
          {typeof one.error === 'string' ? one.error : (one.error?.detail ?? t('web.import.failed'))}
        </Notice>
      )}
      {busy && <Working one={one} />}
      {!busy && step === 'columns' && one.columns.length > 0 && (
        <Columns
          key={`${one.encoding}${one.separator}${one.sheet}${one.header}`}
          one={one}
          directory={directory}
          onChecked={() => {
            setBack(false);
            again();
          }}
          onRead={again}
        />
      )}
      {!busy && step === 'rows' && (
        <Rows one={one} directory={directory} query={query} onBack={() => setBack(true)} onApply={again} />
      )}
      {!busy && step === 'result' && <Result one={one} directory={directory} onUndo={again} />}
    </>
  );
}

function Steps({ current, name }: { current: Step; name: string }) {
  const { t } = useApp();
  return (
    <>
      <p class="an-meta">{name}</p>
      <ol class="an-wizard" aria-label={t('web.import.steps')}>
        <li class="done">{t('web.import.step_file')}</li>
        {steps.map((step) => (
          <li
            key={step}
            aria-current={step === current ? 'step' : undefined}
            class={steps.indexOf(step) < steps.indexOf(current) ? 'done' : undefined}
          >
            {t(`web.import.step_${step}` as MessageKey)}
          </li>
        ))}
      </ol>
    </>
  );
}

function Working({ one }: { one: Import }) {
  const { t } = useApp();
  const { done, of } = one.progress;
  const label =
    of > 0
      ? t('web.import.progress', { state: t(`web.import.state_${one.state}` as MessageKey), done, of })
      : t(`web.import.state_${one.state}` as MessageKey);
  return (
    <Card>
      <Progress label={label} done={done} of={of} />
      <p class="an-hint">{t('web.import.may_leave')}</p>
    </Card>
  );
}

const counted = ['created', 'changed', 'unchanged', 'skipped', 'problems', 'kept'] as const;

function Result({ one, directory, onUndo }: { one: Import; directory: Directory; onUndo(): void }) {
  const { t, host, number } = useApp();
  const deed = useDeed();
  const undo = () =>
    deed.run(async () => {
      await host.api('POST', `/imports/${one.id}/undo`, {});
      onUndo();
    });
  const undone = one.state === 'undone';
  return (
    <Card title={t(undone ? 'web.import.undone' : 'web.import.applied')}>
      <dl class="an-figures">
        {counted
          .filter((key) => (one.counts[key] ?? 0) > 0)
          .map((key) => (
            <div key={key}>
              <dt>{t(`web.import.count_${key}` as MessageKey)}</dt>
              <dd>{number(one.counts[key] ?? 0)}</dd>
            </div>
          ))}
      </dl>
      {undone && (one.counts.kept ?? 0) > 0 && (
        <Notice kind="warning">{t('web.import.kept', { count: one.counts.kept ?? 0 })}</Notice>
      )}
      {deed.error && <Failure error={deed.error} />}
      <div class="an-row wrap">
        <To place={{ screen: 'view', directory: directory.slug, view: 'list', query: '' }} button="primary">
          {t('web.import.see')}
        </To>
        {!undone && (
          <Button icon="undo" busy={deed.busy} onClick={undo}>
            {t('web.import.undo')}
          </Button>
        )}
      </div>
    </Card>
  );
}
