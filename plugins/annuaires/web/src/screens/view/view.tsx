// One directory: as a list, on the map, as a chart. What is filtered stands in the address, whichever way one looks.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useAnswer, useApp, useStill, useTitle } from '@/app/context';
import type { Directory, Page } from '@/app/model';
import {
  changed,
  fromQuery,
  narrowing,
  narrowingQuery,
  pageQuery,
  toQuery,
  type Filters,
} from '@/pure/filters';
import type { Place, View } from '@/pure/places';
import { Empty, Failure, To, Views, Waiting } from '@/ui/parts';
import { Frame } from '../frame';
import { ChartView } from './chart';
import { FilterBar } from './filter_bar';
import { Listing } from './listing';
import { MapView } from './map_view';
import { Pager } from './pager';

export function ViewScreen({ slug, view, query }: { slug: string; view: View | null; query: string }) {
  const { t } = useApp();
  return (
    <Frame
      slug={slug}
      actions={({ may }) => (
        <To
          place={{ screen: 'add', directory: slug, query: '' }}
          button={may.manage ? 'primary' : 'plain'}
          icon={may.manage ? 'plus' : 'edit'}
        >
          {t(may.manage ? 'web.entry.add' : 'web.entry.propose')}
        </To>
      )}
    >
      {({ directory, may }) => (
        <Looking directory={directory} manage={may.manage} view={view ?? 'list'} query={query} />
      )}
    </Frame>
  );
}

function Looking({
  directory,
  manage,
  view,
  query,
}: {
  directory: Directory;
  manage: boolean;
  view: View;
  query: string;
}) {
  const { t, go, say } = useApp();
  const filters = useMemo(() => fromQuery(query), [query]);
  const set = (next: Filters, replace = false) =>
    go({ screen: 'view', directory: directory.slug, view, query: toQuery(next) }, { replace });
  useTitle(say(directory.name));
  const other = (name: View) => ({
    screen: 'view' as const,
    directory: directory.slug,
    view: name,
    query: name === 'chart' ? '' : toQuery(changed(filters, {})),
  });
  const views = (
    <Views
      label={t('web.view.all')}
      views={[
        { place: other('list'), name: t('web.view.list'), icon: 'list', current: view === 'list' },
        { place: other('map'), name: t('web.view.map'), icon: 'map', current: view === 'map' },
        { place: other('chart'), name: t('web.view.chart'), icon: 'chart', current: view === 'chart' },
      ]}
    />
  );
  if (view === 'chart') {
    return (
      <>
        <div class="an-row wrap">{views}</div>
        <ChartView directory={directory} query={query} />
      </>
    );
  }
  return (
    <Filtered directory={directory} manage={manage} view={view} filters={filters} set={set} views={views} />
  );
}

interface FilteredProps {
  directory: Directory;
  manage: boolean;
  view: View;
  filters: Filters;
  set(next: Filters, replace?: boolean): void;
  views: preact.JSX.Element;
}

function Filtered({ directory, manage, view, filters, set, views }: FilteredProps) {
  const words = useTyped(filters, set);
  const asked = pageQuery(filters);
  asked.set('facets', '1');
  const answer = useAnswer<Page>(`/directories/${encodeURIComponent(directory.slug)}/entries?${asked}`);
  const cardPlace = (card: string) => ({
    screen: 'view' as const,
    directory: directory.slug,
    view,
    query: toQuery({ ...filters, card }),
  });
  const bar = (
    <FilterBar
      directory={directory}
      manage={manage}
      filters={filters}
      set={set}
      words={words}
      facets={answer.data?.facets}
    />
  );
  const results = (
    <Results
      answer={answer}
      filters={filters}
      set={set}
      directory={directory}
      dense={view === 'map'}
      manage={manage}
      cardPlace={view === 'map' ? cardPlace : undefined}
    />
  );
  if (view === 'map') {
    return (
      <MapView
        list={answer}
        cardPlace={cardPlace}
        directory={directory}
        manage={manage}
        filters={filters}
        set={set}
        query={narrowingQuery({ ...filters, territory: '' })}
        bar={bar}
        views={views}
        results={results}
      />
    );
  }
  return (
    <>
      <div class="an-tools">
        {bar}
        {views}
      </div>
      {results}
    </>
  );
}

/** What is typed shows at once; the address and the list follow when typing rests. Back and forward bring the words back. */
function useTyped(filters: Filters, set: (next: Filters, replace?: boolean) => void) {
  const [typed, setTyped] = useState(filters.q);
  const still = useStill(typed, 250);
  useEffect(() => setTyped(filters.q), [filters.q]);
  useEffect(() => {
    if (still === typed && still.trim() !== filters.q) set(changed(filters, { q: still.trim() }), true);
    // Only what has been typed sets off a search; a change of the filters must not send the words again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [still]);
  return { typed, setTyped };
}

function Results({
  answer,
  filters,
  set,
  directory,
  dense,
  manage,
  cardPlace,
}: {
  answer: ReturnType<typeof useAnswer<Page>>;
  filters: Filters;
  set(next: Filters): void;
  directory: Directory;
  dense: boolean;
  manage: boolean;
  cardPlace: ((card: string) => Place) | undefined;
}) {
  const { t } = useApp();
  const { data, error, again, waiting } = answer;
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data) return <Waiting lines={8} />;
  const narrowed = narrowing(filters) > 0 || filters.q !== '';
  return (
    <div class="an-results" aria-busy={waiting}>
      {error && <Failure error={error} again={again} />}
      <p class="an-total" role="status">
        {t('web.count.entries', { count: data.total })}
        {data.corrected && <>. {t('web.list.corrected', { words: data.corrected })}</>}
      </p>
      {data.entries.length > 0 && (
        <>
          <Listing rows={data.entries} dense={dense} filters={filters} set={set} cardPlace={cardPlace} />
          <Pager
            page={filters.page}
            total={data.total}
            next={data.next}
            after={filters.after}
            onPage={(page) => set({ ...filters, page, after: '' })}
            onAfter={(after) => set({ ...filters, after })}
          />
        </>
      )}
      {data.entries.length === 0 && <Nothing directory={directory} narrowed={narrowed} manage={manage} />}
    </div>
  );
}

function Nothing({
  directory,
  narrowed,
  manage,
}: {
  directory: Directory;
  narrowed: boolean;
  manage: boolean;
}) {
  const { t } = useApp();
  if (narrowed) {
    return (
      <Empty
        title={t('web.list.nothing')}
        action={
          <To place={{ screen: 'view', directory: directory.slug, view: null, query: '' }} button="plain">
            {t('web.filter.clear')}
          </To>
        }
      >
        {t('web.list.nothing_why')}
      </Empty>
    );
  }
  if (!manage) return <Empty title={t('web.list.empty')}>{t('web.list.empty_member')}</Empty>;
  return (
    <Empty
      title={t('web.list.empty')}
      action={
        <div class="an-row center">
          <To place={{ screen: 'add', directory: directory.slug, query: '' }} button="primary" icon="plus">
            {t('web.entry.add')}
          </To>
          <To
            place={{ screen: 'desk', directory: directory.slug, desk: 'imports', item: '', query: '' }}
            button="plain"
            icon="import"
          >
            {t('web.import.file')}
          </To>
        </div>
      }
    >
      {t('web.list.empty_secretariat')}
    </Empty>
  );
}
