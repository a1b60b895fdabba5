/** Where an incident was, with what says how exactly that is known: given with the page as `incident-place`. */
import type { Geometry } from 'geojson'
import type { TirekMap } from '../map/element'
import type { MapPoint } from '../map/types'

interface Place {
  point: MapPoint | null
  shape: Geometry | null
  is_exact: boolean
}

/** Shown once the map has its areas: they would draw the view to themselves afterwards. */
export function showPlace(map: TirekMap): void {
  map.addEventListener('ready', () => void show(map))
}

async function show(map: TirekMap): Promise<void> {
  const text = document.getElementById('incident-place')?.textContent
  if (!text) return
  const { point, shape, is_exact } = JSON.parse(text) as Place
  await map.setPoints(point ? [point] : [])
  await map.setShape(shape, 'draft')
  if (shape) await map.fit('shape', { maxZoom: 14 })
  else if (point) await map.fit('points', { maxZoom: is_exact ? 14 : 11 })
}
