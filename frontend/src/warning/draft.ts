/** A warning that is being put together, and what of it may be taken up again when its page is opened anew. */
import { boundsOf, circle, type Bounds } from '../map/geometry.ts'

export type Words = Record<string, string>
export type Texts = Record<string, Words>

export interface Shape {
  facility?: number
  radius?: number
  area?: number
  circle?: { lat: number; lon: number; radius: number }
  geometry?: GeoJSON.Geometry
  place?: Words
}
export interface Draft {
  plan: string
  mode: string
  shape?: Shape
  texts?: Texts
  alarm?: string | number
  label?: string
}

const KEPT_MS = 3_600_000

/**
 * What was left a moment ago, unsent; null when that is too old or broken. Neither the mode, which is chosen each time, nor the
 * alarm, which only the address names: what is composed next answers another one, or none.
 */
export function leftBefore(text: string | null, now: number): Draft | null {
  try {
    const left = JSON.parse(text ?? 'null') as (Draft & { at: number }) | null
    if (!left || now - left.at >= KEPT_MS) return null
    const { plan, shape, texts, label } = left
    return { plan, mode: '', ...(shape ? { shape } : {}), ...(texts ? { texts } : {}), ...(label ? { label } : {}) }
  } catch {
    return null
  }
}

/** What is kept of a draft in the browser. */
export function toKeep(draft: Draft, label: string, now: number): string {
  const { plan, shape, texts } = draft
  return JSON.stringify({ plan, shape, texts, label, at: now })
}

/** Whether words that were written for one draft may be meant for the other: the same plan and place, as far as both are chosen. */
export function sameMatter(one: Draft, other: Draft): boolean {
  if (one.plan && other.plan && one.plan !== other.plan) return false
  return !one.shape || !other.shape || samePlace(one.shape, other.shape)
}

/** A facility and an area are themselves, of whatever size; what was drawn is the same place while it lies over the old one. */
function samePlace(one: Shape, other: Shape): boolean {
  if (one.facility !== other.facility || one.area !== other.area) return false
  const [a, b] = [boundsOfDrawn(one), boundsOfDrawn(other)]
  return !a || !b || (a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3])
}

function boundsOfDrawn({ circle: round, geometry }: Shape): Bounds | null {
  // The address gives numbers as text.
  if (round) return boundsOf([circle([Number(round.lon), Number(round.lat)], Number(round.radius))])
  return geometry ? boundsOf([geometry]) : null
}
