// The list beside a map of its own: no tiles, no request to anybody. What the map shows stands below it as a list too,
// which is what the keyboard and a screen reader use.
import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed } from '@/app/context';
import type { Area, Directory } from '@/app/model';
import { changed, type Filters } from '@/pure/filters';
import { shapesOf } from '@/pure/shapes';
import { Button, Countries, Failure, Notice, Say, Waiting } from '@/ui/parts';
import { MapDrawing } from './map_drawing';

interface Props {
  directory: Directory;
  manage: boolean;
  filters: Filters;
  set(next: Filters): void;
  /** What narrows the list, without the territory: the map shows where else there is something. */
  query: URLSearchParams;
  bar: ComponentChildren;
  views: ComponentChildren;
  results: ComponentChildren;
}

export function MapView({ directory, manage, filters, set, query, bar, views, results }: Props) {
  const asked = new URLSearchParams(query);
  asked.set('layer', 'all');
  asked.set('directory', directory.slug);
  const answer = useAnswer<{ areas: Area[]; elsewhere: number }>(`/map?${asked}`);
  const choose = (code: string) =>
    set(changed(filters, { territory: filters.territory === code ? '' : code }));
  return (
    <div class="an-split">
      <div class="an-split-list">
        {views}
        {bar}
        {results}
      </div>
      <MapPane answer={answer} manage={manage} chosen={filters.territory} onChoose={choose} />
    </div>
  );
}

function MapPane({
  answer,
  manage,
  chosen,
  onChoose,
}: {
  answer: ReturnType<typeof useAnswer<{ areas: Area[]; elsewhere: number }>>;
  manage: boolean;
  chosen: string;
  onChoose(code: string): void;
}) {
  const { t } = useApp();
  const shapes = useShapes();
  const { data, error, again } = answer;
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data) return <Waiting lines={8} />;
  return (
    <section class="an-split-map" aria-label={t('web.map.label')}>
      {shapes.data && (
        <MapDrawing shapes={shapes.data} areas={data.areas} chosen={chosen} onChoose={onChoose} />
      )}
      {shapes.data?.credit && <p class="an-hint">{shapes.data.credit}</p>}
      {shapes.missing && (
        <Notice>
          <p>{t('web.map.none')}</p>
          {manage && <LoadShapes />}
        </Notice>
      )}
      <Twin areas={data.areas} elsewhere={data.elsewhere} chosen={chosen} onChoose={onChoose} />
    </section>
  );
}

/** The secretariat gives the map: a TopoJSON file, whose shapes bear the codes of territories. */
function LoadShapes() {
  const { t, host, changed } = useApp();
  const deed = useDeed();
  const [wrong, setWrong] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const load = async (file: File | undefined) => {
    if (!file) return;
    const shapes: unknown = await file
      .text()
      .then(JSON.parse)
      .catch(() => null);
    setWrong(!shapesOf(shapes));
    if (!shapesOf(shapes)) return;
    await deed.run(async () => {
      await host.api('PUT', '/map/shapes', shapes);
      changed();
    });
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        class="cl-visually-hidden"
        tabIndex={-1}
        aria-label={t('web.map.load')}
        accept=".topojson,.json"
        onChange={(event) => void load(event.currentTarget.files?.[0])}
      />
      <Button small icon="map" busy={deed.busy} onClick={() => input.current?.click()}>
        {t('web.map.load')}
      </Button>
      {wrong && <p role="alert">{t('web.map.wrong')}</p>}
      {deed.error && <p role="alert">{deed.error.message}</p>}
    </>
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
