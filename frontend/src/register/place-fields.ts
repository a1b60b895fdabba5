/** Latitude and longitude of a form by a press on the map, or by where the device is. Without this script they are typed. */
import { $ } from '../dom'
import { t } from '../i18n'
import type { TirekMap } from '../map/element'

const DECIMALS = 6
const PATIENCE_MS = 12_000

export function placeFields(box: HTMLElement): void {
  const form = box.closest('form')
  const map = $<TirekMap>('tirek-map', box)
  const fields = ['lat', 'lon'].map((name) => form && $<HTMLInputElement>(`[name=${name}]`, form))
  const [lat, lon] = fields
  if (!map || !lat || !lon) return

  const mark = async (look: boolean): Promise<void> => {
    const [y, x] = [lat, lon].map((field) => Number((field.value || 'x').replace(',', '.'))) as [number, number]
    const isThere = Math.abs(y) <= 90 && Math.abs(x) <= 180
    await map.setPoints(isThere ? [{ id: 1, lat: y, lon: x, state: 'place' }] : [])
    if (isThere && look) await map.fit('points', { maxZoom: 13 })
  }
  const put = (place: { lat: number; lon: number }, look = false): void => {
    lat.value = place.lat.toFixed(DECIMALS)
    lon.value = place.lon.toFixed(DECIMALS)
    void mark(look)
  }
  map.addEventListener('place', (event) => put((event as CustomEvent<{ lat: number; lon: number }>).detail))
  map.addEventListener('ready', () => void mark(true))
  for (const field of [lat, lon]) field.addEventListener('change', () => void mark(true))

  const here = $<HTMLButtonElement>('[data-here]', box)
  const said = $('[data-here-said]', box)
  if (!here || !said || !('geolocation' in navigator)) return
  here.hidden = false
  here.addEventListener('click', () => {
    said.textContent = t('place.looking')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put({ lat: coords.latitude, lon: coords.longitude }, true)
        said.textContent = t('place.within', { metres: Math.round(coords.accuracy) })
      },
      () => (said.textContent = t('place.unknown')),
      { enableHighAccuracy: true, timeout: PATIENCE_MS },
    )
  })
}
