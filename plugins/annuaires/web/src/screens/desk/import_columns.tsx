// How the file is read, and which column is what.
import { useState } from 'preact/hooks';
import { useApp, useDeed } from '@/app/context';
import { useFields } from '@/app/directories';
import type { Column, Directory, Import } from '@/app/model';
import { Checkbox, Checks, Pick, Radios, Select, type Choice } from '@/ui/fields';
import { Button, Card, Failure } from '@/ui/parts';

interface Props {
  one: Import;
  directory: Directory;
  onChecked(): void;
  onRead(): void;
}

export function Columns({ one, directory, onChecked, onRead }: Props) {
  const { t, host } = useApp();
  const deed = useDeed();
  const [fields, setFields] = useState<(string | null)[]>(() => one.columns.map((column) => column.field));
  const [match, setMatch] = useState<string[]>(one.match.length ? one.match : ['email']);
  const [onMatch, setOnMatch] = useState<Import['on_match']>(one.on_match ?? 'fill');
  const check = () =>
    deed.run(async () => {
      const columns = one.columns.map((column, at) => ({ index: column.index, field: fields[at] ?? null }));
      await host.api('POST', `/imports/${one.id}/check`, { columns, match, on_match: onMatch });
      onChecked();
    });
  const chosen = fields.filter(Boolean).length;
  return (
    <>
      {one.format !== 'vcard' && <Reading one={one} onRead={onRead} />}
      <Card title={t('web.import.columns')}>
        <p class="an-hint">{t('web.import.columns_why')}</p>
        <ColumnTable
          columns={one.columns}
          fields={fields}
          choices={useTargets(directory)}
          onField={(at, field) => setFields(fields.map((before, index) => (index === at ? field : before)))}
        />
      </Card>
      <Card title={t('web.import.matching')}>
        <Checks
          label={t('web.import.match')}
          hint={t('web.import.match_hint')}
          chosen={match}
          onChosen={setMatch}
          choices={[
            { value: 'email', label: t('web.import.match_email') },
            { value: 'phone', label: t('web.import.match_phone') },
            { value: 'name', label: t('web.import.match_name') },
          ]}
        />
        <Radios
          label={t('web.import.on_match')}
          value={onMatch}
          onChoice={(value) => setOnMatch(value)}
          choices={[
            { value: 'fill', label: t('web.import.on_match_fill'), hint: t('web.import.on_match_fill_hint') },
            {
              value: 'replace',
              label: t('web.import.on_match_replace'),
              hint: t('web.import.on_match_replace_hint'),
            },
            { value: 'ask', label: t('web.import.on_match_ask') },
            { value: 'skip', label: t('web.import.on_match_skip') },
          ]}
        />
      </Card>
      {deed.error && <Failure error={deed.error} />}
      <Button kind="primary" busy={deed.busy} disabled={chosen === 0} onClick={check}>
        {t('web.import.check')}
      </Button>
    </>
  );
}

/** What a column can become: names, the directory's fields, their German, the parts of an address. */
function useTargets(directory: Directory): Choice[] {
  const { t, say } = useApp();
  const german = (label: string) => t('web.import.in_german', { field: label });
  const fields = useFields(directory).flatMap((field): Choice[] => {
    const label = say(field.label) || field.key;
    if (field.type === 'address') {
      return (['street', 'postcode', 'city', 'country'] as const).map((part) => ({
        value: `${field.key}.${part}`,
        label: `${label}, ${t(`web.address.${part}`)}`,
      }));
    }
    return field.bilingual
      ? [
          { value: field.key, label },
          { value: `${field.key}.de`, label: german(label) },
        ]
      : [{ value: field.key, label }];
  });
  return [
    { value: 'name', label: t('web.field.name') },
    { value: 'name.de', label: german(t('web.field.name')) },
    { value: 'given', label: t('web.field.given') },
    { value: 'family', label: t('web.field.family') },
    ...fields,
  ];
}

function ColumnTable({
  columns,
  fields,
  choices,
  onField,
}: {
  columns: Column[];
  fields: (string | null)[];
  choices: Choice[];
  onField(at: number, field: string | null): void;
}) {
  const { t } = useApp();
  return (
    <table class="cl-table an-columns-table">
      <caption class="cl-visually-hidden">{t('web.import.columns')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('web.import.column')}</th>
          <th scope="col">{t('web.import.samples')}</th>
          <th scope="col">{t('web.import.becomes')}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column, at) => (
          <tr key={column.index}>
            <th scope="row">{column.name || t('web.import.column_n', { n: column.index + 1 })}</th>
            <td class="an-samples">{column.samples.filter(Boolean).join(' · ')}</td>
            <td>
              <Pick
                label={t('web.import.becomes_of', { column: column.name || String(column.index + 1) })}
                empty={t('web.import.left_out')}
                value={fields[at] ?? ''}
                choices={choices.filter(
                  (choice) => choice.value === fields[at] || !fields.includes(choice.value),
                )}
                onChoice={(value) => onField(at, value || null)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What was found out about the file, and can be said otherwise: accents that look wrong are a wrong encoding. */
function Reading({ one, onRead }: { one: Import; onRead(): void }) {
  const { t, host } = useApp();
  const deed = useDeed();
  const read = (change: object) =>
    deed.run(async () => {
      const now = {
        encoding: one.encoding ?? undefined,
        separator: one.separator ?? undefined,
        sheet: one.sheet ?? undefined,
        header: one.header,
      };
      await host.api('POST', `/imports/${one.id}/preview`, { ...now, ...change });
      onRead();
    });
  const same = (values: string[]) => values.map((value) => ({ value, label: value }));
  return (
    <details class="cl-card an-explained">
      <summary>{t('web.import.reading')}</summary>
      <div class="an-two">
        {one.format === 'csv' && (
          <>
            <Select
              label={t('web.import.encoding')}
              value={one.encoding ?? ''}
              choices={same(['utf-8', 'windows-1252', 'utf-16le'])}
              hint={t('web.import.encoding_hint')}
              onChoice={(encoding) => void read({ encoding })}
            />
            <Select
              label={t('web.import.separator')}
              value={one.separator ?? ''}
              choices={[
                { value: ';', label: t('web.import.separator_semicolon') },
                { value: ',', label: t('web.import.separator_comma') },
                { value: '\t', label: t('web.import.separator_tab') },
                { value: '|', label: '|' },
              ]}
              onChoice={(separator) => void read({ separator })}
            />
          </>
        )}
        {one.sheets.length > 1 && (
          <Select
            label={t('web.import.sheet')}
            value={one.sheet ?? ''}
            choices={same(one.sheets)}
            onChoice={(sheet) => void read({ sheet })}
          />
        )}
        <Checkbox checked={one.header} onCheck={(header) => void read({ header })}>
          {t('web.import.header')}
        </Checkbox>
      </div>
      {deed.error && <Failure error={deed.error} />}
    </details>
  );
}
