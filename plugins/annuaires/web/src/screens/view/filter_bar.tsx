// Search as one types, and what narrows the list. The choices carry how many there are of each.
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '@/app/context';
import type { Directory, Option, Territory } from '@/app/model';
import { useFields } from '@/app/directories';
import { useVocabulary, type Lists } from '@/app/vocabulary';
import { changed, narrowing, noFilters, type FilterKey, type Filters } from '@/pure/filters';
import { Combobox } from '@/ui/combobox';
import { Pick, type Choice } from '@/ui/fields';
import { Button } from '@/ui/parts';
import { SearchBox } from '@/ui/search_box';
import { useTerritorySearch } from '../values_form';

interface Props {
  directory: Directory;
  manage: boolean;
  filters: Filters;
  set(next: Filters): void;
  words: { typed: string; setTyped(text: string): void };
  facets: Record<string, Record<string, number>> | undefined;
}

export function FilterBar({ directory, manage, filters, set, words, facets }: Props) {
  const { t } = useApp();
  const [open, setOpen] = useState(narrowing(filters) > 1);
  const pick = (key: FilterKey) => (value: string) => set(changed(filters, { [key]: value }));
  const shared = useShared(facets);
  const count = narrowing(filters);
  return (
    <div class="an-filters">
      <SearchBox
        label={t('web.search')}
        placeholder={t('web.search_placeholder')}
        value={words.typed}
        onText={words.setTyped}
      />
      <div class="an-picks">
        <Pick
          label={t('web.filter.country')}
          empty={t('web.filter.country_any')}
          value={filters.country}
          onChoice={pick('country')}
          choices={shared('countries', 'country')}
        />
        <Pick
          label={t('web.filter.policy')}
          empty={t('web.filter.policy_any')}
          value={filters.policy}
          onChoice={pick('policy')}
          choices={shared('policies', 'policy')}
        />
        <Button small kind="quiet" icon={open ? 'up' : 'down'} expanded={open} onClick={() => setOpen(!open)}>
          {t('web.filter.more')}
        </Button>
        {count > 0 && (
          <Button
            small
            kind="quiet"
            icon="close"
            onClick={() => set({ ...noFilters, own: {}, q: filters.q })}
          >
            {t('web.filter.clear_count', { count })}
          </Button>
        )}
      </div>
      {open && (
        <More directory={directory} manage={manage} filters={filters} set={set} pick={pick} shared={shared} />
      )}
      {filters.territory && <InTerritory code={filters.territory} onRemove={() => pick('territory')('')} />}
    </div>
  );
}

/** The choices of a shared list; those that would find nothing are left out where the numbers are known. */
function useShared(facets: Props['facets']) {
  const { say, number } = useApp();
  const { lists } = useVocabulary();
  return (list: Lists, facet: string): Choice[] => counted(lists[list], facets?.[facet], say, number);
}

function counted(
  options: Option[],
  counts: Record<string, number> | undefined,
  say: (label: Option['label']) => string,
  number: (value: number) => string,
): Choice[] {
  return options
    .filter((option) => !counts || (counts[option.key] ?? 0) > 0)
    .map((option) => {
      const label = say(option.label) || option.key;
      return { value: option.key, label: counts ? `${label} (${number(counts[option.key] ?? 0)})` : label };
    });
}

function More({
  directory,
  manage,
  filters,
  set,
  pick,
  shared,
}: Pick<Props, 'directory' | 'manage' | 'filters' | 'set'> & {
  pick(key: FilterKey): (value: string) => void;
  shared(list: Lists, facet: string): Choice[];
}) {
  const { t, say } = useApp();
  const find = useTerritorySearch();
  const own = useFields(directory).filter(
    (field) =>
      (field.type === 'choice' || field.type === 'choices') &&
      field.options.length > 0 &&
      !known.has(field.key),
  );
  return (
    <div class="an-picks more">
      <Combobox
        label={t('web.filter.territory')}
        placeholder={t('web.filter.territory')}
        find={find}
        onPick={(offer) => pick('territory')(offer.value)}
      />
      <Pick
        label={t('web.filter.competence')}
        empty={t('web.filter.competence_any')}
        value={filters.competence}
        onChoice={pick('competence')}
        choices={shared('competences', 'competence')}
      />
      <Pick
        label={t('web.filter.level')}
        empty={t('web.filter.level_any')}
        value={filters.level}
        onChoice={pick('level')}
        choices={shared('levels', 'level')}
      />
      <Pick
        label={t('web.filter.language')}
        empty={t('web.filter.language_any')}
        value={filters.language}
        onChoice={pick('language')}
        choices={shared('languages', 'language')}
      />
      {own.map((field) => (
        <Pick
          key={field.key}
          label={say(field.label)}
          empty={t('web.filter.any_of', { field: say(field.label) })}
          value={filters.own[field.key] ?? ''}
          choices={field.options.map((option) => ({ value: option.key, label: say(option.label) }))}
          onChoice={(value) => set(changed(filters, { own: { ...filters.own, [field.key]: value } }))}
        />
      ))}
      <Pick
        label={t('web.filter.kind')}
        empty={t('web.filter.kind_any')}
        value={filters.kind}
        onChoice={pick('kind')}
        choices={[
          { value: 'person', label: t('web.kind.persons') },
          { value: 'organisation', label: t('web.kind.organisations') },
        ]}
      />
      {manage && <ForSecretariat filters={filters} pick={pick} />}
    </div>
  );
}

const known = new Set(['policies', 'competences', 'languages', 'level', 'country', 'territory']);

function ForSecretariat({
  filters,
  pick,
}: {
  filters: Filters;
  pick(key: FilterKey): (value: string) => void;
}) {
  const { t } = useApp();
  return (
    <>
      <Pick
        label={t('web.filter.state')}
        empty={t('web.state.published')}
        value={filters.state}
        onChoice={pick('state')}
        choices={[
          { value: 'draft', label: t('web.state.draft') },
          { value: 'archived', label: t('web.state.archived') },
          { value: 'all', label: t('web.state.all') },
        ]}
      />
      <Pick
        label={t('web.filter.stale')}
        empty={t('web.filter.stale_any')}
        value={filters.stale}
        onChoice={pick('stale')}
        choices={[{ value: '1', label: t('web.filter.stale') }]}
      />
      <Pick
        label={t('web.filter.bounced')}
        empty={t('web.filter.bounced_any')}
        value={filters.bounced}
        onChoice={pick('bounced')}
        choices={[{ value: '1', label: t('web.filter.bounced') }]}
      />
    </>
  );
}

/** The name of the territory one has chosen: the address knows only its code. */
export function useTerritoryName(code: string): string {
  const { host, say } = useApp();
  const [name, setName] = useState('');
  useEffect(() => {
    let current = true;
    setName('');
    if (!code) return;
    host
      .api<{ territories: Territory[] }>('GET', `/territories?q=${encodeURIComponent(code)}&limit=20`)
      .then(({ json }) => {
        const found = json.territories.find((one) => one.code === code);
        if (current && found) setName(say(found.name));
      })
      .catch(() => undefined); // the code stands there instead
    return () => {
      current = false;
    };
  }, [host, say, code]);
  return name || code.slice(code.indexOf(':') + 1);
}

function InTerritory({ code, onRemove }: { code: string; onRemove(): void }) {
  const { t } = useApp();
  const name = useTerritoryName(code);
  return (
    <ul class="an-chips">
      <li>
        {name}
        <Button kind="quiet" small icon="close" label={t('web.remove_named', { name })} onClick={onRemove} />
      </li>
    </ul>
  );
}
