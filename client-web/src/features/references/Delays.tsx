import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { errorText, evaluateDelay, referenceQueries, type DelayAnswer, type Pack, type Rule } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Card, ErrorNotice, Notice, Option, Select, Skeleton, Table, TextField } from '@/ui';
import { noon, SourceQuote, VerdictSheet } from './parts';
import './references.css';

interface Choice {
  key: string;
  pack: Pack;
  rule: Rule;
}

/** One of each delay that a pack in force knows. */
function choices(packs: Pack[]): Choice[] {
  return packs
    .filter((pack) => pack.in_force)
    .flatMap((pack) =>
      pack.rules.filter((rule) => rule.notice).map((rule) => ({ key: `${pack.id}/${rule.id}`, pack, rule })),
    );
}

/** Until when may it be sent, and from when may one meet? */
export function Delays() {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(referenceQueries.rules());
  const [key, setKey] = useState<string | null>(null);
  const [session, setSession] = useState('');
  const [sent, setSent] = useState('');
  const ask = useMutation({ mutationFn: evaluateDelay });
  if (error) return <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  const all = choices(data.packs);
  const chosen = all.find((each) => each.key === key) ?? all[0];
  if (!chosen) return <Notice>{t('delays.none')}</Notice>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const notice = chosen.rule.notice ?? { what: '', occasion: '' };
    ask.mutate({ pack: chosen.pack.id, ...notice, sent_on: sent || null, session_on: session || null });
  };
  return (
    <div className="ref-g">
      <Card title={t('delays.title')}>
        <form className="panel-b form" onSubmit={submit}>
          <Select label={t('delays.rule')} value={chosen.key} onChange={(value) => setKey(String(value))}>
            {all.map((each) => (
              <Option key={each.key} id={each.key} textValue={each.rule.title} note={each.pack.name}>
                {each.rule.title}
              </Option>
            ))}
          </Select>
          <TextField
            label={t('delays.session')}
            type="date"
            value={session}
            onChange={setSession}
            hint={t('delays.session.hint')}
          />
          <TextField
            label={t('delays.sent')}
            type="date"
            value={sent}
            onChange={setSent}
            hint={t('delays.sent.hint')}
          />
          {ask.error && <ErrorNotice title={errorText(ask.error)} />}
          <div className="btns">
            <Button type="submit" kind="primary" isPending={ask.isPending} isDisabled={!session && !sent}>
              {t('delays.compute')}
            </Button>
          </div>
          <p className="meta">{t('delays.example')}</p>
        </form>
      </Card>
      {ask.data ? <Answer answer={ask.data} /> : <Explained rule={chosen.rule} />}
    </div>
  );
}

function Explained({ rule }: { rule: Rule }) {
  const { t } = useI18n();
  return (
    <Card title={rule.title}>
      <div className="panel-b form">
        <Parameters rule={rule} />
        {rule.convention && (
          <p>
            {t('rules.convention')} {rule.convention}
          </p>
        )}
        <SourceQuote source={rule.source} />
      </div>
    </Card>
  );
}

export function Parameters({ rule }: { rule: Rule }) {
  return (
    <dl className="dl">
      {rule.parameters.map((each) => (
        <div key={each.key} className="ref-d">
          <dt>{each.label}</dt>
          <dd>{each.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Answer({ answer }: { answer: DelayAnswer }) {
  const { t, format } = useI18n();
  const day = (date: string) => format.weekdayDate(noon(date));
  return (
    <Card title={answer.rule.title}>
      <div className="panel-b form" data-testid="delay" data-lawful={String(answer.lawful)}>
        {answer.lawful !== null && (
          <Notice
            tone={answer.lawful ? 'ok' : 'no'}
            title={t(answer.lawful ? 'delays.lawful' : 'delays.late')}
            announce
          />
        )}
        <dl className="dl">
          {answer.last_lawful_day && (
            <div className="ref-d">
              <dt>{t('delays.last')}</dt>
              <dd className="strong">{t('delays.last.midnight', { day: day(answer.last_lawful_day) })}</dd>
            </div>
          )}
          {answer.earliest_session && (
            <div className="ref-d">
              <dt>{t('delays.earliest')}</dt>
              <dd className="strong">{day(answer.earliest_session)}</dd>
            </div>
          )}
          <div className="ref-d">
            <dt>{t('delays.zone')}</dt>
            <dd>{answer.zone}</dd>
          </div>
        </dl>
        {answer.holidays.length > 0 && (
          <Table
            caption={t('delays.holidays')}
            columns={[
              { id: 'day', title: t('delays.holidays') },
              { id: 'how', title: t('delays.holidays.how') },
            ]}
          >
            {answer.holidays.map((each) => (
              <tr key={each.date}>
                <th scope="row">
                  {each.name}, {format.date(noon(each.date))}
                </th>
                <td>
                  {t(each.skipped ? 'delays.holiday.skipped' : 'delays.holiday.counted')}
                  {each.disputed && ` ${t('delays.holiday.disputed')}`}
                </td>
              </tr>
            ))}
          </Table>
        )}
        {answer.verdict ? (
          <VerdictSheet verdict={answer.verdict} />
        ) : (
          <>
            {answer.rule.convention && (
              <p className="meta">
                {t('rules.convention')} {answer.rule.convention}
              </p>
            )}
            <SourceQuote source={answer.rule.source} />
            <p className="meta">{answer.pack.jurist.words}</p>
          </>
        )}
      </div>
    </Card>
  );
}
