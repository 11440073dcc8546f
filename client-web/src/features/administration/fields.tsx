import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queries, type Country, type Id } from '@/api';
import { useI18n } from '@/i18n';
import { ComboBox, CountryTag, Option, TextField } from '@/ui';

interface Chosen {
  id: Id;
  name: string;
}

export interface ChoiceProps {
  label: string;
  hint?: string;
  /** What stands there at first. */
  chosen: Chosen | null;
  error?: string | null;
  autoFocus?: boolean;
  onChange: (id: Id | null) => void;
}

interface Choice extends Chosen {
  country: Country | null;
  note?: string | undefined;
}

/** A thing that is found by typing its name; an empty field is none. */
export function Finder({
  items,
  text,
  onText,
  chosen,
  error = null,
  onChange,
  ...rest
}: ChoiceProps & { items: Choice[] | undefined; text: string; onText: (text: string) => void }) {
  return (
    <ComboBox
      {...rest}
      error={error}
      items={items ?? []}
      loading={items === undefined}
      inputValue={text}
      defaultSelectedKey={chosen?.id ?? null}
      onInputChange={(typed) => {
        onText(typed);
        if (typed === '') onChange(null);
      }}
      onSelectionChange={(key) => {
        const found = items?.find((each) => each.id === key);
        if (!found) return;
        onText(found.name);
        onChange(found.id);
      }}
      menuTrigger="input"
      // Another page of answers may hold what was typed: nothing is cleared when one leaves the field.
      allowsCustomValue
    >
      {items?.map((each) => (
        <Option key={each.id} id={each.id} textValue={each.name} note={each.note}>
          {each.name} {each.country && <CountryTag country={each.country} />}
        </Option>
      ))}
    </ComboBox>
  );
}

export function OrganisationChoice({ without, ...props }: ChoiceProps & { without?: Id }) {
  const [text, setText] = useState(props.chosen?.name ?? '');
  const { data } = useQuery(queries.organisations(text));
  const items = data?.organisations
    .filter((each) => each.id !== without)
    .map((each) => ({ ...each, note: each.kind || undefined }));
  return <Finder {...props} items={items} text={text} onText={setText} />;
}

export function TerritoryChoice(props: ChoiceProps) {
  const { t } = useI18n();
  const [text, setText] = useState(props.chosen?.name ?? '');
  const { data } = useQuery(queries.territorialUnits(text));
  const items = data?.units.map((each) => ({
    ...each,
    note: [t(`people.unit.${each.kind}`), each.code?.code].filter(Boolean).join(' '),
  }));
  return <Finder {...props} items={items} text={text} onText={setText} />;
}

type Field = { value: string; onChange: (value: string) => void; error: string | null };

/** From one day to another; what is empty is open. */
export function DaysFields({ first, last, needed }: { first: Field; last: Field; needed?: boolean }) {
  const { t } = useI18n();
  return (
    <div className="adm-pair">
      <TextField type="date" label={t('people.first.day')} isRequired={needed ?? false} {...first} />
      <TextField type="date" label={t('people.last.day')} hint={t('people.last.day.hint')} {...last} />
    </div>
  );
}
