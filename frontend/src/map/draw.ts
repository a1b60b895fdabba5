import type { Feature, Position } from 'geojson'
import type { GeoJSONSource, Map as GlMap, MapMouseEvent, MapTouchEvent } from 'maplibre-gl'
import { h, icon } from '../dom'
import { t } from '../i18n'
import { circle, crossesItself, distance, polygonOf } from './geometry'
import type { Drawn } from './types'

type Tool = 'polygon' | 'circle'

const NEAR = 14 // pixels: how near a press must be to count as "on" a corner
const LARGEST = 100_000 // metres: the largest radius that can be drawn

/**
 * Draws one polygon or one circle, by mouse, finger or keyboard.
 *
 * Polygon: each press sets a corner; a press on the first corner (or Enter) closes it. By keyboard: the arrows move the map
 * under a cross, Space sets a corner there, Backspace takes the last away. Circle: a press sets the centre (Space: under the
 * cross), the next one the edge; or the radius is typed. Corners of a finished shape can be dragged.
 */
export class DrawTool {
  readonly bar: HTMLElement
  private tool: Tool | null = null
  private corners: Position[] = []
  private centre: Position | null = null
  private radius = 500
  private dragged = -1
  private finished = false
  private readonly buttons = new Map<Tool, HTMLButtonElement>()
  private readonly size: HTMLInputElement
  private readonly hint: HTMLElement
  private readonly cross = h('div', { class: 'map-cross', 'aria-hidden': 'true', hidden: true })

  constructor(
    private readonly map: GlMap,
    tools: Tool[],
    private readonly changed: (drawn: Drawn | null) => void,
  ) {
    this.size = h('input', { type: 'number', min: 50, max: LARGEST, step: 50, value: this.radius, inputmode: 'numeric' })
    this.size.addEventListener('input', () => this.resize(Number(this.size.value)))
    this.hint = h('p', { class: 'map-hint', role: 'status', hidden: true })
    const clear = h('button', { class: 'btn', type: 'button', 'aria-label': t('draw.clear') }, icon('eraser'))
    clear.addEventListener('click', () => this.clear())
    const all: [Tool, Node][] = [
      ['circle', icon('circle-dashed')],
      ['polygon', icon('polygon')],
    ]
    for (const [tool, mark] of all) {
      if (!tools.includes(tool)) continue
      const button = h('button', { class: 'btn', type: 'button', 'aria-pressed': 'false' }, mark, t(`draw.${tool}`))
      button.addEventListener('click', () => this.choose(this.tool === tool && !this.finished ? null : tool))
      this.buttons.set(tool, button)
    }
    this.bar = h(
      'div',
      { class: 'map-tools', role: 'toolbar', 'aria-label': t('draw.tools') },
      ...this.buttons.values(),
      tools.includes('circle') && h('label', {}, h('span', {}, t('draw.radius')), this.size, t('draw.metres')),
      clear,
      this.hint,
    )
    map.getContainer().append(this.cross)
    map.on('click', (event) => this.pressed([event.lngLat.lng, event.lngLat.lat], [event.point.x, event.point.y]))
    map.on('mousemove', (event) => this.moved(event))
    map.on('touchmove', (event) => this.moved(event))
    map.on('mousedown', (event) => this.grab(event))
    map.on('touchstart', (event) => this.grab(event))
    map.on('mouseup', () => this.drop())
    map.on('touchend', () => this.drop())
    map.getCanvas().addEventListener('keydown', (event) => this.key(event))
  }

  get active(): boolean {
    return this.tool !== null && !this.finished
  }

  /** Show a shape that is already there, ready to be changed. */
  show(drawn: Drawn | null): void {
    this.reset()
    if (!drawn) return
    if (drawn.circle) {
      this.tool = 'circle'
      this.centre = [drawn.circle.lon, drawn.circle.lat]
      this.setRadius(drawn.circle.radius)
    } else {
      this.tool = 'polygon'
      this.corners = (drawn.geometry.coordinates[0] ?? []).slice(0, -1)
    }
    this.finished = true
    this.draw()
  }

  /** A circle around a place, as one act (around an incident, or by keyboard). */
  around(lon: number, lat: number, radius = this.radius): void {
    this.show({ geometry: circle([lon, lat], radius), circle: { lat, lon, radius } })
    this.tell()
  }

  clear(): void {
    this.reset()
    this.changed(null)
  }

  private reset(): void {
    this.tool = null
    this.corners = []
    this.centre = null
    this.finished = false
    this.say('')
    this.draw()
  }

  private choose(tool: Tool | null): void {
    const had = this.finished
    this.reset()
    if (had) this.changed(null)
    this.tool = tool
    if (tool) {
      this.say(t(`draw.${tool}.hint`))
      this.hint.append(h('span', { class: 'map-keys' }, ` ${t(`draw.${tool}.keys`)}`))
      this.map.getCanvas().focus()
    }
    this.draw()
  }

  private pressed(at: Position, [x, y]: [number, number]): void {
    if (!this.active) return
    if (this.tool === 'circle') {
      if (!this.centre) this.centre = at
      else {
        this.setRadius(distance(this.centre, at))
        this.finish()
      }
    } else {
      const first = this.corners[0]
      if (first && this.corners.length >= 3) {
        const point = this.map.project([first[0] ?? 0, first[1] ?? 0])
        if (Math.hypot(point.x - x, point.y - y) < NEAR) return this.finish()
      }
      this.corners.push(at)
    }
    this.draw()
  }

  private moved(event: MapMouseEvent | MapTouchEvent): void {
    const at: Position = [event.lngLat.lng, event.lngLat.lat]
    if (this.dragged >= 0) {
      event.preventDefault()
      if (this.tool === 'polygon') this.corners[this.dragged] = at
      else if (this.dragged === 0) this.centre = at
      else if (this.centre) this.setRadius(distance(this.centre, at))
      this.draw()
    } else if (this.active && this.tool === 'circle' && this.centre && event.type === 'mousemove') {
      this.setRadius(distance(this.centre, at))
      this.draw()
    } else if (this.active && this.tool === 'polygon') this.draw(at)
  }

  private grab(event: MapMouseEvent | MapTouchEvent): void {
    if (!this.finished) return
    const near = this.handles().findIndex((corner) => {
      const point = this.map.project([corner[0] ?? 0, corner[1] ?? 0])
      return Math.hypot(point.x - event.point.x, point.y - event.point.y) < NEAR
    })
    if (near < 0) return
    event.preventDefault() // the map must not move under the finger
    this.dragged = near
  }

  private drop(): void {
    if (this.dragged < 0) return
    this.dragged = -1
    this.tell()
  }

  private key(event: KeyboardEvent): void {
    if (!this.active) return
    const middle = this.map.getCenter()
    if (event.key === ' ') {
      const point = this.map.project(middle)
      this.pressed([middle.lng, middle.lat], [point.x, point.y])
      if (this.tool === 'circle' && this.centre && !this.finished) this.size.focus()
    } else if (event.key === 'Enter') this.finish()
    else if (event.key === 'Backspace') {
      this.corners.pop()
      this.draw()
    } else if (event.key === 'Escape') this.clear()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  private setRadius(metres: number): void {
    this.radius = Math.min(LARGEST, Math.max(50, Math.round(metres / 10) * 10))
    if (document.activeElement !== this.size) this.size.value = String(this.radius)
  }

  private resize(metres: number): void {
    if (!(metres >= 50 && metres <= LARGEST)) return
    this.radius = metres
    if (this.tool !== 'circle' || !this.centre) return
    this.finished = true
    this.say('')
    this.draw()
    this.tell()
  }

  private finish(): void {
    if (this.tool === 'circle' && !this.centre) return
    if (this.tool === 'polygon') {
      if (this.corners.length < 3) return this.say(t('draw.few'))
      if (crossesItself(this.corners)) return this.say(t('draw.crossed'))
    }
    this.finished = true
    this.say('')
    this.draw()
    this.tell()
  }

  private shape(): Drawn | null {
    if (this.tool === 'circle' && this.centre) {
      const [lon = 0, lat = 0] = this.centre
      return { geometry: circle(this.centre, this.radius), circle: { lat, lon, radius: this.radius } }
    }
    return this.corners.length >= 3 ? { geometry: polygonOf(this.corners) } : null
  }

  private handles(): Position[] {
    if (this.tool === 'polygon') return this.corners
    const edge = this.shape()?.geometry.coordinates[0]?.[48] // due east
    return this.centre && edge ? [this.centre, edge] : []
  }

  private tell(): void {
    if (this.tool === 'polygon' && crossesItself(this.corners)) {
      this.say(t('draw.crossed'))
      this.changed(null)
    } else {
      this.say('')
      this.changed(this.shape())
    }
  }

  private say(text: string): void {
    this.hint.textContent = text
    this.hint.hidden = !text
  }

  private draw(pointer?: Position): void {
    for (const [tool, button] of this.buttons) button.setAttribute('aria-pressed', String(this.tool === tool))
    this.cross.hidden = !this.active
    this.map.getCanvas().style.cursor = this.active ? 'crosshair' : ''
    const features: Feature[] = this.handles().map((at) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Point', coordinates: at },
    }))
    const line =
      this.tool === 'circle'
        ? (this.shape()?.geometry.coordinates[0] ?? [])
        : this.finished
          ? [...this.corners, ...this.corners.slice(0, 1)]
          : [...this.corners, ...(pointer && this.corners.length ? [pointer] : [])]
    if (line.length > 1) features.push({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: line } })
    void this.map.getSource<GeoJSONSource>('draw')?.setData({ type: 'FeatureCollection', features })
  }
}
