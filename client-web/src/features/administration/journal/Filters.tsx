import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { findPeople, journalVerbs, queries, type JournalFilter, type JournalVerb } from '@/api';
import { useI18n } from '@/i18n';
import { Button, ComboBox, Option, Select, TextField } from '@/ui';

const all = 'all';
const day = /^\d{4}-\d{2}-\d{2}$/;

/** What to show of the journal. A day is sent once it is whole. */
export function Filters({
  filter,
  onChange,
}: {
  filter: JournalFilter;
  onChange: (filter: JournalFilter) => void;
}) {
  const { t } = useI18n();
  const [name, setName] = useState('');
  const [days, setDays] = useState({ from: '', to: '' });
  const { data: people } = useQuery({
    queryKey: ['people', name],
    queryFn: ({ signal }) => findPeople(name, signal),
  });
  const { data: spaces } = useQuery(queries.workspaces());

  const setDay = (key: 'from' | 'to', text: string) => {
    setDays({ ...days, [key]: text });
    const value = day.test(text) ? text : undefined;
    if (value !== filter[key]) onChange({ ...filter, [key]: value });
  };
  const clear = () => {
    setName('');
    setDays({ from: '', to: '' });
    onChange({});
  };
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  return (
    <div className="jn-f" role="search" aria-label={t('journal.filter')}>
      <Select
        label={t('journal.filter.verb')}
        value={filter.verb ?? all}
        onChange={(key) => onChange({ ...filter, verb: key === all ? undefined : (key as JournalVerb) })}
      >
        {[
          <Option key={all} id={all} textValue={t('journal.filter.all')}>
            {t('journal.filter.all')}
          </Option>,
          ...journalVerbs.map((verb) => (
            <Option key={verb} id={verb} textValue={t(`journal.name.${verb}`)}>
              {t(`journal.name.${verb}`)}
            </Option>
          )),
        ]}
      </Select>
      <ComboBox
        label={t('journal.filter.person')}
        inputValue={name}
        onInputChange={(text) => {
          setName(text);
          if (!text && filter.person) onChange({ ...filter, person: undefined });
        }}
        items={people?.people ?? []}
        loading={people === undefined}
        onSelectionChange={(key) => {
          if (key !== null) onChange({ ...filter, person: String(key) });
        }}
        empty={t('journal.filter.person.none')}
      >
        {(person: { id: string; name: string; function: string }) => (
          <Option id={person.id} textValue={person.name} note={person.function}>
            {person.name}
          </Option>
        )}
      </ComboBox>
      <Select
        label={t('journal.filter.space')}
        value={filter.workspace ?? all}
        onChange={(key) => onChange({ ...filter, workspace: key === all ? undefined : String(key) })}
      >
        {[
          <Option key={all} id={all} textValue={t('journal.filter.all')}>
            {t('journal.filter.all')}
          </Option>,
          ...(spaces?.workspaces ?? []).map((space) => (
            <Option key={space.id} id={space.id} textValue={space.name}>
              {space.name}
            </Option>
          )),
        ]}
      </Select>
      <TextField
        label={t('journal.filter.from')}
        value={days.from}
        onChange={(text) => setDay('from', text)}
        placeholder="2026-01-31"
      />
      <TextField
        label={t('journal.filter.to')}
        value={days.to}
        onChange={(text) => setDay('to', text)}
        placeholder="2026-01-31"
      />
      {isFiltered && (
        <Button kind="quiet" onPress={clear}>
          {t('journal.filter.clear')}
        </Button>
      )}
    </div>
  );
}
