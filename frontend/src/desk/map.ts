import { $, h } from '../dom'
import { getJson } from '../http'
import { t } from '../i18n'
import { circle } from '../map/geometry'
import type { MapPoint, PointState } from '../map/types'
import type { Place } from './detail'

interface Points {
  points: MapPoint[]
}

const SHOWN: PointState[] = ['ready', 'heard', 'accepted', 'unknown', 'failed', 'expired', 'pending']

/** The map beside the alarm: where it is, what a warning would reach, which endpoints answer. */
export class DeskMap {
  private readonly map: HTMLElementTagNameMap['tirek-map'] | null
  private readonly legend: HTMLElement | null
  private placed = ''
  private place: Place | null = null

  constructor(private readonly side: HTMLElement) {
    this.map = $('tirek-map', side) as HTMLElementTagNameMap['tirek-map'] | null
    this.legend = $('#duty-legend', side)
    // Once its areas are there the map looks at all of them: then back to what matters.
    this.map?.addEventListener('ready', () => this.again())
  }

  /** Look at the chosen alarm anew, for example when the map has become visible only now. */
  again(): void {
    this.placed = ''
    void this.focus(this.place)
  }

  async load(): Promise<void> {
    const { points } = await getJson<Points>(this.side.dataset['points'] ?? '')
    const address = this.side.dataset['endpoints']
    if (address) points.push(...(await getJson<Points>(address)).points)
    await this.map?.setPoints(points)
    this.count(points)
  }

  async focus(place: Place | null): Promise<void> {
    const key = place ? [place.lat, place.lon, place.radius, place.mark].join() : ''
    this.place = place
    if (key === this.placed) return
    this.placed = key
    if (!this.map) return
    if (!place) {
      await this.map.setIncident(null)
      await this.map.setShape(null)
      return
    }
    const shape = circle([place.lon, place.lat], place.radius)
    const { lat, lon, name, about: detail } = place
    await this.map.setShape(shape, place.mark || 'draft')
    await this.map.setIncident(place.mark ? { lat, lon, name, detail, mode: place.mark } : null)
    // Twice the circle, so that what lies around it is seen too.
    await this.map.fit(circle([lon, lat], place.radius * 2.2), { padding: 12, maxZoom: 16 })
  }

  private count(points: MapPoint[]): void {
    if (!this.legend) return
    const counts = new Map<PointState, number>()
    for (const { state } of points) counts.set(state, (counts.get(state) ?? 0) + 1)
    const items = SHOWN.filter((state) => counts.has(state)).map((state) =>
      h('span', { class: `state state-${state}` }, `${state === 'failed' ? t('desk.silent') : t(`state.${state}`)} ${counts.get(state) ?? 0}`),
    )
    this.legend.replaceChildren(...items)
    this.legend.hidden = items.length === 0
  }
}
