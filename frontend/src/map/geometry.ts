import type { Geometry, Polygon, Position } from 'geojson'

/** Mean radius of the Earth in metres (IUGG). */
const EARTH = 6_371_008.8
const rad = (degrees: number) => (degrees * Math.PI) / 180
const deg = (radians: number) => (radians * 180) / Math.PI

export type Bounds = [west: number, south: number, east: number, north: number]

/** Great-circle distance in metres (haversine). Positions are [lon, lat]. */
export function distance([lon1 = 0, lat1 = 0]: Position, [lon2 = 0, lat2 = 0]: Position): number {
  const a =
    Math.sin(rad(lat2 - lat1) / 2) ** 2 + Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * Math.sin(rad(lon2 - lon1) / 2) ** 2
  return 2 * EARTH * Math.asin(Math.sqrt(a))
}

/** The point `metres` away from [lon, lat] in the direction `bearing` (degrees, clockwise from north). */
export function destination([lon = 0, lat = 0]: Position, metres: number, bearing: number): Position {
  const d = metres / EARTH
  const b = rad(bearing)
  const lat2 = Math.asin(Math.sin(rad(lat)) * Math.cos(d) + Math.cos(rad(lat)) * Math.sin(d) * Math.cos(b))
  const lon2 =
    rad(lon) + Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(rad(lat)), Math.cos(d) - Math.sin(rad(lat)) * Math.sin(lat2))
  return [deg(lon2), deg(lat2)]
}

/** A circle as a polygon with 64 corners, anticlockwise as RFC 7946 wants it. */
export function circle(centre: Position, metres: number): Polygon {
  const ring = Array.from({ length: 64 }, (_, i) => destination(centre, metres, -(i * 360) / 64))
  return { type: 'Polygon', coordinates: [[...ring, ring[0] as Position]] }
}

function* positions(geometry: Geometry): Generator<Position> {
  if (geometry.type === 'GeometryCollection') {
    for (const part of geometry.geometries) yield* positions(part)
    return
  }
  const walk = function* (value: unknown): Generator<Position> {
    if (!Array.isArray(value)) return
    if (typeof value[0] === 'number') yield value as Position
    else for (const part of value) yield* walk(part)
  }
  yield* walk(geometry.coordinates)
}

/** Bounds of all the geometries together, or null for none. */
export function boundsOf(geometries: Iterable<Geometry>): Bounds | null {
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity]
  for (const geometry of geometries)
    for (const [lon = 0, lat = 0] of positions(geometry)) {
      bounds[0] = Math.min(bounds[0], lon)
      bounds[1] = Math.min(bounds[1], lat)
      bounds[2] = Math.max(bounds[2], lon)
      bounds[3] = Math.max(bounds[3], lat)
    }
  return bounds[0] === Infinity ? null : bounds
}

const GRID = 24
const WIDER = 2.5 // a name is about this much wider than high

/**
 * Where the name of an area stands best: inside, as far from its border as may be, with more room to the sides than above and
 * below, for a name is wide. On a grid: a name needs no finer place. Null where there is no inside.
 */
export function roomiest(geometry: Geometry): Position | null {
  const bounds = boundsOf([geometry])
  if (!bounds || (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon')) return null
  const [west, south, east, north] = bounds
  const scale = Math.cos(rad((south + north) / 2)) / WIDER
  const rings = geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()
  let best: Position | null = null
  let most = 0
  for (let i = 0; i < GRID; i++)
    for (let j = 0; j < GRID; j++) {
      const at: Position = [west + ((i + 0.5) * (east - west)) / GRID, south + ((j + 0.5) * (north - south)) / GRID]
      const room = roomAt(at, rings, scale)
      if (room > most) [best, most] = [at, room]
    }
  return best
}

/** The distance to the nearest edge, with longitudes scaled; below zero outside (a ray to the east crosses an even number of edges). */
function roomAt([x = 0, y = 0]: Position, rings: Position[][], scale: number): number {
  let inside = false
  let nearest = Infinity
  for (const ring of rings)
    for (let n = 1; n < ring.length; n++) {
      const [x1 = 0, y1 = 0] = ring[n - 1] as Position
      const [x2 = 0, y2 = 0] = ring[n] as Position
      if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside
      const [dx, dy, px, py] = [(x2 - x1) * scale, y2 - y1, (x - x1) * scale, y - y1]
      const along = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy || 1)))
      nearest = Math.min(nearest, Math.hypot(px - along * dx, py - along * dy))
    }
  return inside ? nearest : -nearest
}

const side = (p: Position, q: Position, r: Position) =>
  ((q[0] ?? 0) - (p[0] ?? 0)) * ((r[1] ?? 0) - (p[1] ?? 0)) - ((q[1] ?? 0) - (p[1] ?? 0)) * ((r[0] ?? 0) - (p[0] ?? 0))

/** Whether two edges of the ring (not closed) cross. Such a shape has no inside to warn. */
export function crossesItself(ring: Position[]): boolean {
  const n = ring.length
  const at = (i: number) => ring[i % n] as Position
  for (let i = 0; i < n; i++)
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue // neighbours around the corner
      const [a, b, c, d] = [at(i), at(i + 1), at(j), at(j + 1)]
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true
    }
  return false
}

/** The ring closed and anticlockwise (RFC 7946, section 3.1.6). */
export function polygonOf(ring: Position[]): Polygon {
  const area = ring.reduce((sum, p, i) => {
    const q = ring[(i + 1) % ring.length] as Position
    return sum + (p[0] ?? 0) * (q[1] ?? 0) - (q[0] ?? 0) * (p[1] ?? 0)
  }, 0)
  const turned = area < 0 ? [...ring].reverse() : ring
  return { type: 'Polygon', coordinates: [[...turned, turned[0] as Position]] }
}

/**
 * Parallels and meridians across the bounds, at a step that keeps them some 100 px apart: they give the eye a hold where no
 * base map is configured.
 */
export function graticule([west, south, east, north]: Bounds): Geometry {
  const wanted = Math.max((east - west) / 8, 1e-4)
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10].find((s) => s >= wanted) ?? 20
  const lines: Position[][] = []
  for (let lon = Math.floor(west / step) * step; lon <= east; lon += step) lines.push([[lon, Math.max(south, -85)], [lon, Math.min(north, 85)]])
  for (let lat = Math.floor(south / step) * step; lat <= north; lat += step) lines.push([[west, lat], [east, lat]])
  return { type: 'MultiLineString', coordinates: lines }
}
