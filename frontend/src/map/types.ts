import type { Geometry, Polygon } from 'geojson'

/** States of proof, of an endpoint at rest, of a facility; and where something happened: at this place, or around it. */
export const STATES = ['heard', 'accepted', 'unknown', 'failed', 'expired', 'pending', 'ready', 'facility', 'late', 'place', 'around'] as const
export type PointState = (typeof STATES)[number]

export interface MapPoint {
  id: number | string
  lat: number
  lon: number
  state: PointState
  name?: string
  /** A second line in the label that shows under the pointer. */
  detail?: string
  /** How surely it stands here, 0 to 1: what is uncertain is faint, and never hidden. */
  opacity?: number
}

/** What a shape means; red is for live alone. */
export type ShapeKind = 'live' | 'exercise' | 'draft'

export interface Incident {
  lat: number
  lon: number
  name?: string
  detail?: string
  mode?: 'live' | 'exercise'
}

export interface Drawn {
  geometry: Polygon
  /** Present when the shape is a circle; metres. */
  circle?: { lat: number; lon: number; radius: number }
}

export type Fit = 'points' | 'shape' | 'areas' | Geometry | [west: number, south: number, east: number, north: number]

/** The same for points that are known more or less exactly: rows are [id, lat, lon, type, name, state, opacity]. */
export interface FadedPoints {
  types: string[]
  faded: [id: number, lat: number, lon: number, type: number, name: string, state: PointState, opacity: number][]
}

/** Many points in few bytes: rows are [id, lat, lon, type, name, overdue]. */
export interface LightPoints {
  types: string[]
  rows: [id: number, lat: number, lon: number, type: number, name: string, overdue: 0 | 1][]
}
