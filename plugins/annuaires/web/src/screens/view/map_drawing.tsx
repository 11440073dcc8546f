// The drawing: shapes, and a disc with the number of entries in the middle of each area that has any.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useApp } from '@/app/context';
import type { Area } from '@/app/model';
import {
  clusters,
  drawing,
  moved,
  pathOf,
  projectionFor,
  viewBox,
  whole,
  zoomed,
  type Point,
  type Window,
} from '@/pure/projection';
import type { Shapes } from '@/pure/shapes';
import { Button } from '@/ui/parts';
import { geoCentroid } from 'd3-geo';

interface Props {
  shapes: Shapes;
  areas: Area[];
  chosen: string;
  onChoose(code: string): void;
}

/** `onChosenSide`: on which half of the drawing the chosen area lies, so that nothing is laid over it. */
export function MapDrawing({
  shapes,
  areas,
  chosen,
  onChoose,
  onChosenSide,
}: Props & { onChosenSide(side: 'left' | 'right'): void }) {
  const { t } = useApp();
  const [window, setWindow] = useState<Window>(whole);
  const drawn = useDrawn(shapes);
  const frame = useRef<SVGSVGElement>(null);
  const drag = useDrag(frame, window, setWindow);
  const pixels = usePixels(frame);
  useEffect(() => {
    const spot = chosen && spotOf(shapes, drawn.projection, chosen);
    if (!spot) return;
    onChosenSide(spot.x < drawing.width / 2 ? 'left' : 'right');
    setWindow((before) => (before.scale > 1 ? zoomed({ ...before, ...spot }, 1) : before));
    // The side is told when another area is chosen, not when whoever listens is drawn again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen, shapes, drawn]);
  return (
    <div class="an-map">
      <svg
        ref={frame}
        viewBox={viewBox(window)}
        preserveAspectRatio="xMidYMid meet"
        role="img"
        aria-label={t('web.map.image', { count: areas.length })}
        {...drag}
      >
        <Ground drawn={drawn} />
        <Chosen shapes={shapes} areas={areas} chosen={chosen} drawn={drawn} onChoose={onChoose} />
        <Discs
          shapes={shapes}
          areas={areas}
          chosen={chosen}
          drawn={drawn}
          scale={window.scale * pixels}
          onChoose={onChoose}
        />
      </svg>
      <div class="an-zoom">
        <Button
          icon="plus"
          label={t('web.map.nearer')}
          disabled={window.scale >= 12}
          onClick={() => setWindow((before) => zoomed(before, 1.6))}
        />
        <Button
          icon="minus"
          label={t('web.map.farther')}
          disabled={window.scale <= 1}
          onClick={() => setWindow((before) => zoomed(before, 1 / 1.6))}
        />
      </div>
      <p class="an-legend">
        <span>
          <i class="f" />
          {t('web.country.fr')}
        </span>
        <span>
          <i class="ch" />
          {t('web.country.ch')}
        </span>
        <span>
          <i class="both" />
          {t('web.map.both')}
        </span>
      </p>
    </div>
  );
}

function useDrawn(shapes: Shapes) {
  return useMemo(() => {
    const projection = projectionFor(shapes.bounds);
    const path = pathOf(projection);
    return {
      projection,
      path,
      ground: shapes.ground.map(({ layer, shape }) => ({
        layer,
        id: String(shape.id),
        d: path(shape) ?? '',
      })),
      borders: shapes.borders.map(({ layer, lines }) => ({ layer, d: path(lines) ?? '' })),
    };
  }, [shapes]);
}
type Drawn = ReturnType<typeof useDrawn>;

function Ground({ drawn }: { drawn: Drawn }) {
  return (
    <g aria-hidden="true">
      {drawn.ground
        .filter(({ layer }) => layer !== 'epci')
        .map(({ layer, id, d }) => (
          <path key={`${layer}${id}`} class={`an-land ${layer === 'cantons' ? 'ch' : 'f'}`} d={d} />
        ))}
      {drawn.borders.map(({ layer, d }) => (
        <path key={layer} class={`an-border ${layer}`} d={d} />
      ))}
    </g>
  );
}

/** The areas that have entries, under the discs: they take a press, and the chosen one is filled. */
function Chosen({
  shapes,
  areas,
  chosen,
  drawn,
  onChoose,
}: Omit<Props, 'shapes'> & { shapes: Shapes; drawn: Drawn }) {
  // The wide ones below the small ones that lie in them.
  const order = ['departement', 'canton', 'epci', 'commune'];
  const kind = (area: Area) => area.code.slice(0, area.code.indexOf(':'));
  const sorted = [...areas].sort((a, b) => order.indexOf(kind(a)) - order.indexOf(kind(b)));
  return (
    <g aria-hidden="true">
      {sorted.map((area) => {
        const shape = shapes.find(area.code);
        if (!shape) return null;
        return (
          <path
            key={area.code}
            class={`an-area ${kind(area)}${area.code === chosen ? ' on' : ''}`}
            d={drawn.path(shape) ?? ''}
            onClick={() => onChoose(area.code)}
          />
        );
      })}
    </g>
  );
}

interface Disc extends Point {
  area: Area;
}

function Discs({ shapes, areas, chosen, drawn, scale, onChoose }: Props & { drawn: Drawn; scale: number }) {
  const points = useMemo(() => discsOf(shapes, areas), [shapes, areas]);
  const groups = useMemo(() => clusters(points, drawn.projection, scale), [points, drawn, scale]);
  return (
    <g>
      {groups.map((group) => {
        const count = group.points.reduce((sum, { area }) => sum + area.count, 0);
        const countries = new Set(group.points.flatMap(({ area }) => area.countries));
        const first = group.points[0]!.area;
        const on = group.points.some(({ area }) => area.code === chosen);
        const radius = (count > 99 ? 16 : count > 9 ? 13.5 : 11.5) / scale;
        return (
          <g
            key={first.code}
            class={`an-disc ${sideOf(countries)}${on ? ' on' : ''}`}
            transform={`translate(${group.x.toFixed(1)} ${group.y.toFixed(1)})`}
            onClick={() => onChoose(first.code)}
          >
            <circle r={radius} stroke-width={2 / scale} />
            <text text-anchor="middle" y={4.2 / scale} font-size={12 / scale}>
              {count}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** Pixels of the screen for each unit of the drawing when all of it is seen: discs have the same size on a phone. */
function usePixels(frame: { current: SVGSVGElement | null }): number {
  const [pixels, setPixels] = useState(1);
  useEffect(() => {
    const svg = frame.current;
    if (!svg || typeof ResizeObserver === 'undefined') return;
    const measure = () => {
      const now = Math.min(svg.clientWidth / drawing.width, svg.clientHeight / drawing.height);
      if (now > 0) setPixels(now);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(svg);
    return () => observer.disconnect();
  }, [frame]);
  return pixels;
}

const sideOf = (countries: Set<string>) => (countries.size > 1 ? 'both' : countries.has('CH') ? 'ch' : 'f');

/** The largest first, so that a group is where most of it is. */
function discsOf(shapes: Shapes, areas: Area[]): Disc[] {
  return [...areas]
    .sort((a, b) => b.count - a.count)
    .flatMap((area) => {
      const shape = shapes.find(area.code);
      if (!shape) return [];
      const [lon, lat] = geoCentroid(shape);
      return [{ area, lon, lat }];
    });
}

function spotOf(
  shapes: Shapes,
  projection: Drawn['projection'],
  code: string,
): { x: number; y: number } | null {
  const shape = shapes.find(code);
  const spot = shape && projection(geoCentroid(shape));
  return spot ? { x: spot[0], y: spot[1] } : null;
}

/** Dragging moves the map, the wheel with Ctrl zooms: without it the page scrolls, as everywhere. */
function useDrag(
  frame: { current: SVGSVGElement | null },
  window: Window,
  setWindow: (change: (before: Window) => Window) => void,
) {
  const from = useRef<{ x: number; y: number } | null>(null);
  const unit = () => {
    const svg = frame.current;
    const pixels = svg ? Math.min(svg.clientWidth / drawing.width, svg.clientHeight / drawing.height) : 1;
    return 1 / (window.scale * (pixels || 1));
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0 && window.scale > 1) from.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent) => {
      if (!from.current) return;
      const dx = (from.current.x - event.clientX) * unit();
      const dy = (from.current.y - event.clientY) * unit();
      from.current = { x: event.clientX, y: event.clientY };
      setWindow((before) => moved(before, dx, dy));
    },
    onPointerUp: () => void (from.current = null),
    onPointerLeave: () => void (from.current = null),
    onWheel: (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      setWindow((before) => zoomed(before, event.deltaY < 0 ? 1.2 : 1 / 1.2));
    },
  };
}
