// The entries: a table where there is room for one, lines beside the map and on a phone.
import type { ComponentChildren } from 'preact';
import { useApp } from '@/app/context';
import type { Row } from '@/app/model';
import { useVocabulary } from '@/app/vocabulary';
import type { MessageKey } from '@/host';
import { changed, type Filters, type Sort } from '@/pure/filters';
import type { Place } from '@/pure/places';
import { marked } from '@/pure/values';
import { Countries, Say, Tag, To } from '@/ui/parts';
import { Icon } from '@/ui/icons';

interface Props {
  rows: Row[];
  dense: boolean;
  filters: Filters;
  set(next: Filters): void;
  /** Beside the map a row opens the card over it. */
  cardPlace?: ((card: string) => Place) | undefined;
}

export function Listing(props: Props) {
  return props.dense ? <Lines {...props} /> : <Table {...props} />;
}

export const entryPlace = (row: Pick<Row, 'directory' | 'id'>) => ({
  screen: 'entry' as const,
  directory: row.directory,
  entry: String(row.id),
});

function Table({ rows, filters, set }: Props) {
  const { t } = useApp();
  return (
    <table class="cl-table an-table">
      <caption class="cl-visually-hidden">{t('web.list.caption')}</caption>
      <thead>
        <tr>
          <Sortable by="name" filters={filters} set={set}>
            {t('web.column.name')}
          </Sortable>
          <th scope="col" class="wide">
            {t('web.column.policies')}
          </th>
          <th scope="col" class="wide">
            {t('web.column.territory')}
          </th>
          <Sortable by="checked" filters={filters} set={set} wide>
            {t('web.column.checked')}
          </Sortable>
          <th scope="col">{t('web.column.country')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <TableRow key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function TableRow({ row }: { row: Row }) {
  const { say, day } = useApp();
  const { label } = useVocabulary();
  return (
    <tr>
      <th scope="row">
        <Name row={row} />
      </th>
      <td class="wide">{row.policies.map((key) => label('policies', key)).join(', ')}</td>
      <td class="wide">{row.territory.map((one) => say(one.name)).join(', ')}</td>
      <td class="wide an-date">{day(row.checked_at)}</td>
      <td>
        <Countries codes={row.country} />
      </td>
    </tr>
  );
}

function Name({ row }: { row: Row }) {
  return (
    <>
      <To place={entryPlace(row)} class="an-title">
        <Say value={row.name} />
      </To>
      <State row={row} />
      <span class="an-sub">
        <Under row={row} />
      </span>
      {row.extract && <Extract text={row.extract} />}
    </>
  );
}

/** The line under a name: what the server wrote, or function and organisation. */
export function Under({ row }: { row: Row }) {
  if (row.subtitle) return <Say value={row.subtitle} />;
  return (
    <>
      <Say value={row.function} />
      {row.function && row.organisation && ', '}
      {row.organisation && <Say value={row.organisation.name} />}
    </>
  );
}

function State({ row }: { row: Row }) {
  const { t } = useApp();
  if (row.state === 'published') return null;
  return (
    <>
      {' '}
      <Tag kind="wait">{t(`web.state.${row.state}` as MessageKey)}</Tag>
    </>
  );
}

export function Extract({ text }: { text: string }) {
  return (
    <span class="an-extract">
      {marked(text).map((part, index) => (part.found ? <mark key={index}>{part.text}</mark> : part.text))}
    </span>
  );
}

/** A press turns the order round; who listens hears which column the list is ordered by. */
function Sortable({
  by,
  wide,
  filters,
  set,
  children,
}: {
  by: 'name' | 'checked';
  wide?: boolean;
  filters: Filters;
  set(next: Filters): void;
  children: ComponentChildren;
}) {
  const { t } = useApp();
  const sort = filters.sort || (filters.q ? 'relevance' : 'name');
  const up = sort === by;
  const down = sort === `-${by}`;
  const next: Sort = up ? `-${by}` : by;
  return (
    <th
      scope="col"
      class={wide ? 'wide' : undefined}
      aria-sort={up ? 'ascending' : down ? 'descending' : undefined}
    >
      <button
        type="button"
        class="an-sort"
        title={t('web.column.sort')}
        onClick={() => set(changed(filters, { sort: next }))}
      >
        {children}
        {(up || down) && <Icon name={up ? 'up' : 'down'} small />}
      </button>
    </th>
  );
}

function Lines({ rows, filters, cardPlace }: Props) {
  const { label } = useVocabulary();
  return (
    <ul class="cl-list an-lines">
      {rows.map((row) => (
        <li key={row.id}>
          <To
            place={cardPlace?.(String(row.id)) ?? entryPlace(row)}
            class="an-title"
            chosen={filters.card === String(row.id)}
          >
            <Say value={row.name} />
          </To>
          <Countries codes={row.country} />
          <span class="an-sub">
            <Under row={row} />
          </span>
          <span class="an-sub">{row.policies.map((key) => label('policies', key)).join(', ')}</span>
        </li>
      ))}
    </ul>
  );
}
