import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState, type FormEvent } from 'react';
import { errorText, evaluateRules, referenceQueries, type Pack, type Question, type Rule } from '@/api';
import { useI18n } from '@/i18n';
import {
  Button,
  Card,
  Checkbox,
  ErrorNotice,
  Notice,
  Option,
  Select,
  Skeleton,
  Table,
  Tag,
  TextField,
} from '@/ui';
import { Parameters } from './Delays';
import { noon, SourceQuote, VerdictSheet } from './parts';
import './references.css';

/** Packs by family and date: their rules with their sources, a trial, and what changed from one version to the next. */
export function Rules() {
  const { t, format } = useI18n();
  const { data, error, refetch } = useQuery(referenceQueries.rules());
  const [chosen, setChosen] = useState<string | null>(null);
  if (error) return <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  const key = (each: Pack) => `${each.id}/${each.version}`;
  const pack =
    data.packs.find((each) => key(each) === chosen) ??
    data.packs.find((each) => each.in_force) ??
    data.packs[0];
  if (!pack) return <Notice>{t('rules.none')}</Notice>;
  const family = data.packs.filter((each) => each.id === pack.id);
  return (
    <div className="form">
      <Select label={t('rules.pack')} value={key(pack)} onChange={(value) => setChosen(String(value))}>
        {data.packs.map((each) => (
          <Option key={key(each)} id={key(each)} textValue={each.name} note={<Validity pack={each} />}>
            {each.name}
          </Option>
        ))}
      </Select>
      {!pack.jurist.confirmed && <Notice tone="wait">{pack.jurist.words}</Notice>}
      <div className="ref-g">
        <Card
          title={pack.name}
          count={pack.rules.length}
          end={
            <Tag tone={pack.in_force ? 'ok' : 'info'}>
              {t(pack.in_force ? 'rules.in.force' : 'rules.past')}
            </Tag>
          }
        >
          <div className="panel-b">
            <p className="meta">
              <Validity pack={pack} />
              {pack.holidays && ` · ${t('rules.holidays', { name: pack.holidays.name })}`}
            </p>
            {pack.note && (
              <p className="meta" lang="fr">
                {pack.note}
              </p>
            )}
          </div>
          <ul className="rows first0">
            {pack.rules.map((rule) => (
              <li key={rule.id}>
                <RuleText rule={rule} />
              </li>
            ))}
          </ul>
          <p className="panel-b meta ref-h">
            {t('rules.hash')} <code>{pack.hash}</code>
          </p>
        </Card>
        <div className="ref-c">
          <Trial key={key(pack)} pack={pack} />
          <Card title={t('rules.versions')} count={family.length}>
            <ol className="rows first0">
              {family.map((each) => (
                <li key={each.version} className="row between">
                  <span>
                    <b>{each.version}</b>{' '}
                    <span className="meta">
                      <Validity pack={each} />
                    </span>
                  </span>
                  {each !== pack && (
                    <Button size="s" onPress={() => setChosen(key(each))}>
                      {t('rules.show')} <span className="vh">{each.version}</span>
                    </Button>
                  )}
                </li>
              ))}
            </ol>
          </Card>
          {family.length > 1 && <Difference key={pack.id} family={family} />}
        </div>
      </div>
      <p className="meta">{t('rules.today', { day: format.date(noon(data.today)) })}</p>
    </div>
  );
}

function Validity({ pack }: { pack: Pack }) {
  const { t, format } = useI18n();
  const from = format.date(noon(pack.valid_from));
  return (
    <>
      {pack.valid_until
        ? t('rules.valid.until', { from, until: format.date(noon(pack.valid_until)) })
        : t('rules.valid.since', { from })}
    </>
  );
}

function RuleText({ rule }: { rule: Rule }) {
  const { t } = useI18n();
  return (
    <article className="form ref-rule">
      <h3>{rule.title}</h3>
      <Parameters rule={rule} />
      {rule.convention && (
        <p className="meta">
          {t('rules.convention')} {rule.convention}
        </p>
      )}
      <SourceQuote source={rule.source} />
    </article>
  );
}

type Answers = Record<string, string | string[]>;

/** The answers as the facts of docs/api.md: an empty one says nothing. */
function factsOf(questions: Question[], answers: Answers, currency: string): object {
  const facts: Record<string, Record<string, unknown>> = {};
  for (const question of questions) {
    const answer = answers[question.path];
    if (answer === undefined || answer.length === 0) continue;
    const [group = '', name = ''] = question.path.split('.');
    const value =
      question.kind === 'amount'
        ? { text: answer, currency }
        : question.kind === 'count'
          ? Number(answer)
          : question.kind === 'yes_no'
            ? answer === 'yes'
            : answer;
    (facts[group] ??= {})[name] = value;
  }
  return facts;
}

function Trial({ pack }: { pack: Pack }) {
  const { t } = useI18n();
  const [answers, setAnswers] = useState<Answers>({});
  const [currency, setCurrency] = useState('EUR');
  const ask = useMutation({
    mutationFn: () => evaluateRules(pack.id, pack.version, factsOf(pack.questions, answers, currency)),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  if (pack.questions.length === 0)
    return (
      <Card title={t('rules.try')}>
        <p className="panel-b meta">{t('rules.try.nothing')}</p>
      </Card>
    );
  const amounts = pack.questions.some((each) => each.kind === 'amount');
  return (
    <Card title={t('rules.try')}>
      <form className="panel-b form" onSubmit={submit} data-testid="trial">
        <p className="meta">{t('rules.try.what')}</p>
        {amounts && (
          <Select
            label={t('rates.currency')}
            value={currency}
            onChange={(value) => setCurrency(String(value))}
          >
            <Option id="EUR" textValue="EUR">
              EUR
            </Option>
            <Option id="CHF" textValue="CHF">
              CHF
            </Option>
          </Select>
        )}
        {pack.questions.map((question) => (
          <Asked
            key={question.path}
            question={question}
            answer={answers[question.path]}
            onAnswer={(answer) => setAnswers((before) => ({ ...before, [question.path]: answer }))}
          />
        ))}
        {ask.error && <ErrorNotice title={errorText(ask.error)} />}
        <div className="btns">
          <Button type="submit" kind="primary" isPending={ask.isPending}>
            {t('rules.try.do')}
          </Button>
        </div>
        {ask.data && <VerdictSheet verdict={ask.data} />}
      </form>
    </Card>
  );
}

function Asked({
  question,
  answer,
  onAnswer,
}: {
  question: Question;
  answer: string | string[] | undefined;
  onAnswer: (answer: string | string[]) => void;
}) {
  const { t } = useI18n();
  const one = typeof answer === 'string' ? answer : '';
  const several = Array.isArray(answer) ? answer : [];
  if (question.kind === 'choices')
    return (
      <fieldset className="ref-f">
        <legend className="lab">{question.label}</legend>
        {question.options.map((option) => (
          <Checkbox
            key={option.value}
            isSelected={several.includes(option.value)}
            onChange={(on) =>
              onAnswer(on ? [...several, option.value] : several.filter((value) => value !== option.value))
            }
          >
            {option.words}
          </Checkbox>
        ))}
      </fieldset>
    );
  if (question.kind === 'choice' || question.kind === 'yes_no') {
    const options =
      question.kind === 'choice'
        ? question.options
        : [
            { value: 'yes', words: t('rules.yes') },
            { value: 'no', words: t('rules.no') },
          ];
    return (
      <Select
        label={question.label}
        value={one || 'unsaid'}
        onChange={(value) => onAnswer(value === 'unsaid' ? '' : String(value))}
      >
        {[{ value: 'unsaid', words: t('rules.unsaid') }, ...options].map((option) => (
          <Option key={option.value} id={option.value} textValue={option.words}>
            {option.words}
          </Option>
        ))}
      </Select>
    );
  }
  return (
    <TextField
      label={question.label}
      type={question.kind === 'date' ? 'date' : 'text'}
      inputMode={question.kind === 'amount' ? 'decimal' : question.kind === 'count' ? 'numeric' : 'text'}
      value={one}
      onChange={onAnswer}
    />
  );
}

interface Line {
  rule: string;
  what: string;
  before: string;
  after: string;
}

function differences(before: Pack, after: Pack, sourceWord: string): Line[] {
  const lines: Line[] = [];
  const ids = [...new Set([...before.rules, ...after.rules].map((rule) => rule.id))];
  for (const id of ids) {
    const a = before.rules.find((rule) => rule.id === id);
    const b = after.rules.find((rule) => rule.id === id);
    const title = (b ?? a)?.title ?? id;
    const keys = [...new Set([...(a?.parameters ?? []), ...(b?.parameters ?? [])].map((each) => each.key))];
    for (const key of keys) {
      const was = a?.parameters.find((each) => each.key === key);
      const is = b?.parameters.find((each) => each.key === key);
      if (was?.value !== is?.value)
        lines.push({
          rule: title,
          what: (is ?? was)?.label ?? key,
          before: was?.value ?? '–',
          after: is?.value ?? '–',
        });
    }
    if (a?.source.words !== b?.source.words)
      lines.push({
        rule: title,
        what: sourceWord,
        before: a?.source.words ?? '–',
        after: b?.source.words ?? '–',
      });
  }
  return lines;
}

function Difference({ family }: { family: Pack[] }) {
  const { t } = useI18n();
  const [from, setFrom] = useState(family.at(-2)?.version ?? '');
  const [to, setTo] = useState(family.at(-1)?.version ?? '');
  const before = family.find((each) => each.version === from);
  const after = family.find((each) => each.version === to);
  const lines = useMemo(
    () => (before && after ? differences(before, after, t('rules.source')) : []),
    [before, after, t],
  );
  const options = family.map((each) => (
    <Option key={each.version} id={each.version} textValue={each.version}>
      {each.version}
    </Option>
  ));
  return (
    <Card title={t('rules.diff')}>
      <div className="panel-b form">
        <div className="ref-2">
          <Select label={t('rules.diff.from')} value={from} onChange={(value) => setFrom(String(value))}>
            {options}
          </Select>
          <Select label={t('rules.diff.to')} value={to} onChange={(value) => setTo(String(value))}>
            {options}
          </Select>
        </div>
        {lines.length === 0 ? (
          <p className="meta">{t('rules.diff.none')}</p>
        ) : (
          <Table
            caption={t('rules.diff')}
            className="ref-t"
            columns={[
              { id: 'rule', title: t('rules.rule') },
              { id: 'from', title: from },
              { id: 'to', title: to },
            ]}
          >
            {lines.map((line) => (
              <tr key={`${line.rule} ${line.what}`}>
                <th scope="row">
                  {line.rule} <span className="meta">{line.what}</span>
                </th>
                <td>
                  <del>{line.before}</del>
                </td>
                <td>
                  <ins>{line.after}</ins>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </div>
    </Card>
  );
}
