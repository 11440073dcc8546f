// A value as one reads it.
import type { ComponentChildren } from 'preact';
import { useApp } from '@/app/context';
import type { Both, Field, TerritoryRef } from '@/app/model';
import { labelOf, useVocabulary } from '@/app/vocabulary';
import { same } from '@/pure/diff';
import { address, dialled, followable, isBoth, list } from '@/pure/values';
import { Say } from './parts';

type Known = Pick<Field, 'key' | 'type' | 'options'>;
interface Around {
  territory: TerritoryRef[];
  organisation: { id: number; name: { fr: string; de: string } } | null;
}

/** `around`: the entry, which names the territories and the organisation that its values only point at. */
export function Value({ field, value, around }: { field: Known; value: unknown; around?: Around }) {
  const { t } = useApp();
  if (same(value, null)) {
    return <span class="an-none">{t('web.value.none')}</span>;
  }
  return <Given field={field} value={value} around={around} />;
}

function Given({
  field,
  value,
  around,
}: {
  field: Known;
  value: unknown;
  around?: Around;
}): ComponentChildren {
  const { day, number } = useApp();
  if (isBoth(value)) return <Say value={value} />;
  switch (field.type) {
    case 'email':
      return <a href={`mailto:${String(value)}`}>{String(value)}</a>;
    case 'phone':
      return <a href={`tel:${dialled(String(value))}`}>{String(value)}</a>;
    case 'url':
      return <Site url={String(value)} />;
    case 'date':
      return <>{day(String(value))}</>;
    case 'number':
      return <span class="an-number">{typeof value === 'number' ? number(value) : String(value)}</span>;
    case 'address':
      return <Postal value={value} />;
    case 'long':
      return <span class="an-long">{String(value)}</span>;
    case 'organisation':
      return around?.organisation && around.organisation.id === Number(value) ? (
        <Say value={around.organisation.name} />
      ) : (
        <>{String(value)}</>
      );
    default:
      return <Chosen field={field} value={value} around={around} />;
  }
}

function Chosen({ field, value, around }: { field: Known; value: unknown; around?: Around }) {
  const { say } = useApp();
  const label = useLabel(field);
  if (field.type === 'text' && typeof value === 'string' && !field.options.length) {
    return <>{isListed(field.key) ? label(value) : value}</>;
  }
  const named = (key: string) => {
    const territory = around?.territory.find((one) => one.code === key);
    return territory ? say(territory.name) : label(key);
  };
  return <>{list(value).map(named).join(', ')}</>;
}

const isListed = (key: string) => ['policies', 'competences', 'languages', 'level', 'country'].includes(key);

/** Labels of keys: from the field's own options, or from the vocabulary where the key has a meaning everywhere. */
export function useLabel(field: Pick<Field, 'key' | 'type' | 'options'>): (key: string) => string {
  const { say } = useApp();
  const { label } = useVocabulary();
  const lists = {
    policies: 'policies',
    competences: 'competences',
    languages: 'languages',
    level: 'levels',
    country: 'countries',
  } as const;
  return (key) => {
    if (field.options.some((option) => option.key === key)) return labelOf(field.options, key, say);
    if (field.type === 'language') return label('languages', key);
    if (field.type === 'territory') return key;
    const name = lists[field.key as keyof typeof lists];
    return name ? label(name, key) : labelOf(field.options, key, say);
  };
}

function Site({ url }: { url: string }) {
  const href = followable(url);
  if (!href) return <>{url}</>;
  return (
    <a href={href} rel="noreferrer noopener" target="_blank">
      {url.replace(/^https?:\/\//, '').replace(/\/$/, '')}
    </a>
  );
}

function Postal({ value }: { value: unknown }) {
  const { street, postcode, city, country } = address(value);
  const { label } = useVocabulary();
  const lines = [
    ...street.split('\n'),
    [postcode, city].filter(Boolean).join(' '),
    country && label('countries', country),
  ];
  return (
    <address class="an-address">
      {lines.filter(Boolean).map((line) => (
        <span key={line}>{line}</span>
      ))}
    </address>
  );
}

/** Values one below the other, before and after, for histories and reviews. */
export function plainText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (isBoth(value)) return [value.fr, value.de].filter(Boolean).join('\n');
  if (Array.isArray(value)) return value.map(plainText).join(', ');
  if (typeof value === 'object') return Object.values(value).map(plainText).filter(Boolean).join('\n');
  return String(value);
}

/** A line of a list of values: the field's name and its value. `children`: more of the same line. */
export function ValueLine({
  field,
  entry,
  children,
}: {
  field: Known & { label: Both };
  entry: Around & { values: Record<string, unknown> };
  children?: ComponentChildren;
}) {
  const { say } = useApp();
  return (
    <div>
      <dt>{say(field.label) || field.key}</dt>
      <dd>
        <Value field={field} value={entry.values[field.key]} around={entry} />
      </dd>
      {children}
    </div>
  );
}
