/** The register of endpoints: the map beside the table; a press on a point opens its page. */
import { $, $$ } from '../dom'
import type { TirekMap } from '../map/element'
import type { MapPoint } from '../map/types'

export function startEndpoints(): void {
  const map = $<TirekMap>('#endpoint-map')
  if (!map) return
  const page = map.dataset['page']
  const one = $('#endpoint-point')?.textContent
  map.addEventListener('ready', () => void show())
  async function show(): Promise<void> {
    if (one && map) {
      await map.setPoints(JSON.parse(one) as MapPoint[])
      await map.fit('points', { maxZoom: 13 })
    } else if (location.search) await map?.fit('points')
  }
  if (!page) return
  map.addEventListener('pick', (event) => {
    const { id, kind } = (event as CustomEvent<{ id: number; kind: string }>).detail
    if (kind === 'point') location.assign(`${page}${id}/`)
  })
  const hover = () => {
    for (const row of $$('tr[data-id]')) row.addEventListener('pointerenter', () => void map.choose(Number(row.dataset['id'])))
  }
  hover()
  document.addEventListener('htmx:afterSettle', hover)
  document.addEventListener('tirek:endpoint.changed', (event) => {
    const words: Record<string, MapPoint['state']> = { ready: 'ready', lost: 'unknown', fault: 'failed', waiting: 'pending', off: 'expired' }
    for (const [id, state] of (event as CustomEvent<{ changes: [number, string][] }>).detail.changes) {
      const shown = words[state]
      if (shown) map.patch(id, shown)
    }
  })
}
