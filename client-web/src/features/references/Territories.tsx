import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { errorText, referenceQueries, splitContributions, type Id, type Unit, type UnitDetail } from '@/api';
import { useI18n, type MessageId } from '@/i18n';
import {
  Button,
  Card,
  CountryTag,
  ErrorNotice,
  Notice,
  Option,
  SearchField,
  Select,
  Skeleton,
  Table,
  TextField,
} from '@/ui';
import { noon, today } from './parts';
import './references.css';

const kinds = ['commune', 'epci', 'department', 'region', 'canton', 'district', 'cooperation'] as const;
const kindWords = (kind: string): MessageId => `territories.kind.${kind}` as MessageId;

/** Communes, EPCI, cantons and what they belonged to on a day, with their populations and where these are from. */
export function Territories() {
  const { t } = useI18n();
  const [query, setQuery] = useState('');
  const [kind, setKind] = useState('');
  const [open, setOpen] = useState<Id | null>(null);
  const [on, setOn] = useState(today());
  const { data, error, refetch } = useQuery({
    ...referenceQueries.units(query.trim(), query.trim() ? kind : kind || 'cooperation'),
    placeholderData: keepPreviousData,
  });
  const shown = open ?? data?.units[0]?.id ?? null;
  return (
    <div className="ref-g">
      <Card title={t('territories.title')}>
        <div className="panel-b form">
          <SearchField label={t('territories.search')} value={query} onChange={setQuery} />
          <Select
            label={t('territories.kind')}
            value={kind || 'any'}
            onChange={(value) => setKind(value === 'any' ? '' : String(value))}
          >
            {['any', ...kinds].map((each) => (
              <Option key={each} id={each} textValue={t(kindWords(each))}>
                {t(kindWords(each))}
              </Option>
            ))}
          </Select>
          {error && <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />}
          {data?.units.length === 0 && <Notice>{t('territories.empty')}</Notice>}
        </div>
        <ul className="rows first0">
          {data?.units.map((unit) => (
            <li key={unit.id}>
              <UnitButton unit={unit} current={unit.id === shown} onOpen={setOpen} />
            </li>
          ))}
        </ul>
      </Card>
      {shown && <Detail id={shown} on={on} setOn={setOn} onOpen={setOpen} />}
    </div>
  );
}

function UnitButton({ unit, current, onOpen }: { unit: Unit; current?: boolean; onOpen: (id: Id) => void }) {
  const { t } = useI18n();
  return (
    <button
      type="button"
      className="ref-u"
      aria-current={current ? 'true' : undefined}
      onClick={() => onOpen(unit.id)}
    >
      {unit.country && <CountryTag country={unit.country} />}
      <span>{unit.name}</span>
      <span className="meta">
        {t(kindWords(unit.kind))}
        {unit.code && `, ${unit.code.code}`}
      </span>
    </button>
  );
}

function Detail({
  id,
  on,
  setOn,
  onOpen,
}: {
  id: Id;
  on: string;
  setOn: (day: string) => void;
  onOpen: (id: Id) => void;
}) {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery({
    ...referenceQueries.unit(id, on),
    placeholderData: keepPreviousData,
  });
  if (error) return <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <div className="ref-c">
      <Card title={data.name}>
        <div className="panel-b form" data-testid="unit">
          <p className="meta">
            {t(kindWords(data.kind))}
            {data.code && `, ${data.code.scheme.toUpperCase()} ${data.code.code}`}
          </p>
          <TextField label={t('territories.on')} type="date" value={on} onChange={setOn} />
          <Populations unit={data} />
          {data.ancestors.length > 0 && (
            <Units title={t('territories.above')} units={data.ancestors} onOpen={onOpen} />
          )}
          <History unit={data} />
          {data.children.length > 0 && (
            <Units title={t('territories.below')} units={data.children} onOpen={onOpen} />
          )}
        </div>
      </Card>
      {data.totals.length > 0 && <Contributions key={data.id} unit={data} />}
    </div>
  );
}

function Units({ title, units, onOpen }: { title: string; units: Unit[]; onOpen: (id: Id) => void }) {
  return (
    <details open={units.length <= 12}>
      <summary className="strong">
        {title} <span className="meta">{units.length}</span>
      </summary>
      <ul className="ref-l">
        {units.map((unit) => (
          <li key={unit.id}>
            <UnitButton unit={unit} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Populations({ unit }: { unit: UnitDetail }) {
  const { t, format } = useI18n();
  const rows = [
    ...unit.populations.map((each) => ({ ...each, where: each.source, sum: 0 })),
    ...unit.totals.map((each) => ({
      ...each,
      perimeter: 0,
      where: each.sources.join(' · '),
      sum: each.units,
    })),
  ];
  if (rows.length === 0) return <Notice>{t('territories.population.none')}</Notice>;
  return (
    <Table
      caption={t('territories.population')}
      className="ref-t"
      columns={[
        { id: 'vintage', title: t('territories.vintage') },
        { id: 'count', title: t('territories.population'), align: 'end' },
        { id: 'source', title: t('rules.source') },
      ]}
    >
      {rows.map((row) => (
        <tr key={`${row.basis} ${row.vintage} ${row.perimeter}`}>
          <th scope="row">
            {String(row.vintage)}{' '}
            <span className="meta">{t(`territories.basis.${row.basis}` as MessageId)}</span>
          </th>
          <td className="r num">{format.number(row.inhabitants)}</td>
          <td className="meta">
            {row.sum > 0 && `${t('territories.sum', { count: row.sum })} `}
            {row.perimeter > 0 && `${t('territories.perimeter', { year: String(row.perimeter) })} `}
            {row.where}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function History({ unit }: { unit: UnitDetail }) {
  const { t, format } = useI18n();
  return (
    <details open>
      <summary className="strong">{t('territories.history')}</summary>
      <ol className="ref-l">
        {unit.history.map((event) => (
          <li key={`${event.what} ${event.value} ${event.from ?? ''}`}>
            {t(`territories.event.${event.what}`)} <b>{event.value}</b>
            {event.from && ` ${t('territories.since', { day: format.date(noon(event.from)) })}`}
            {event.until && ` ${t('territories.until', { day: format.date(noon(event.until)) })}`}
            {event.source && <span className="meta"> {event.source}</span>}
          </li>
        ))}
      </ol>
    </details>
  );
}

function Contributions({ unit }: { unit: UnitDetail }) {
  const { t, format } = useI18n();
  const vintages = [
    ...new Set(unit.totals.filter((each) => each.missing.length === 0).map((each) => each.vintage)),
  ];
  const [vintage, setVintage] = useState(String(vintages.includes(2017) ? 2017 : (vintages[0] ?? '')));
  const [amount, setAmount] = useState('');
  const ask = useMutation({ mutationFn: splitContributions });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate({ unit: unit.id, vintage: Number(vintage), basis: 'municipale', amount });
  };
  return (
    <Card title={t('contributions.title')}>
      <form className="panel-b form" onSubmit={submit}>
        <p className="meta">{t('contributions.what')}</p>
        <div className="ref-2">
          <TextField
            label={t('contributions.amount')}
            value={amount}
            onChange={setAmount}
            inputMode="decimal"
          />
          <Select
            label={t('territories.vintage')}
            value={vintage}
            onChange={(value) => setVintage(String(value))}
          >
            {vintages.map((each) => (
              <Option key={each} id={String(each)} textValue={String(each)}>
                {String(each)}
              </Option>
            ))}
          </Select>
        </div>
        {ask.error && <ErrorNotice title={errorText(ask.error)} />}
        <div className="btns">
          <Button type="submit" kind="primary" isPending={ask.isPending} isDisabled={!amount}>
            {t('contributions.do')}
          </Button>
        </div>
        {ask.data && (
          <>
            <Table
              caption={t('contributions.title')}
              className="ref-t"
              columns={[
                { id: 'member', title: t('contributions.member') },
                { id: 'population', title: t('territories.population'), align: 'end' },
                { id: 'share', title: t('contributions.share'), align: 'end' },
              ]}
            >
              {ask.data.shares.map((share) => (
                <tr key={share.unit.id}>
                  <th scope="row">{share.unit.name}</th>
                  <td className="r num">{format.number(share.population.inhabitants)}</td>
                  <td className="r num">{share.amount.text}</td>
                </tr>
              ))}
              <tr>
                <th scope="row">{t('contributions.sum')}</th>
                <td className="r num">{format.number(ask.data.inhabitants)}</td>
                <td className="r num strong">{ask.data.amount.text}</td>
              </tr>
            </Table>
            <p className="meta">
              {t('contributions.basis', { vintage: String(ask.data.vintage) })}{' '}
              {[...new Set(ask.data.shares.map((share) => share.population.source))].join(' · ')}
            </p>
          </>
        )}
      </form>
    </Card>
  );
}
