// The values of an entry in a form: one field for each field of the directory, whatever its type.
import type { ComponentChildren } from 'preact';
import { useApp } from '@/app/context';
import type { Field, Kind, Page, Territory, Values } from '@/app/model';
import { useVocabulary } from '@/app/vocabulary';
import { address, both, list } from '@/pure/values';
import { Checks, Labelled, Select, Text, type Choice } from '@/ui/fields';
import { Combobox, type Offer } from '@/ui/combobox';
import { Button, Seen } from '@/ui/parts';
import type { Visibility } from '@/app/model';

export interface FormState {
  values: Values;
  set(key: string, value: unknown): void;
  errors: Record<string, string>;
  /** Words for the values that only point at something: names of territories and organisations by their code. */
  names: Record<string, string>;
  learn(code: string, name: string): void;
}

export function NameFields({ kind, form }: { kind: Kind; form: FormState }) {
  const { t } = useApp();
  if (kind === 'person') {
    return (
      <div class="an-two">
        <Text
          label={t('web.field.given')}
          value={text(form.values['given'])}
          onText={(value) => form.set('given', value)}
          error={form.errors['given']}
        />
        <Text
          label={t('web.field.family')}
          required={t('web.required')}
          value={text(form.values['family'])}
          onText={(value) => form.set('family', value)}
          error={form.errors['family'] ?? form.errors['name']}
        />
      </div>
    );
  }
  return (
    <BothFields
      label={t('web.field.name')}
      required={t('web.required')}
      value={form.values['name']}
      onValue={(value) => form.set('name', value)}
      error={form.errors['name']}
    />
  );
}

const text = (value: unknown) =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** The same in French and in German, side by side: neither is the first. */
export function BothFields({
  label,
  value,
  onValue,
  long,
  error,
  hint,
  required,
  aside,
}: {
  label: string;
  value: unknown;
  onValue(value: { fr: string; de: string }): void;
  long?: boolean;
  error?: string;
  hint?: string;
  required?: string | false;
  aside?: ComponentChildren;
}) {
  const { t } = useApp();
  const given = both(value);
  return (
    <fieldset class="an-both">
      <legend>
        <span>
          {label}
          {required && <span class="an-required">{` (${required})`}</span>}
        </span>
        {aside}
      </legend>
      {hint && <p class="an-hint">{hint}</p>}
      <div class="an-two">
        <Text
          label={t('web.in_french')}
          lang="fr"
          long={long}
          value={given.fr}
          onText={(fr) => onValue({ ...given, fr })}
          error={error}
        />
        <Text
          label={t('web.in_german')}
          lang="de"
          long={long}
          value={given.de}
          onText={(de) => onValue({ ...given, de })}
        />
      </div>
    </fieldset>
  );
}

export function ValueField({
  field,
  form,
  seenBy,
}: {
  field: Field;
  form: FormState;
  seenBy?: ComponentChildren | Visibility;
}) {
  const { t, say } = useApp();
  const common = {
    label: say(field.label) || field.key,
    hint: say(field.help) || undefined,
    error: form.errors[field.key],
    required: field.required && t('web.required'),
    aside: seenBy ?? <Seen by={field.visibility} />,
  };
  const value = form.values[field.key];
  const set = (next: unknown) => form.set(field.key, next);
  if (field.bilingual)
    return <BothFields {...common} value={value} onValue={set} long={field.type === 'long'} />;
  switch (field.type) {
    case 'choice':
      return <ChoiceField field={field} common={common} value={text(value)} onValue={set} />;
    case 'choices':
    case 'language':
      return <ChoicesField field={field} common={common} value={list(value)} onValue={set} />;
    case 'territory':
      return <TerritoryField common={common} value={list(value)} onValue={set} form={form} />;
    case 'organisation':
      return <OrganisationField common={common} value={text(value)} onValue={set} form={form} />;
    case 'address':
      return <AddressField common={common} value={value} onValue={set} />;
    default:
      return <Text {...common} {...inputOf[field.type]} value={text(value)} onText={set} />;
  }
}

const inputOf = {
  text: {},
  long: { long: true },
  date: { type: 'date' },
  number: { inputMode: 'numeric' },
  phone: { type: 'tel' },
  email: { type: 'email' },
  url: { type: 'url', placeholder: 'https://' },
} as const;

interface Common {
  label: string;
  hint?: string;
  error?: string;
  required: string | false;
  aside: ComponentChildren;
}

/** What one may choose: the field's own options, or a list that all directories share. */
export function useChoices(field: Field): Choice[] {
  const { say } = useApp();
  const { lists } = useVocabulary();
  const shared = {
    policies: lists.policies,
    competences: lists.competences,
    languages: lists.languages,
    level: lists.levels,
    country: lists.countries,
  };
  const own = field.options.length
    ? field.options
    : (shared[field.key as keyof typeof shared] ?? (field.type === 'language' ? lists.languages : []));
  return own.map((option) => ({ value: option.key, label: say(option.label) || option.key }));
}

function ChoiceField({
  field,
  common,
  value,
  onValue,
}: {
  field: Field;
  common: Common;
  value: string;
  onValue(value: unknown): void;
}) {
  const { t } = useApp();
  const choices = useChoices(field);
  return <Select {...common} value={value} choices={choices} empty={t('web.choose')} onChoice={onValue} />;
}

function ChoicesField({
  field,
  common,
  value,
  onValue,
}: {
  field: Field;
  common: Common;
  value: string[];
  onValue(value: unknown): void;
}) {
  return <Checks {...common} chosen={value} choices={useChoices(field)} onChosen={onValue} />;
}

export function useTerritorySearch() {
  const { host, say, t } = useApp();
  return async (words: string): Promise<Offer[]> => {
    const { json } = await host.api<{ territories: Territory[] }>(
      'GET',
      `/territories?q=${encodeURIComponent(words)}&limit=8`,
    );
    return json.territories.map((one) => ({ value: one.code, label: say(one.name), detail: kindOf(one, t) }));
  };
}

const territoryKinds = ['commune', 'epci', 'departement', 'canton', 'region', 'territoire'] as const;
function kindOf(one: Territory, t: ReturnType<typeof useApp>['t']): string {
  const kind = territoryKinds.find((name) => name === one.kind);
  return [kind ? t(`web.territory.${kind}`) : one.kind, one.country === 'FR' ? 'F' : one.country]
    .filter(Boolean)
    .join(', ');
}

function TerritoryField({
  common,
  value,
  onValue,
  form,
}: {
  common: Common;
  value: string[];
  onValue(value: unknown): void;
  form: FormState;
}) {
  const { t } = useApp();
  const find = useTerritorySearch();
  return (
    <Labelled {...common}>
      {({ id, describedBy, invalid }) => (
        <>
          <Chips
            chosen={value}
            nameOf={(code) => form.names[code] ?? code}
            onRemove={(code) => onValue(value.filter((one) => one !== code))}
          />
          <Combobox
            id={id}
            describedBy={describedBy}
            invalid={invalid}
            placeholder={t('web.territory.find')}
            find={find}
            onPick={(offer) => {
              form.learn(offer.value, offer.label);
              if (!value.includes(offer.value)) onValue([...value, offer.value]);
            }}
          />
        </>
      )}
    </Labelled>
  );
}

export function Chips({
  chosen,
  nameOf,
  onRemove,
}: {
  chosen: string[];
  nameOf(code: string): string;
  onRemove(code: string): void;
}) {
  const { t } = useApp();
  if (!chosen.length) return null;
  return (
    <ul class="an-chips">
      {chosen.map((code) => (
        <li key={code}>
          {nameOf(code)}
          <Button
            kind="quiet"
            small
            icon="close"
            label={t('web.remove_named', { name: nameOf(code) })}
            onClick={() => onRemove(code)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Finds entries, organisations unless told otherwise. */
export function useEntrySearch(kind: Kind | '' = 'organisation') {
  const { host, say } = useApp();
  return async (words: string): Promise<Offer[]> => {
    const query = new URLSearchParams({ q: words, limit: '8' });
    if (kind) query.set('kind', kind);
    const { json } = await host.api<Page>('GET', `/entries?${query}`);
    return json.entries.map((row) => ({
      value: String(row.id),
      label: say(row.name),
      detail: say(row.subtitle) || undefined,
    }));
  };
}

function OrganisationField({
  common,
  value,
  onValue,
  form,
}: {
  common: Common;
  value: string;
  onValue(value: unknown): void;
  form: FormState;
}) {
  const { t } = useApp();
  const find = useEntrySearch();
  return (
    <Labelled {...common}>
      {({ id, describedBy, invalid }) => (
        <>
          <Chips
            chosen={value ? [value] : []}
            nameOf={(code) => form.names[`entry:${code}`] ?? code}
            onRemove={() => onValue(null)}
          />
          <Combobox
            id={id}
            describedBy={describedBy}
            invalid={invalid}
            placeholder={t('web.organisation.find')}
            find={find}
            onPick={(offer) => {
              form.learn(`entry:${offer.value}`, offer.label);
              onValue(Number(offer.value));
            }}
          />
        </>
      )}
    </Labelled>
  );
}

function AddressField({
  common,
  value,
  onValue,
}: {
  common: Common;
  value: unknown;
  onValue(value: unknown): void;
}) {
  const { t } = useApp();
  const given = address(value);
  const part = (key: keyof typeof given, next: string) => onValue({ ...given, [key]: next });
  return (
    <fieldset class="an-both">
      <legend>
        <span>{common.label}</span>
        {common.aside}
      </legend>
      {common.hint && <p class="an-hint">{common.hint}</p>}
      <Text
        label={t('web.address.street')}
        value={given.street}
        onText={(next) => part('street', next)}
        error={common.error}
      />
      <div class="an-address-line">
        <Text
          label={t('web.address.postcode')}
          value={given.postcode}
          onText={(next) => part('postcode', next)}
        />
        <Text label={t('web.address.city')} value={given.city} onText={(next) => part('city', next)} />
        <Select
          label={t('web.address.country')}
          value={given.country}
          empty={t('web.choose')}
          choices={[
            { value: 'FR', label: t('web.country.fr') },
            { value: 'CH', label: t('web.country.ch') },
          ]}
          onChoice={(next) => part('country', next)}
        />
      </div>
    </fieldset>
  );
}
