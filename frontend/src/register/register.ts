import { $, $$ } from '../dom'
import type { TirekMap } from '../map/element'

interface Pick {
  id: number
  kind: 'point' | 'area'
  properties: { url?: string }
}

/**
 * A table and a map of the same rows. Attributes of the element: `data-area-filter` the query field that a picked area fills;
 * `data-record-url` the address of a record, with 0 for its id. Rows carry `data-id`. A button with `data-box` narrows the
 * table to what the map shows.
 */
export class Register {
  private readonly map: TirekMap | null

  constructor(private readonly element: HTMLElement) {
    this.map = $<TirekMap>('tirek-map', element)
  }

  start(): void {
    const map = this.map
    if (!map) return
    for (const row of $$('[data-id]', this.element)) {
      const show = () => void map.choose(Number(row.dataset['id']))
      row.addEventListener('pointerenter', show)
      row.addEventListener('focusin', show)
    }
    map.addEventListener('pick', (event) => this.picked((event as CustomEvent<Pick>).detail))
    $('[data-box]', this.element)?.addEventListener('click', () => this.narrowToView())
    // The rows matter more than the land they lie in: a city's register is looked at street by street.
    if (map.dataset['points']) map.addEventListener('ready', () => void map.fit('points'))
  }

  private picked({ id, kind, properties }: Pick): void {
    if (kind === 'area') {
      const field = this.element.dataset['areaFilter']
      if (field) this.go({ [field]: String(id) })
      else if (properties.url && properties.url !== location.pathname) location.assign(properties.url)
      return
    }
    const row = $(`[data-id="${id}"]`, this.element)
    if (row) {
      for (const other of $$('.is-chosen', this.element)) other.classList.remove('is-chosen')
      row.classList.add('is-chosen')
      row.scrollIntoView({ block: 'center', behavior: 'smooth' })
      void this.map?.choose(id)
    } else if (this.element.dataset['recordUrl']) {
      location.assign(this.element.dataset['recordUrl'].replace('/0/', `/${id}/`))
    }
  }

  private narrowToView(): void {
    const bounds = this.map?.bounds
    if (bounds) this.go({ box: bounds.map((number) => number.toFixed(4)).join(',') })
  }

  private go(fields: Record<string, string>): void {
    const query = new URLSearchParams(location.search)
    query.delete('page')
    for (const [name, value] of Object.entries(fields)) query.set(name, value)
    location.search = query.toString()
  }
}
