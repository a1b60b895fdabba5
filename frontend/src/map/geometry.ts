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
