// What was proposed, field by field: what stands there, what shall stand there, and the answer of the secretariat.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import { useLater } from '@/app/later';
import type { Change, ChangeItem, Directory } from '@/app/model';
import { useFields } from '@/app/directories';
import type { MessageKey } from '@/host';
import { Pick, Text } from '@/ui/fields';
import { Button, Card, Empty, Failure, Notice, Say, Tag, To, Waiting } from '@/ui/parts';
import { useLabel } from '@/ui/value';
import { Frame } from '../frame';
import { Diff } from '../entry/history_card';

const states = ['open', 'done', 'refused', 'withdrawn'] as const;

export function ReviewsScreen({ slug, item, query }: { slug: string; item: string; query: string }) {
  const { t } = useApp();
  useTitle(t('web.desk.reviews'));
  return (
    <Frame slug={slug} desk="reviews" title={t('web.desk.reviews')}>
      {({ directory }) => <Reviews directory={directory} item={item} query={query} />}
    </Frame>
  );
}

function Reviews({ directory, item, query }: { directory: Directory; item: string; query: string }) {
  const { t, go } = useApp();
  const state = new URLSearchParams(query).get('etat') ?? 'open';
  const { data, error, again } = useAnswer<{ changes: Change[]; total: number; next: string | null }>(
    `/changes?state=${encodeURIComponent(state)}&directory=${encodeURIComponent(directory.slug)}&limit=50`,
  );
  const one = useAnswer<{ change: Change }>(item ? `/changes/${encodeURIComponent(item)}` : null);
  const { hidden, later } = useLater();
  const changes = item ? (one.data ? [one.data.change] : []) : (data?.changes ?? []);
  const shown = changes.filter((change) => !hidden.has(String(change.id)));
  const failure = item ? one.error : error;
  const waiting = item ? !one.data && !one.error : !data && !error;
  return (
    <>
      <div class="an-tools">
        <Pick
          label={t('web.reviews.state')}
          value={state}
          choices={states.map((value) => ({ value, label: t(`web.reviews.state_${value}` as MessageKey) }))}
          onChoice={(value) =>
            go({
              screen: 'desk',
              directory: directory.slug,
              desk: 'reviews',
              item: '',
              query: value === 'open' ? '' : `etat=${value}`,
            })
          }
        />
      </div>
      {failure && <Failure error={failure} again={item ? one.again : again} />}
      {waiting && <Waiting />}
      {!waiting && !failure && shown.length === 0 && (
        <Empty title={t('web.reviews.none')}>{t('web.reviews.none_why')}</Empty>
      )}
      {shown.map((change) => (
        <Review key={change.id} change={change} directory={directory} later={later} />
      ))}
    </>
  );
}

export function Proposed({ change }: { change: Change }) {
  const { t, moment } = useApp();
  return (
    <p class="an-meta">
      {[change.by?.name ?? t('web.reviews.by_link'), moment(change.at)].join(', ')}
      {change.via === 'link' && change.by && <> {t('web.reviews.by_link')}</>}
    </p>
  );
}

function Review({
  change,
  directory,
  later,
}: {
  change: Change;
  directory: Directory;
  later: ReturnType<typeof useLater>['later'];
}) {
  const { t, host, say } = useApp();
  const deed = useDeed();
  const open = change.items.filter((item) => item.state === 'open');
  const [answers, setAnswers] = useState<Record<string, 'accept' | 'refuse'>>({});
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const refused = open.filter((item) => answers[item.field] === 'refuse');
  const accepted = open.filter((item) => answers[item.field] === 'accept');
  const name = change.entry ? say(change.entry.name) : t('web.reviews.new_entry');
  const decide = (accept: string[], refuse: string[]) => {
    if (refuse.length && !reason.trim()) return setMissing(true);
    setMissing(false);
    later(String(change.id), t('web.reviews.deciding', { name }), () =>
      host.api('POST', `/changes/${change.id}/review`, {
        accept,
        refuse,
        reason: reason.trim() || undefined,
      }),
    );
  };
  const all = open.map((item) => item.field);
  return (
    <Card
      title={change.entry ? <Say value={change.entry.name} /> : t('web.reviews.new_entry')}
      actions={
        change.entry && (
          <To
            place={{ screen: 'entry', directory: change.directory, entry: String(change.entry.id) }}
            button="quiet"
            small
          >
            {t('web.reviews.open_entry')}
          </To>
        )
      }
    >
      <Proposed change={change} />
      {change.note && <blockquote class="an-quote">{change.note}</blockquote>}
      {change.stale && change.state === 'open' && <Notice kind="warning">{t('web.reviews.stale')}</Notice>}
      <Items
        change={change}
        directory={directory}
        answers={answers}
        onAnswer={(field, answer) => setAnswers({ ...answers, [field]: answer })}
      />
      {change.reason && <p class="an-hint">{t('web.reviews.reason_was', { reason: change.reason })}</p>}
      {change.state === 'open' && (
        <div class="an-form">
          {(refused.length > 0 || missing) && (
            <Text
              label={t('web.reviews.reason')}
              hint={t('web.reviews.reason_hint')}
              long
              value={reason}
              onText={setReason}
              error={missing ? t('web.reviews.reason_missing') : undefined}
            />
          )}
          {deed.error && <Failure error={deed.error} />}
          <div class="an-row wrap">
            <Button kind="primary" icon="check" onClick={() => decide(all, [])}>
              {t('web.reviews.accept_all')}
            </Button>
            <Button
              disabled={accepted.length + refused.length === 0}
              onClick={() =>
                decide(
                  accepted.map((item) => item.field),
                  refused.map((item) => item.field),
                )
              }
            >
              {t('web.reviews.send', { count: accepted.length + refused.length })}
            </Button>
            <Button
              kind="quiet"
              onClick={() => {
                setAnswers(Object.fromEntries(all.map((field) => [field, 'refuse' as const])));
                if (reason.trim()) decide([], all);
                else setMissing(true);
              }}
            >
              {t('web.reviews.refuse_all')}
            </Button>
          </div>
        </div>
      )}
    </Card>
  );
}

function Items({
  change,
  directory,
  answers,
  onAnswer,
}: {
  change: Change;
  directory: Directory;
  answers: Record<string, 'accept' | 'refuse'>;
  onAnswer(field: string, answer: 'accept' | 'refuse'): void;
}) {
  const { t } = useApp();
  return (
    <table class="cl-table an-review">
      <caption class="cl-visually-hidden">{t('web.reviews.fields')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('web.reviews.field')}</th>
          <th scope="col">{t('web.reviews.change')}</th>
          <th scope="col">{t('web.reviews.answer')}</th>
        </tr>
      </thead>
      <tbody>
        {change.items.map((item) => (
          <Item
            key={item.field}
            item={item}
            change={change}
            directory={directory}
            answer={answers[item.field]}
            onAnswer={(answer) => onAnswer(item.field, answer)}
          />
        ))}
      </tbody>
    </table>
  );
}

function Item({
  item,
  change,
  directory,
  answer,
  onAnswer,
}: {
  item: ChangeItem;
  change: Change;
  directory: Directory;
  answer: 'accept' | 'refuse' | undefined;
  onAnswer(answer: 'accept' | 'refuse'): void;
}) {
  const { t, say } = useApp();
  const field = useFields(directory).find((one) => one.key === item.field);
  const label = useLabel(field ?? { key: item.field, type: 'text', options: [] });
  const moved = item.state === 'open' && JSON.stringify(item.before) !== JSON.stringify(item.now);
  const keyed = field && ['choice', 'choices', 'language'].includes(field.type);
  return (
    <tr>
      <th scope="row">
        <Say value={item.label} />
      </th>
      <td>
        <Diff before={item.now} after={item.after} label={keyed ? label : undefined} />
        {moved && <p class="an-hint">{t('web.reviews.moved')}</p>}
      </td>
      <td>
        {item.state === 'open' && change.state === 'open' ? (
          <div
            class="an-answer"
            role="group"
            aria-label={t('web.reviews.answer_of', { field: say(item.label) })}
          >
            <Button small icon="check" pressed={answer === 'accept'} onClick={() => onAnswer('accept')}>
              {t('web.reviews.accept')}
            </Button>
            <Button small icon="close" pressed={answer === 'refuse'} onClick={() => onAnswer('refuse')}>
              {t('web.reviews.refuse')}
            </Button>
          </div>
        ) : (
          <Tag kind={item.state === 'accepted' ? 'ok' : item.state === 'refused' ? 'no' : undefined}>
            {t(`web.reviews.item_${item.state}` as MessageKey)}
          </Tag>
        )}
      </td>
    </tr>
  );
}
