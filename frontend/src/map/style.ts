import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import { token } from './icons'

const FONT = ['Noto Sans Variable']
const EMPTY = { type: 'FeatureCollection' as const, features: [] }
const geojson = (extra: object = {}): SourceSpecification => ({ type: 'geojson', data: EMPTY, ...extra })

/** Levels of a value, 0 to 4, and of the doubt about it, 0 to 2: doubt fades the colour. -1: nothing can be said; -2: left out. */
export const LEVELS = 5
export const DOUBTS = 3

/** The colour of an area: by `level` and `doubt` where it has them, else its own `fill`, else the usual one. */
function areaColour(): unknown[] {
  const cases: unknown[] = []
  for (let level = 0; level < LEVELS; level++)
    for (let doubt = 0; doubt < DOUBTS; doubt++) cases.push(level * DOUBTS + doubt, token(`heat-${level}-${doubt}`))
  const key = ['+', ['*', ['get', 'level'], DOUBTS], ['get', 'doubt']]
  return [
    'case',
    ['<', ['coalesce', ['get', 'level'], -9], -2], ['coalesce', ['get', 'fill'], token('map-area')],
    ['==', ['get', 'level'], -2], token('map-back'),
    ['==', ['get', 'level'], -1], token('heat-none'),
    ['match', key, ...cases, token('map-area')],
  ]
}

/** The layers of a vector base map, for the two common schemas (Protomaps and OpenMapTiles), told apart by layer names. */
function base(): LayerSpecification[] {
  const water = token('map-water')
  const line = token('map-road')
  const fill = (id: string, colour: string, layer: string): LayerSpecification => ({
    id, type: 'fill', source: 'base', 'source-layer': layer, paint: { 'fill-color': colour },
  })
  const roads = (id: string, layer: string): LayerSpecification => ({
    id, type: 'line', source: 'base', 'source-layer': layer,
    paint: { 'line-color': line, 'line-width': ['interpolate', ['exponential', 1.6], ['zoom'], 6, 0.4, 12, 1.2, 18, 12] },
  })
  return [
    fill('base-earth', token('map-land'), 'earth'),
    fill('base-landcover', token('map-land'), 'landcover'),
    fill('base-water', water, 'water'),
    roads('base-roads', 'roads'),
    roads('base-transportation', 'transportation'),
    fill('base-buildings', token('map-building'), 'buildings'),
    fill('base-building', token('map-building'), 'building'),
  ]
}

/** Points that lie close together: a circle with their number; its rim says that some of them are overdue. */
function clusterLayers(): LayerSpecification[] {
  return [
    {
      id: 'clusters', type: 'circle', source: 'points', filter: ['has', 'point_count'],
      paint: {
        'circle-color': token('accent'), 'circle-opacity': 0.88,
        'circle-radius': ['interpolate', ['linear'], ['log10', ['get', 'point_count']], 0.3, 9, 1, 13, 2, 19, 3, 26, 4, 34],
        'circle-stroke-color': ['case', ['>', ['get', 'late'], 0], token('unknown-mark'), token('map-rim')],
        'circle-stroke-width': ['case', ['>', ['get', 'late'], 0], 3, 1.5],
      },
    },
    {
      id: 'clusters-label', type: 'symbol', source: 'points', filter: ['has', 'point_count'],
      layout: { 'text-field': ['to-string', ['get', 'point_count']], 'text-font': FONT, 'text-size': 12, 'text-allow-overlap': true, 'text-padding': 10 }, // names keep clear of the circle
      paint: { 'text-color': token('accent-ink') },
    },
  ]
}

export interface BaseMap {
  source: SourceSpecification
  /** Names of the vector layers, or null for a raster base map. */
  layers: string[] | null
}

/** The whole style in the page's colours as they are now. No glyphs address: MapLibre then draws labels from the page's font. */
export function mapStyle(baseMap: BaseMap | null, clusters = false): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    grid: geojson(),
    areas: geojson({ promoteId: 'id' }),
    places: geojson(),
    shape: geojson(),
    draw: geojson(),
    points: geojson({
      maxzoom: 14, buffer: 32, tolerance: 0,
      ...(clusters
        ? { cluster: true, clusterRadius: 34, clusterMaxZoom: 13, clusterProperties: { late: ['+', ['case', ['==', ['get', 'state'], 'late'], 1, 0]] } }
        : { promoteId: 'id' }),
    }),
    chosen: geojson(),
  }
  if (baseMap) sources['base'] = baseMap.source
  const baseLayers: LayerSpecification[] = !baseMap
    ? []
    : baseMap.layers
      ? base().filter((layer) => 'source-layer' in layer && baseMap.layers?.includes(layer['source-layer'] ?? ''))
      : [{ id: 'base-raster', type: 'raster', source: 'base', paint: { 'raster-saturation': -0.6 } }]
  const live = token('live-fill')
  const exercise = token('exercise')
  const accent = token('accent')
  // The same source holds a day's way, which is a line and has no inside.
  const inside = ['match', ['geometry-type'], ['Polygon', 'MultiPolygon'], true, false] as never
  const shapeColour: ['match', ...unknown[]] = ['match', ['get', 'kind'], 'live', live, 'exercise', exercise, accent]
  const label = {
    'text-color': token('ink'),
    'text-halo-color': token('map-back'),
    'text-halo-width': 1.5,
  }
  return {
    version: 8,
    sources,
    layers: [
      { id: 'back', type: 'background', paint: { 'background-color': token('map-back') } },
      ...baseLayers,
      {
        id: 'grid', type: 'line', source: 'grid',
        paint: { 'line-color': token('map-grid'), 'line-width': 1, 'line-opacity': baseMap ? 0 : 1 },
      },
      {
        id: 'areas', type: 'fill', source: 'areas',
        paint: {
          'fill-color': areaColour() as never,
          'fill-opacity': [
            'case',
            ['has', 'level'], baseMap ? 0.8 : 1,
            ['boolean', ['feature-state', 'over'], false], 0.85,
            ['coalesce', ['get', 'opacity'], baseMap ? 0 : 0.55],
          ],
        },
      },
      {
        id: 'areas-line', type: 'line', source: 'areas',
        paint: {
          'line-color': ['case', ['all', ['has', 'level'], ['boolean', ['feature-state', 'over'], false]], token('ink'), token('map-border')],
          'line-width': ['case', ['all', ['has', 'level'], ['boolean', ['feature-state', 'over'], false]], 2.5, ['match', ['get', 'kind'], ['country', 'region'], 2, 1]],
        },
      },
      {
        id: 'shape', type: 'fill', source: 'shape', filter: ['all', inside, ['!=', ['get', 'kind'], 'exercise']],
        paint: { 'fill-color': shapeColour as never, 'fill-opacity': 0.12 },
      },
      {
        id: 'shape-stripes', type: 'fill', source: 'shape', filter: ['all', inside, ['==', ['get', 'kind'], 'exercise']],
        paint: { 'fill-pattern': 'stripes' },
      },
      {
        id: 'shape-line', type: 'line', source: 'shape', filter: ['!=', ['get', 'kind'], 'draft'],
        paint: { 'line-color': shapeColour as never, 'line-width': 2.5 },
      },
      {
        id: 'shape-draft', type: 'line', source: 'shape', filter: ['==', ['get', 'kind'], 'draft'],
        paint: { 'line-color': accent, 'line-width': 2, 'line-dasharray': [3, 2] },
      },
      {
        id: 'draw-line', type: 'line', source: 'draw', filter: ['==', ['geometry-type'], 'LineString'],
        paint: { 'line-color': accent, 'line-width': 2, 'line-dasharray': [2, 1.5] },
      },
      {
        id: 'areas-label', type: 'symbol', source: 'places', filter: ['!=', ['get', 'kind'], 'settlement'],
        layout: {
          'text-field': ['get', 'name'], 'text-font': FONT, 'text-max-width': 7, 'text-line-height': 1.1,
          'text-size': ['interpolate', ['linear'], ['zoom'], 5, 10.5, 7, 12],
          // A name that meets another moves aside; where none of the sides is free it is left out, the least told of first.
          'text-variable-anchor': ['center', 'bottom', 'top', 'left', 'right', 'bottom-left', 'bottom-right', 'top-left', 'top-right'], 'text-radial-offset': 0.8, 'text-justify': 'auto',
          'text-padding': 4,
          'symbol-sort-key': ['-', ['coalesce', ['get', 'level'], 0]],
        },
        paint: { ...label, 'text-color': ['case', ['has', 'level'], token('ink'), token('mute')] },
      },
      {
        id: 'settlements', type: 'circle', source: 'places', filter: ['==', ['get', 'kind'], 'settlement'],
        paint: {
          'circle-radius': ['interpolate', ['linear'], ['log10', ['max', ['coalesce', ['get', 'population'], 1], 1]], 2, 1.5, 6, 4.5],
          'circle-color': token('mute'), 'circle-opacity': 0.7,
        },
      },
      {
        id: 'settlements-label', type: 'symbol', source: 'places', filter: ['==', ['get', 'kind'], 'settlement'],
        layout: {
          'text-field': ['get', 'name'], 'text-font': FONT,
          'text-size': ['interpolate', ['linear'], ['log10', ['max', ['coalesce', ['get', 'population'], 1], 1]], 2, 10, 6, 15],
          'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.7, 'text-justify': 'auto',
          'symbol-sort-key': ['-', ['coalesce', ['get', 'population'], 0]],
        },
        paint: label,
      },
      {
        id: 'points-chosen', type: 'circle', source: 'chosen',
        paint: { 'circle-radius': 15, 'circle-color': accent, 'circle-opacity': 0.2, 'circle-stroke-color': accent, 'circle-stroke-width': 2 },
      },
      ...(clusters ? clusterLayers() : []),
      {
        id: 'points', type: 'symbol', source: 'points', filter: ['!', ['has', 'point_count']],
        layout: {
          'icon-image': ['concat', 'point-', ['get', 'state']],
          'icon-size': ['interpolate', ['linear'], ['zoom'], 4, 0.55, 9, 0.8, 13, 1],
          'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-padding': 0,
          // What failed lies on top of what is well.
          'symbol-sort-key': ['match', ['get', 'state'], 'failed', 5, 'late', 4, 'unknown', 4, 'accepted', 3, 'place', 3, 'heard', 2, 1],
        },
        paint: { 'icon-opacity': ['coalesce', ['get', 'opacity'], 1] },
      },
      {
        id: 'points-label', type: 'symbol', source: 'points', minzoom: 14.5, filter: ['!', ['has', 'point_count']],
        layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11, 'text-offset': [0, 1], 'text-anchor': 'top', 'text-optional': true },
        paint: label,
      },
      {
        id: 'draw-corners', type: 'circle', source: 'draw', filter: ['==', ['geometry-type'], 'Point'],
        paint: { 'circle-radius': 7, 'circle-color': token('panel'), 'circle-stroke-color': accent, 'circle-stroke-width': 2.5 },
      },
    ],
  }
}
