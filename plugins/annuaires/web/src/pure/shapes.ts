// The shapes of the map: from the TopoJSON that was loaded to what is drawn, by the codes that entries speak of.
import { feature, mesh } from 'topojson-client';
import { geoArea } from 'd3-geo';
import type { Feature, FeatureCollection, Geometry, MultiLineString, Position } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';
import { arc, type Bounds } from './projection';

/** Which layer a kind of territory is drawn from; what is before the colon of a code. */
const layersOf: Record<string, string[]> = {
  epci: ['epci'],
  departement: ['departements'],
  canton: ['cantons'],
  commune: ['communes_fr', 'communes_ch', 'communes'],
};
/** Drawn whether or not an entry speaks of them, from the ground up. */
const grounds = ['departements', 'cantons', 'epci'];

export interface Shapes {
  bounds: Bounds;
  ground: { layer: string; shape: Feature<Geometry> }[];
  borders: { layer: string; lines: MultiLineString }[];
  find(code: string): Feature<Geometry> | undefined;
  /** Who is to be named under the map: the member "credit" of the file. */
  credit: string;
}

/** Null for what is no topology or has none of the layers: the list stands alone then. */
export function shapesOf(topology: unknown): Shapes | null {
  if (!isTopology(topology)) return null;
  const collections = new Map<string, FeatureCollection>();
  for (const layer of Object.keys(topology.objects)) collections.set(layer, layerOf(topology, layer));
  const ground = grounds.flatMap((layer) =>
    (collections.get(layer)?.features ?? []).map((shape) => ({ layer, shape })),
  );
  if (!ground.length) return null;
  const borders = grounds
    .filter((layer) => collections.has(layer))
    .map((layer) => ({ layer, lines: mesh(topology, topology.objects[layer] as GeometryCollection) }));
  return {
    bounds: boundsOf(topology),
    ground,
    borders,
    find: finder(collections),
    credit: creditOf(topology),
  };
}

function isTopology(value: unknown): value is Topology {
  const given = value as Partial<Topology> | null;
  return given?.type === 'Topology' && Array.isArray(given.arcs) && typeof given.objects === 'object';
}

function layerOf(topology: Topology, layer: string): FeatureCollection {
  const object = topology.objects[layer];
  if (object?.type !== 'GeometryCollection') return { type: 'FeatureCollection', features: [] };
  const collection: FeatureCollection = feature(topology, object as GeometryCollection);
  for (const { geometry } of collection.features) {
    if (geometry?.type === 'Polygon') turnRound(geometry.coordinates);
    if (geometry?.type === 'MultiPolygon') geometry.coordinates.forEach(turnRound);
  }
  return collection;
}

/** Files wind their rings one way or the other; wound the wrong way, a canton would be the whole Earth without it. */
function turnRound(coordinates: Position[][]): void {
  if (geoArea({ type: 'Polygon', coordinates }) > 2 * Math.PI) coordinates.forEach((ring) => ring.reverse());
}

/** Octets that the server takes (docs/api.md, limits). */
export const largestShapes = 1_000_000;
const longestCredit = 400;
function creditOf(topology: Topology): string {
  const { credit } = topology as { credit?: unknown };
  return typeof credit === 'string' ? credit.slice(0, longestCredit) : '';
}

function boundsOf(topology: Topology): Bounds {
  const box = topology.bbox;
  return box?.length === 4 ? (box as Bounds) : arc;
}

function finder(collections: Map<string, FeatureCollection>) {
  const byCode = new Map<string, Feature<Geometry>>();
  for (const [kind, layers] of Object.entries(layersOf)) {
    for (const layer of layers) {
      for (const shape of collections.get(layer)?.features ?? []) byCode.set(`${kind}:${shape.id}`, shape);
    }
  }
  return (code: string) => byCode.get(code);
}
