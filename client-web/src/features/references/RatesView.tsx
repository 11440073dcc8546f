import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import Upload from 'icon:upload';
import {
  convertAmount,
  errorText,
  referenceQueries,
  sendRates,
  type RateImport,
  type Rates,
  type RateSource,
} from '@/api';
import { useI18n } from '@/i18n';
import { Button, Card, ErrorNotice, Notice, Option, Select, Skeleton, Table, TextField, toast } from '@/ui';
import { noon, today } from './parts';
import './references.css';

/** The tables of rates, a conversion with its stamp, and for administrators the import. */
export function RatesView({ canImport = false }: { canImport?: boolean }) {
  const [source, setSource] = useState<RateSource>('ecb');
  const { data, error, refetch } = useQuery(referenceQueries.rates(source));
  if (error) return <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <div className="ref-g">
      <div className="ref-c">
        <Convert latest={data.tables[0]?.last ?? today()} />
        {canImport && <Import />}
      </div>
      <Tables rates={data} source={source} choose={setSource} />
    </div>
  );
}

function Convert({ latest }: { latest: string }) {
  const { t } = useI18n();
  const [amount, setAmount] = useState('');
  const [currency, setCurrency] = useState('EUR');
  const [on, setOn] = useState(latest);
  const [source, setSource] = useState('ecb');
  const [rate, setRate] = useState('');
  const [decision, setDecision] = useState('');
  const isFixed = source === 'fixed';
  const ask = useMutation({ mutationFn: convertAmount });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate({
      amount,
      currency,
      to: currency === 'EUR' ? 'CHF' : 'EUR',
      on,
      source,
      ...(isFixed ? { rate, decision } : {}),
    });
  };
  return (
    <Card title={t('rates.convert')}>
      <form className="panel-b form" onSubmit={submit}>
        <div className="ref-2">
          <TextField label={t('rates.amount')} value={amount} onChange={setAmount} inputMode="decimal" />
          <Select
            label={t('rates.currency')}
            value={currency}
            onChange={(value) => setCurrency(String(value))}
          >
            <Option id="EUR" textValue="EUR → CHF">
              EUR → CHF
            </Option>
            <Option id="CHF" textValue="CHF → EUR">
              CHF → EUR
            </Option>
          </Select>
        </div>
        <div className="ref-2">
          <TextField label={t('rates.on')} type="date" value={on} onChange={setOn} />
          <Select label={t('rates.source')} value={source} onChange={(value) => setSource(String(value))}>
            <Option id="ecb" textValue={t('rates.source.ecb')}>
              {t('rates.source.ecb')}
            </Option>
            <Option id="infoeuro" textValue={t('rates.source.infoeuro')}>
              {t('rates.source.infoeuro')}
            </Option>
            <Option id="fixed" textValue={t('rates.source.fixed')}>
              {t('rates.source.fixed')}
            </Option>
          </Select>
        </div>
        {isFixed && (
          <>
            <TextField label={t('rates.chf')} value={rate} onChange={setRate} inputMode="decimal" />
            <TextField
              label={t('rates.decision')}
              hint={t('rates.decision.hint')}
              value={decision}
              onChange={setDecision}
            />
          </>
        )}
        {ask.error && <ErrorNotice title={errorText(ask.error)} />}
        {ask.data && (
          <p className="ref-big" role="status" data-testid="converted">
            <span>{ask.data.original.text}</span> = <b>{ask.data.converted.text}</b>
            <small className="meta">{ask.data.stamp.words}</small>
          </p>
        )}
        <div className="btns">
          <Button
            type="submit"
            kind="primary"
            isPending={ask.isPending}
            isDisabled={!amount || !on || (isFixed && (!rate || !decision.trim()))}
          >
            {t('rates.convert.do')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Tables({
  rates,
  source,
  choose,
}: {
  rates: Rates;
  source: RateSource;
  choose: (source: RateSource) => void;
}) {
  const { t, format } = useI18n();
  const table = rates.tables.find((each) => each.source === source);
  return (
    <Card title={t('rates.tables')} count={table?.count}>
      <div className="panel-b form">
        <Select
          label={t('rates.source')}
          value={source}
          onChange={(value) => choose(value === 'infoeuro' ? 'infoeuro' : 'ecb')}
        >
          <Option id="ecb" textValue={t('rates.source.ecb')}>
            {t('rates.source.ecb')}
          </Option>
          <Option id="infoeuro" textValue={t('rates.source.infoeuro')}>
            {t('rates.source.infoeuro')}
          </Option>
        </Select>
        {table ? (
          <p className="meta">
            {t('rates.span', { from: format.date(noon(table.first)), to: format.date(noon(table.last)) })}
          </p>
        ) : (
          <Notice>{t('rates.empty')}</Notice>
        )}
        {(rates.rates?.length ?? 0) > 0 && (
          <Table
            caption={t('rates.tables')}
            columns={[
              { id: 'date', title: t('rates.published') },
              { id: 'rate', title: t('rates.chf'), align: 'end' },
            ]}
          >
            {rates.rates?.slice(0, 60).map((rate) => (
              <tr key={rate.date}>
                <th scope="row">{format.date(noon(rate.date))}</th>
                <td className="r num">{decimal(rate.chf_per_eur, format.number(0.5))}</td>
              </tr>
            ))}
          </Table>
        )}
        {rates.imports.map((each) => (
          <p key={each.at} className="meta">
            {t('rates.imported', {
              count: each.added,
              file: each.file_name,
              at: format.dateTime(each.at),
              by: each.by || t('rates.imported.command'),
            })}
          </p>
        ))}
      </div>
    </Card>
  );
}

/** The digits of the source as they are, with the reader's decimal mark. */
const decimal = (text: string, half: string) => text.replace('.', half.includes(',') ? ',' : '.');

function Import() {
  const { t, format } = useI18n();
  const cache = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [month, setMonth] = useState('');
  const options = (preview: boolean) => ({ preview, month: month ? `${month}-01` : null });
  const preview = useMutation({ mutationFn: (chosen: File) => sendRates(chosen, options(true)) });
  const write = useMutation({
    mutationFn: (chosen: File) => sendRates(chosen, options(false)),
    onSuccess: (done) => {
      toast({ text: t('rates.import.done', { count: done.added }) });
      setFile(null);
      preview.reset();
      void cache.invalidateQueries({ queryKey: ['rates'] });
    },
  });
  const seen = preview.data;
  return (
    <Card title={t('rates.import')}>
      <div className="panel-b form">
        <p className="meta">{t('rates.import.what')}</p>
        <label className="field">
          <span className="lab">{t('rates.import.file')}</span>
          <input
            className="in"
            type="file"
            accept=".csv,.xml,text/csv,application/xml"
            onChange={(event) => {
              const chosen = event.target.files?.[0] ?? null;
              setFile(chosen);
              write.reset();
              if (chosen) preview.mutate(chosen);
            }}
          />
        </label>
        <TextField
          label={t('rates.import.month')}
          hint={t('rates.import.month.hint')}
          type="month"
          value={month}
          onChange={setMonth}
        />
        {preview.error && <ErrorNotice title={errorText(preview.error)} />}
        {seen && <Preview seen={seen} />}
        {write.error && <ErrorNotice title={errorText(write.error)} />}
        <div className="btns">
          {file && (
            <Button onPress={() => preview.mutate(file)} isPending={preview.isPending}>
              {t('rates.import.check')}
            </Button>
          )}
          {file && seen && seen.refused.length === 0 && seen.added > 0 && (
            <Button
              kind="primary"
              icon={Upload}
              onPress={() => write.mutate(file)}
              isPending={write.isPending}
            >
              {t('rates.import.do', { count: format.number(seen.added) })}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

function Preview({ seen }: { seen: RateImport }) {
  const { t, format } = useI18n();
  if (seen.refused.length > 0)
    return (
      <div className="form" data-testid="refused">
        <Notice tone="no" title={t('rates.import.refused')} announce />
        <Table
          caption={t('rates.import.refused')}
          columns={[
            { id: 'line', title: t('rates.import.line') },
            { id: 'why', title: t('rates.import.why') },
          ]}
        >
          {seen.refused.map((each) => (
            <tr key={`${each.line} ${each.code} ${each.detail}`}>
              <th scope="row">{each.line > 0 ? format.number(each.line) : t('rates.import.whole')}</th>
              <td>
                {each.words} <span className="meta">{each.detail}</span>
              </td>
            </tr>
          ))}
        </Table>
      </div>
    );
  return (
    <Notice tone={seen.added > 0 ? 'ok' : 'info'} announce>
      {seen.added > 0
        ? t('rates.import.seen', {
            source: t(`rates.source.${seen.source}`),
            added: seen.added,
            known: seen.known,
            from: seen.first ? format.date(noon(seen.first)) : '',
            to: seen.last ? format.date(noon(seen.last)) : '',
          })
        : t('rates.import.nothing')}
    </Notice>
  );
}
