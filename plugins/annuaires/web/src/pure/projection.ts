// From longitude and latitude to the drawing, the part of it that is seen, and points that would cover each other.
import { geoMercator, geoPath, type GeoPermissibleObjects, type GeoProjection } from 'd3-geo';

export const drawing = { width: 800, height: 760, margin: 16 };

/** [west, south, east, north] in degrees: the Jura arc, used where no map is packed and nothing else is known. */
export const arc: Bounds = [4.73, 45.61, 8.46, 48.02];
export type Bounds = [number, number, number, number];
export interface Point {
  lon: number;
  lat: number;
}

export function projectionFor(bounds: Bounds = arc): GeoProjection {
  const [west, south, east, north] = bounds;
  const corners: GeoPermissibleObjects = {
    type: 'MultiPoint',
    coordinates: [
      [west, south],
      [west, north],
      [east, south],
      [east, north],
    ],
  };
  const { width, height, margin } = drawing;
  return geoMercator().fitExtent(
    [
      [margin, margin],
      [width - margin, height - margin],
    ],
    corners,
  );
}

export const pathOf = (projection: GeoProjection) => geoPath(projection).digits(1);

/** What is seen of the drawing; `scale` 1 is all of it. */
export interface Window {
  x: number;
  y: number;
  scale: number;
}
export const whole: Window = { x: drawing.width / 2, y: drawing.height / 2, scale: 1 };
export const largest = 12;

export function zoomed(window: Window, factor: number, around: { x: number; y: number } = window): Window {
  const scale = Math.min(largest, Math.max(1, window.scale * factor));
  const kept = window.scale / scale;
  return inside({
    scale,
    x: around.x + (window.x - around.x) * kept,
    y: around.y + (window.y - around.y) * kept,
  });
}

export function moved(window: Window, dx: number, dy: number): Window {
  return inside({ ...window, x: window.x + dx, y: window.y + dy });
}

/** The window never leaves the drawing. */
export function inside(window: Window): Window {
  const halfX = drawing.width / 2 / window.scale;
  const halfY = drawing.height / 2 / window.scale;
  return {
    scale: window.scale,
    x: Math.min(drawing.width - halfX, Math.max(halfX, window.x)),
    y: Math.min(drawing.height - halfY, Math.max(halfY, window.y)),
  };
}

export function viewBox(window: Window): string {
  const width = drawing.width / window.scale;
  const height = drawing.height / window.scale;
  return [window.x - width / 2, window.y - height / 2, width, height].map((n) => n.toFixed(2)).join(' ');
}

/** The degrees that are seen, for a list that follows the map. */
export function seen(window: Window, projection: GeoProjection): Bounds {
  const halfX = drawing.width / 2 / window.scale;
  const halfY = drawing.height / 2 / window.scale;
  const [west, north] = projection.invert?.([window.x - halfX, window.y - halfY]) ?? [arc[0], arc[3]];
  const [east, south] = projection.invert?.([window.x + halfX, window.y + halfY]) ?? [arc[2], arc[1]];
  return [west, south, east, north];
}

export const within = ({ lon, lat }: Point, [west, south, east, north]: Bounds) =>
  lon >= west && lon <= east && lat >= south && lat <= north;

export interface Cluster<P extends Point> {
  x: number;
  y: number;
  points: P[];
}

/** Points nearer to a first one than `distance` units of what is seen are drawn as one, with their number. */
export function clusters<P extends Point>(
  points: P[],
  projection: GeoProjection,
  scale: number,
  distance = 22,
): Cluster<P>[] {
  const near = distance / scale;
  const cells = new Map<string, Cluster<P>[]>();
  const all: Cluster<P>[] = [];
  for (const point of points) {
    const spot = projection([point.lon, point.lat]);
    if (!spot) continue;
    const [x, y] = spot;
    const column = Math.floor(x / near);
    const row = Math.floor(y / near);
    const host = neighbours(cells, column, row).find((other) => Math.hypot(other.x - x, other.y - y) < near);
    if (host) {
      host.points.push(point);
      continue;
    }
    const cluster = { x, y, points: [point] };
    all.push(cluster);
    const key = `${column}/${row}`;
    cells.set(key, [...(cells.get(key) ?? []), cluster]);
  }
  return all;
}

function neighbours<T>(cells: Map<string, T[]>, column: number, row: number): T[] {
  const found: T[] = [];
  for (let dx = -1; dx <= 1; dx++) {
    for (let dy = -1; dy <= 1; dy++) found.push(...(cells.get(`${column + dx}/${row + dy}`) ?? []));
  }
  return found;
}
