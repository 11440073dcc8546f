// All pairs over the border, one side beside the other, and the proposals that wait for an answer.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import { useLater } from '@/app/later';
import type { Counterpart, Directories, Ref } from '@/app/model';
import { useVocabulary } from '@/app/vocabulary';
import { Combobox, type Offer } from '@/ui/combobox';
import { Labelled, Pick, Select, Text } from '@/ui/fields';
import { Refused, useWrong } from '@/ui/form';
import { Button, Card, Empty, Failure, Say, Tag, To, Waiting } from '@/ui/parts';
import { Frame } from '../frame';
import { Decide, Reasons, entryOf } from '../entry/counterparts_card';
import { useEntrySearch } from '../values_form';

export function CounterpartsScreen({ slug, query }: { slug: string; query: string }) {
  const { t } = useApp();
  useTitle(t('web.desk.counterparts'));
  const [adding, setAdding] = useState(false);
  return (
    <Frame
      slug={slug}
      desk="counterparts"
      title={t('web.desk.counterparts')}
      actions={({ may }) =>
        may.manage &&
        !adding && (
          <Button icon="link" onClick={() => setAdding(true)}>
            {t('web.counterparts.add')}
          </Button>
        )
      }
    >
      {({ directory, may }) => (
        <>
          {adding && <Adding onDone={() => setAdding(false)} />}
          <Pairs slug={directory.slug} may={may} query={query} />
        </>
      )}
    </Frame>
  );
}

function Pairs({ slug, may, query }: { slug: string; may: Directories['may']; query: string }) {
  const { t, go, say } = useApp();
  const { lists } = useVocabulary();
  const { hidden, later } = useLater();
  const asked = new URLSearchParams(query);
  const state = asked.get('etat') ?? (may.manage ? 'proposed' : 'confirmed');
  const policy = asked.get('politique') ?? '';
  const wanted = new URLSearchParams({ state });
  if (policy) wanted.set('policy', policy);
  const { data, error, again } = useAnswer<{ counterparts: Counterpart[] }>(`/counterparts?${wanted}`);
  const set = (change: Record<string, string>) => {
    const next = new URLSearchParams({ etat: state, politique: policy, ...change });
    for (const [key, value] of [...next]) if (!value) next.delete(key);
    go({ screen: 'desk', directory: slug, desk: 'counterparts', item: '', query: next.toString() });
  };
  const shown = data?.counterparts.filter((one) => !hidden.has(String(one.id))) ?? [];
  return (
    <>
      <div class="an-tools">
        {may.manage && (
          <Pick
            label={t('web.counterparts.state')}
            value={state}
            choices={[
              { value: 'proposed', label: t('web.counterparts.proposed') },
              { value: 'confirmed', label: t('web.counterparts.confirmed') },
              { value: 'refused', label: t('web.counterparts.refused') },
            ]}
            onChoice={(value) => set({ etat: value })}
          />
        )}
        <Pick
          label={t('web.filter.policy')}
          empty={t('web.filter.policy_any')}
          value={policy}
          choices={lists.policies.map((one) => ({ value: one.key, label: say(one.label) }))}
          onChoice={(value) => set({ politique: value })}
        />
      </div>
      {error && <Failure error={error} again={again} />}
      {!data && !error && <Waiting />}
      {data && shown.length === 0 && (
        <Empty title={t('web.counterparts.empty')}>
          {t(may.manage ? 'web.counterparts.empty_why' : 'web.counterparts.empty_member')}
        </Empty>
      )}
      <ul class="an-two-sided">
        {shown.map((one) => (
          <Pair
            key={one.id}
            counterpart={one}
            decide={may.manage && one.state === 'proposed'}
            later={later}
          />
        ))}
      </ul>
    </>
  );
}

function Pair({
  counterpart,
  decide,
  later,
}: {
  counterpart: Counterpart;
  decide: boolean;
  later: ReturnType<typeof useLater>['later'];
}) {
  const { t, day } = useApp();
  const { label } = useVocabulary();
  return (
    <li class="cl-card an-pair">
      <Side side={counterpart.a} class="a" />
      <Side side={counterpart.b} class="b" />
      <div class="an-pair-foot">
        <p class="an-row wrap">
          {counterpart.policy && <Tag kind="info">{label('policies', counterpart.policy)}</Tag>}
          {counterpart.level && <Tag>{label('levels', counterpart.level)}</Tag>}
          {counterpart.state === 'proposed' && (
            <span class="an-meta">{t('web.counterparts.score', { score: counterpart.score })}</span>
          )}
          {counterpart.state === 'confirmed' && (
            <span class="an-meta">
              {t('web.counterparts.confirmed_by', {
                name: counterpart.by?.name ?? '',
                day: day(counterpart.at),
              })}
            </span>
          )}
        </p>
        <Reasons counterpart={counterpart} />
        {decide && <Decide counterpart={counterpart} later={later} />}
      </div>
    </li>
  );
}

function Side({ side, class: name }: { side: Ref; class: string }) {
  return (
    <p class={`an-side ${name}`}>
      <To place={entryOf(side)}>
        <Say value={side.name} />
      </To>
    </p>
  );
}

function Adding({ onDone }: { onDone(): void }) {
  const { t, host, say, changed } = useApp();
  const { lists } = useVocabulary();
  const deed = useDeed();
  const wrong = useWrong(deed.error);
  const [a, setA] = useState<Offer | null>(null);
  const [b, setB] = useState<Offer | null>(null);
  const [policy, setPolicy] = useState('');
  const [note, setNote] = useState('');
  const find = useEntrySearch('');
  const save = (event: Event) => {
    event.preventDefault();
    void deed
      .run(async () => {
        await host.api('POST', '/counterparts', {
          a: Number(a?.value),
          b: Number(b?.value),
          policy: policy || null,
          note: note.trim() || undefined,
        });
        changed();
      })
      .then((done) => done && onDone());
  };
  const side = (label: string, chosen: Offer | null, choose: (offer: Offer) => void, error?: string) => (
    <Labelled label={label} error={error}>
      {({ id, describedBy, invalid }) => (
        <>
          {chosen && <p class="an-picked">{chosen.label}</p>}
          <Combobox
            id={id}
            describedBy={describedBy}
            invalid={invalid}
            placeholder={t('web.entry.find')}
            find={find}
            onPick={choose}
          />
        </>
      )}
    </Labelled>
  );
  return (
    <Card title={t('web.counterparts.add')}>
      <form noValidate class="an-form" ref={wrong.form} onSubmit={save}>
        <div class="an-two">
          {side(t('web.counterparts.french_side'), a, setA, wrong.at['a'])}
          {side(t('web.counterparts.swiss_side'), b, setB, wrong.at['b'])}
        </div>
        <Select
          label={t('web.filter.policy')}
          value={policy}
          empty={t('web.choose')}
          choices={lists.policies.map((one) => ({ value: one.key, label: say(one.label) }))}
          onChoice={setPolicy}
          error={wrong.at['policy']}
        />
        <Text label={t('web.form.note')} value={note} onText={setNote} error={wrong.at['note']} />
        <Refused error={deed.error} shows={(field) => ['a', 'b', 'policy', 'note'].includes(field)} />
        <div class="an-row">
          <Button type="submit" kind="primary" busy={deed.busy} disabled={!a || !b}>
            {t('web.save')}
          </Button>
          <Button kind="quiet" onClick={onDone}>
            {t('web.cancel')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
