import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getGroups, getMandates, queries, type HolderKind, type Id, type ScopeKind } from '@/api';
import { useI18n } from '@/i18n';
import { Option, Select } from '@/ui';
import { Finder, OrganisationChoice, type ChoiceProps } from './fields';

export function PersonChoice({ without, ...props }: ChoiceProps & { without?: Id }) {
  const [text, setText] = useState(props.chosen?.name ?? '');
  const { data } = useQuery(queries.people(text));
  const items = data?.people
    .filter((each) => each.id !== without)
    .map((each) => ({
      id: each.id,
      name: each.name,
      country: each.organisation?.country ?? null,
      note: [each.function, each.organisation?.short_name].filter(Boolean).join(', ') || undefined,
    }));
  return <Finder {...props} items={items} text={text} onText={setText} />;
}

function GroupChoice(props: ChoiceProps) {
  const [text, setText] = useState(props.chosen?.name ?? '');
  const { data } = useQuery({ queryKey: ['groups'], queryFn: ({ signal }) => getGroups(signal) });
  const items = data?.groups.map((each) => ({ id: each.id, name: each.name, country: null }));
  return <Finder {...props} items={items} text={text} onText={setText} />;
}

/** A mandate is found by its person. */
function MandateChoice({ error, onChange }: Pick<ChoiceProps, 'error' | 'onChange'>) {
  const { t } = useI18n();
  const [person, setPerson] = useState<Id | null>(null);
  const { data } = useQuery({
    queryKey: queries.mandates(person ?? '').queryKey,
    queryFn: ({ signal }) => getMandates(person ?? '', signal),
    enabled: person !== null,
  });
  return (
    <>
      <PersonChoice
        label={t('rights.holder.person')}
        chosen={null}
        onChange={(id) => {
          setPerson(id);
          onChange(null);
        }}
      />
      <Select
        label={t('rights.holder.mandate')}
        isDisabled={!data}
        error={error ?? null}
        onChange={(key) => onChange(key as Id)}
      >
        {(data?.mandates ?? []).map((each) => (
          <Option
            key={each.id}
            id={each.id}
            textValue={`${each.function}, ${each.organisation.short_name}`}
            note={each.is_current ? undefined : t('people.not.current')}
          >
            {each.function}, {each.organisation.short_name}
          </Option>
        ))}
      </Select>
    </>
  );
}

export interface HolderValue {
  kind: HolderKind;
  id: Id;
}

/** Whom a right is given to: first of which kind, then which one. */
export function HolderChoice({
  kinds,
  error,
  onChange,
}: {
  kinds: readonly HolderKind[];
  error?: string | null;
  onChange: (holder: HolderValue | null) => void;
}) {
  const { t } = useI18n();
  const [kind, setKind] = useState<HolderKind>(kinds[0] ?? 'person');
  const props = {
    label: t(`rights.holder.${kind}`),
    chosen: null,
    error: error ?? null,
    onChange: (id: Id | null) => onChange(id ? { kind, id } : null),
  };
  return (
    <>
      <Select
        label={t('rights.holder.kind')}
        value={kind}
        onChange={(key) => {
          setKind(key as HolderKind);
          onChange(null);
        }}
      >
        {kinds.map((each) => (
          <Option key={each} id={each} textValue={t(`rights.holder.${each}`)}>
            {t(`rights.holder.${each}`)}
          </Option>
        ))}
      </Select>
      {kind === 'person' && <PersonChoice {...props} />}
      {kind === 'organisation' && <OrganisationChoice {...props} />}
      {kind === 'group' && <GroupChoice {...props} />}
      {kind === 'mandate' && <MandateChoice error={props.error} onChange={props.onChange} />}
    </>
  );
}

export interface ScopeValue {
  kind: ScopeKind;
  id?: Id;
}

/** What a right is about: everything, a territory, a workspace, or one document or folder. */
export function ScopeChoice({
  error,
  onChange,
}: {
  error?: string | null;
  onChange: (scope: ScopeValue | null) => void;
}) {
  const { t } = useI18n();
  const [kind, setKind] = useState<ScopeKind>('workspace');
  const [text, setText] = useState('');
  const territories = useQuery({ ...queries.territories(), enabled: kind === 'territory' });
  const workspaces = useQuery({ ...queries.workspaces(), enabled: kind === 'workspace' });
  const found = useQuery({ ...queries.find(text), enabled: kind === 'document' });
  const items =
    kind === 'territory'
      ? territories.data?.territories.map(({ id, name }) => ({ id, name, country: null }))
      : kind === 'workspace'
        ? workspaces.data?.workspaces.map((each) => ({
            id: each.id,
            name: each.name,
            country: null,
            note: each.territory.name,
          }))
        : found.data?.documents.map((each) => ({
            id: each.id,
            name: each.title,
            country: null,
            note: each.workspace.name,
          }));
  return (
    <>
      <Select
        label={t('rights.scope.kind')}
        value={kind}
        onChange={(key) => {
          const chosen = key as ScopeKind;
          setKind(chosen);
          setText('');
          onChange(chosen === 'instance' ? { kind: chosen } : null);
        }}
      >
        {(['workspace', 'document', 'territory', 'instance'] as const).map((each) => (
          <Option key={each} id={each} textValue={t(`rights.scope.${each}`)}>
            {t(`rights.scope.${each}`)}
          </Option>
        ))}
      </Select>
      {kind !== 'instance' && (
        <Finder
          key={kind}
          label={t(`rights.scope.${kind}`)}
          chosen={null}
          error={error ?? null}
          items={kind === 'document' ? items : items?.filter((each) => contains(each.name, text))}
          text={text}
          onText={setText}
          onChange={(id) => onChange(id ? { kind, id } : null)}
        />
      )}
    </>
  );
}

function contains(name: string, text: string): boolean {
  return name.toLocaleLowerCase().includes(text.toLocaleLowerCase());
}
