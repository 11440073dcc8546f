// The list beside a map of its own: no tiles, no request to anybody. What the map shows stands below it as a list too,
// which is what the keyboard and a screen reader use.
import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { useAnswer, useApp, type Answered } from '@/app/context';
import type { Area, Directory, Page } from '@/app/model';
import { cardOfPlace, changed, type Filters } from '@/pure/filters';
import type { Place } from '@/pure/places';
import { shapesOf } from '@/pure/shapes';
import { Countries, Failure, Notice, Say, Waiting } from '@/ui/parts';
import { LoadShapes } from './load_shapes';
import { MapCard } from './map_card';
import { MapDrawing } from './map_drawing';

interface Props {
  directory: Directory;
  manage: boolean;
  filters: Filters;
  set(next: Filters, replace?: boolean): void;
  /** What narrows the list, without the territory: the map shows where else there is something. */
  query: URLSearchParams;
  list: Answered<Page>;
  cardPlace(card: string): Place;
  bar: ComponentChildren;
  views: ComponentChildren;
  results: ComponentChildren;
}

export function MapView(props: Props) {
  const { directory, filters, set, query, bar, views, results } = props;
  const asked = new URLSearchParams(query);
  asked.set('layer', 'all');
  asked.set('directory', directory.slug);
  const answer = useAnswer<Areas>(`/map?${asked}`);
  const close = useClosing(filters, set);
  // A card that the address itself opened leaves the focus where it is.
  const atStart = useRef(filters.card);
  if (filters.card !== atStart.current) atStart.current = '';
  return (
    <div class="an-split" ref={close.frame} onKeyDown={close.onKey}>
      <div class="an-split-list">
        {views}
        {bar}
        {results}
      </div>
      <MapPane {...props} answer={answer} quiet={atStart.current !== ''} onClose={close.now} />
    </div>
  );
}

interface Areas {
  areas: Area[];
  elsewhere: number;
}

/** A card closes by its button or Escape, and gives the focus back to what it was opened from. */
function useClosing(filters: Filters, set: Props['set']) {
  const frame = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  const before = useRef('');
  // While the card is drawn: what has the focus then is what was pressed.
  if (filters.card && !before.current) opener.current = document.activeElement as HTMLElement | null;
  before.current = filters.card;
  const now = () => {
    set({ ...filters, card: '' }, true);
    const from = opener.current;
    const chosen = frame.current?.querySelector<HTMLElement>(
      '.an-twin [aria-pressed="true"], .an-twin button',
    );
    if (from?.isConnected && frame.current?.contains(from)) from.focus();
    else chosen?.focus({ preventScroll: true });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !filters.card) return;
    event.preventDefault();
    now();
  };
  return { frame, now, onKey };
}

/** The area of the entry whose card is open, where no territory is chosen. */
function areaOf(card: string, list: Page | null, areas: Area[]): string {
  const row = list?.entries.find(({ id }) => String(id) === card);
  const codes = row?.territory.map(({ code }) => code) ?? [];
  return codes.find((code) => areas.some((area) => area.code === code)) ?? '';
}

function MapPane({
  directory,
  answer,
  manage,
  filters,
  set,
  list,
  cardPlace,
  quiet,
  onClose,
}: Props & { answer: Answered<Areas>; quiet: boolean; onClose(): void }) {
  const { t } = useApp();
  const shapes = useShapes();
  const { data, error, again } = answer;
  const [side, setSide] = useState<'left' | 'right'>('right');
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data) return <Waiting lines={8} />;
  const chosen = filters.territory || areaOf(filters.card, list.data, data.areas);
  const choose = (code: string) => {
    if (chosen === code && filters.card) set(changed(filters, { territory: '' }));
    else set(changed(filters, { territory: code, card: cardOfPlace }));
  };
  return (
    <section class="an-split-map" aria-label={t('web.map.label')}>
      <div class={shapes.data ? 'an-stage' : undefined}>
        {shapes.data && (
          <MapDrawing
            shapes={shapes.data}
            areas={data.areas}
            chosen={chosen}
            onChoose={choose}
            onChosenSide={(at) => setSide(at === 'left' ? 'right' : 'left')}
          />
        )}
        {shapes.missing && (manage ? <LoadShapes /> : <Notice>{t('web.map.none')}</Notice>)}
        {filters.card && (
          <MapCard
            directory={directory}
            card={filters.card}
            list={list}
            side={side}
            placed={filters.territory !== ''}
            quiet={quiet}
            cardPlace={cardPlace}
            onClose={onClose}
          />
        )}
      </div>
      {shapes.data?.credit && <p class="an-hint">{shapes.data.credit}</p>}
      <Twin areas={data.areas} elsewhere={data.elsewhere} chosen={chosen} onChoose={choose} />
    </section>
  );
}

function useShapes() {
  const { data, error } = useAnswer<unknown>('/map/shapes');
  const shapes = useMemo(() => (data ? shapesOf(data) : null), [data]);
  return { data: shapes, missing: Boolean(error) || (data !== null && !shapes) };
}

/** The same as the map, to be read and pressed. */
function Twin({
  areas,
  elsewhere,
  chosen,
  onChoose,
}: {
  areas: Area[];
  elsewhere: number;
  chosen: string;
  onChoose(code: string): void;
}) {
  const { t, number } = useApp();
  const sorted = [...areas].sort((a, b) => b.count - a.count);
  if (!sorted.length) return <p class="an-hint">{t('web.map.empty')}</p>;
  return (
    <section class="an-twin" aria-label={t('web.map.twin')}>
      <h2>{t('web.map.twin')}</h2>
      <ul>
        {sorted.map((area) => (
          <li key={area.code}>
            <button type="button" aria-pressed={chosen === area.code} onClick={() => onChoose(area.code)}>
              <span>
                <Say value={area.name} />
              </span>
              <Countries codes={area.countries} />
              <span class="an-number">{number(area.count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {elsewhere > 0 && <p class="an-hint">{t('web.map.elsewhere', { count: elsewhere })}</p>}
    </section>
  );
}
