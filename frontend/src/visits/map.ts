/** Points of visits and the way between them, given with the page. */
import type { Geometry } from 'geojson'
import type { TirekMap } from '../map/element'
import type { MapPoint } from '../map/types'

const given = <T>(id: string): T | null => {
  const text = document.getElementById(id)?.textContent
  return text ? (JSON.parse(text) as T) : null
}

/** Shown once the map has its areas: they would draw the view to themselves afterwards. */
export function showVisits(map: TirekMap): void {
  map.addEventListener('ready', () => void show(map))
}

async function show(map: TirekMap): Promise<void> {
  const line = given<Geometry>('day-line')
  await map.setPoints(given<MapPoint[]>('visit-points') ?? [])
  if (line) await map.setShape(line, 'draft')
  await map.fit(line ? 'shape' : 'points', { maxZoom: 14 })
}
