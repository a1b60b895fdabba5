import type { Geometry } from 'geojson'
import { $, $$ } from '../dom'
import type { TirekMap } from '../map/element'

interface Pick {
  id: number
  kind: 'point' | 'area'
}

/**
 * The ranked table and its map: a row under the pointer is marked on the map; a district picked on the map, or a row pressed beside
 * its links, is the one that the page looks at closer (?area=).
 */
export class Board {
  private readonly map: TirekMap | null

  constructor(private readonly element: HTMLElement) {
    this.map = $<TirekMap>('tirek-map', element)
  }

  start(): void {
    for (const row of $$('tr[data-area]', this.element)) {
      const id = Number(row.dataset['area'])
      const show = () => this.map?.mark(id)
      row.addEventListener('pointerenter', show)
      row.addEventListener('focusin', show)
      row.addEventListener('pointerleave', () => this.map?.mark(this.chosen))
      row.addEventListener('click', (event) => {
        if (!(event.target as Element).closest('a, button, summary, input, label')) this.choose(id)
      })
    }
    this.map?.addEventListener('ready', () => this.map?.mark(this.chosen))
    this.map?.addEventListener('pick', (event) => {
      const { id, kind } = (event as CustomEvent<Pick>).detail
      if (kind === 'area') this.choose(id)
    })
  }

  /** The district that is looked at closer now. */
  private get chosen(): number | null {
    const id = this.map?.dataset['area']
    return id ? Number(id) : null
  }

  private choose(id: number): void {
    const query = new URLSearchParams(location.search)
    query.set('area', String(id))
    location.assign(`?${query.toString()}#closer`)
  }
}

/** The outline of clusters, given with the page. */
export function showClusters(map: TirekMap): void {
  const text = document.getElementById('cluster-shape')?.textContent
  if (text) map.addEventListener('ready', () => void map.setShape(JSON.parse(text) as Geometry, 'draft'))
}
