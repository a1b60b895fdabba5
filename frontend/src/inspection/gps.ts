/** Where the phone is. It is asked for once; without it everything works. */
import type { Place } from './types.ts'

const FRESH_MS = 120_000
const PATIENCE_MS = 12_000

let last: { at: number; place: Place } | null = null
let refused = false

export function where(): Promise<Place | null> {
  if (last && Date.now() - last.at < FRESH_MS) return Promise.resolve(last.place)
  if (refused || !('geolocation' in navigator)) return Promise.resolve(null)
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        last = { at: Date.now(), place: { lat: coords.latitude, lon: coords.longitude, accuracy: Math.round(coords.accuracy) } }
        done(last.place)
      },
      (error) => {
        refused = error.code === error.PERMISSION_DENIED
        done(null)
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: FRESH_MS },
    )
  })
}

/** What is known now, without waiting. */
export const known = (): Place | null => (last && Date.now() - last.at < 10 * FRESH_MS ? last.place : null)
