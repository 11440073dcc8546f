// The opposite number over the border: who it is, why it was proposed, and who says that it is true.
import { useApp, useDeed } from '@/app/context';
import { useLater } from '@/app/later';
import type { Counterpart, Entry, Reason, Ref } from '@/app/model';
import { useVocabulary } from '@/app/vocabulary';
import { Button, Card, Failure, Say, Tag, To } from '@/ui/parts';

export function CounterpartsCard({ entry, manage }: { entry: Entry; manage: boolean }) {
  const { t, host, changed } = useApp();
  const deed = useDeed();
  const { hidden, later } = useLater();
  const shown = entry.counterparts.filter((one) => one.state !== 'refused' && !hidden.has(String(one.id)));
  const decides = manage || entry.may.check;
  const look = () =>
    deed.run(async () => {
      const { json } = await host.api<{ counterparts: Counterpart[] }>(
        'POST',
        `/entries/${entry.id}/counterparts/propose`,
        {},
      );
      if (json.counterparts.length === 0) host.toast(t('web.counterparts.none_found'));
      changed();
    });
  return (
    <Card title={t('web.counterparts.title')}>
      {shown.length === 0 && <p class="an-hint">{t('web.counterparts.none')}</p>}
      <ul class="an-pairs">
        {shown.map((one) => (
          <li key={one.id}>
            <Other counterpart={one} of={entry.id} />
            <Reasons counterpart={one} />
            {decides && one.state === 'proposed' && <Decide counterpart={one} later={later} />}
          </li>
        ))}
      </ul>
      {deed.error && <Failure error={deed.error} />}
      <Button small icon="search" busy={deed.busy} onClick={look}>
        {t('web.counterparts.look')}
      </Button>
    </Card>
  );
}

export const entryOf = (ref: Ref) => ({
  screen: 'entry' as const,
  directory: ref.directory,
  entry: String(ref.id),
});

function Other({ counterpart, of }: { counterpart: Counterpart; of: number }) {
  const { t } = useApp();
  const { label } = useVocabulary();
  const other = counterpart.a.id === of ? counterpart.b : counterpart.a;
  return (
    <p class="an-pair-name">
      <To place={entryOf(other)}>
        <Say value={other.name} />
      </To>
      {counterpart.policy && <span class="an-meta"> {label('policies', counterpart.policy)}</span>}{' '}
      {counterpart.state === 'proposed' ? (
        <Tag kind="wait">{t('web.counterparts.proposed')}</Tag>
      ) : (
        <Tag kind="ok" icon="check">
          {t('web.counterparts.confirmed')}
        </Tag>
      )}
    </p>
  );
}

const reasonCodes = ['same_policy', 'same_level', 'shared_competence', 'shared_language', 'near'] as const;

export function Reasons({ counterpart }: { counterpart: Counterpart }) {
  const { t } = useApp();
  const { label } = useVocabulary();
  const words = (reason: Reason) => {
    const lists = {
      same_policy: 'policies',
      same_level: 'levels',
      shared_competence: 'competences',
      shared_language: 'languages',
    } as const;
    const list = lists[reason.code as keyof typeof lists];
    return list && reason.detail ? label(list, reason.detail) : reason.detail;
  };
  if (!counterpart.reasons.length) return counterpart.note ? <p class="an-hint">{counterpart.note}</p> : null;
  return (
    <ul class="an-reasons" aria-label={t('web.counterparts.why')}>
      {counterpart.reasons.map((reason, index) => (
        <li key={index}>
          {reasonCodes.includes(reason.code)
            ? t(`web.counterparts.${reason.code}`, { detail: words(reason) })
            : reason.detail}
        </li>
      ))}
    </ul>
  );
}

/** Both answers can be taken back for some seconds; then they are on record. */
export function Decide({
  counterpart,
  later,
}: {
  counterpart: Counterpart;
  later: ReturnType<typeof useLater>['later'];
}) {
  const { t, host, say } = useApp();
  const names = { a: say(counterpart.a.name), b: say(counterpart.b.name) };
  const decide = (state: 'confirmed' | 'refused') =>
    later(
      String(counterpart.id),
      t(state === 'confirmed' ? 'web.counterparts.confirming' : 'web.counterparts.refusing', names),
      () => host.api('PUT', `/counterparts/${counterpart.id}`, { state }),
    );
  return (
    <div class="an-row wrap">
      <Button small icon="check" onClick={() => decide('confirmed')}>
        {t('web.counterparts.confirm')}
      </Button>
      <Button small kind="quiet" icon="close" onClick={() => decide('refused')}>
        {t('web.counterparts.refuse')}
      </Button>
    </div>
  );
}
