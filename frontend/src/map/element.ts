import type { Feature, FeatureCollection, Geometry, Point } from 'geojson'
import type { GeoJSONSource, LngLatLike, Map as GlMap, Marker, PointLike, Popup } from 'maplibre-gl'
import { h, icon } from '../dom'
import { getJson } from '../http'
import { t } from '../i18n'
import { Order } from '../order'
import type { DrawTool } from './draw'
import { boundsOf, graticule, roomiest, type Bounds } from './geometry'
import { Meanwhile } from './meanwhile'
import type { BaseMap } from './style'
import type { Drawn, FadedPoints, Fit, Incident, LightPoints, MapPoint, PointState, ShapeKind } from './types'

/** Where the map looks when nothing says otherwise: all of it. */
const WORLD: Bounds = [-170, -55, 170, 75]

const collection = (features: Feature[] = []): FeatureCollection => ({ type: 'FeatureCollection', features })

/**
 * <tirek-map>: the one map of all pages. Wholly offline: shapes and points come from our own server, labels are drawn from
 * the page's font.
 *
 * Attributes: `data-src` areas and settlements (GeoJSON; an area with `level` and `doubt` is coloured by them), `data-points` points (JSON {"points": [...]}), `data-base` a
 * PMTiles file in place of the operator's (which the body names), `data-draw="circle polygon"` drawing tools, `data-cluster` draws
 * points that lie close together as one with their number, `data-label` what the map shows, for screen readers, `data-place` lets every
 * click show a place, whatever lies under it.
 *
 * Events: `pick` {id, kind: "point" | "area", properties}, `place` {lat, lon}, `draw` Drawn or null, `ready`.
 *
 * The element itself is small and defined on every page, so it can be called at once: calls before `ready` are kept and done
 * then, in their order. What draws comes after it (`drawing.ts`).
 */
export class TirekMap extends HTMLElement {
  private drawing: typeof import('./drawing') | undefined
  private map: GlMap | undefined
  private base: BaseMap | null = null
  private tool: DrawTool | undefined
  private readonly points = new Map<string, MapPoint>()
  private readonly pending = new Map<string, PointState>()
  private readonly loads = new Order()
  private readonly meanwhile = new Meanwhile<{ state: PointState; detail: string | undefined }>()
  private areas: Feature[] = []
  private shape: Geometry | null = null
  private marker: Marker | undefined
  private popup: Popup | undefined
  private flush = 0
  private over: string | number | undefined
  /** Resolves when the map can be drawn on. */
  readonly ready: Promise<void>
  private isReady!: () => void

  constructor() {
    super()
    this.ready = new Promise((resolve) => (this.isReady = resolve))
  }

  connectedCallback(): void {
    if (!this.map) void this.build()
  }

  disconnectedCallback(): void {
    this.map?.remove()
    this.map = undefined
  }

  private async build(): Promise<void> {
    const box = h('div')
    this.prepend(box)
    let drawing: typeof import('./drawing')
    try {
      drawing = this.drawing = await import('./drawing')
    } catch {
      // The network ended between the page and its map. The list beside the map has all of it.
      box.replaceWith(h('p', { class: 'map-still' }, t('map.lost')))
      return
    }
    // Labels are drawn from the page's font: the subsets with Kazakh letters must be there before the first glyph is.
    await document.fonts.load('24px "Noto Sans Variable"', 'AaЯяӘәҒғҚқҢңӨөҰұҮүҺһІі').catch(() => [])
    const base = this.dataset['base'] ?? document.body.dataset['baseMap']
    if (base) this.base = await drawing.baseMap(base)
    let map: GlMap
    try {
      map = new drawing.Map({
        container: box,
        style: drawing.mapStyle(this.base, this.clusters),
        bounds: WORLD,
        attributionControl: this.base ? { compact: false } : false,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        renderWorldCopies: false,
        maxZoom: 19,
        fadeDuration: 0, // a proof shows at once, or a failure may be missed
        locale: { 'NavigationControl.ZoomIn': t('map.in'), 'NavigationControl.ZoomOut': t('map.out'), 'ScaleControl.Meters': t('map.m'), 'ScaleControl.Kilometers': t('map.km'), 'Map.Title': this.dataset['label'] ?? t('map.title') },
      })
    } catch {
      // No WebGL here. The list beside the map has all of it.
      box.replaceWith(h('p', { class: 'map-still' }, t('map.none')))
      return
    }
    this.map = map
    this.popup = new drawing.Popup({ closeButton: false, closeOnClick: false, maxWidth: '18rem', offset: 14 })
    map.touchZoomRotate.disableRotation()
    map.addControl(new drawing.NavigationControl({ showCompass: false }), 'top-right')
    map.addControl(new drawing.ScaleControl({ unit: 'metric' }), 'bottom-right')
    await new Promise((done) => map.once('load', done))
    drawing.drawImages(map)
    this.listen(map, drawing)
    const tools = (this.dataset['draw'] ?? '').split(/\s+/).filter((word) => word === 'circle' || word === 'polygon')
    if (tools.length) {
      this.tool = new drawing.DrawTool(map, tools, (drawn) => {
        this.drawShape(drawn?.geometry ?? null, 'draft')
        this.dispatchEvent(new CustomEvent<Drawn | null>('draw', { detail: drawn, bubbles: true }))
      })
      this.append(this.tool.bar)
    }
    this.isReady()
    const jobs: Promise<void>[] = []
    if (this.dataset['src']) jobs.push(this.loadAreas(this.dataset['src']))
    if (this.dataset['points']) jobs.push(this.loadPoints(this.dataset['points']))
    await Promise.all(jobs)
    if (!this.dataset['src'] && this.dataset['points']) await this.fit('points')
    this.drawGrid()
    this.dispatchEvent(new CustomEvent('ready', { bubbles: true }))
  }

  private get clusters(): boolean {
    return this.dataset['cluster'] !== undefined
  }

  private source(name: string): GeoJSONSource | undefined {
    return this.map?.getSource<GeoJSONSource>(name)
  }

  private listen(map: GlMap, { drawImages, mapStyle }: typeof import('./drawing')): void {
    map.on('moveend', () => this.drawGrid())
    map.on('mousemove', (event) => {
      if (this.tool?.active) return void this.popup?.remove()
      const point = map.queryRenderedFeatures(event.point, { layers: ['points'] })[0]
      const cluster = point ? undefined : this.clusterAt(event.point)
      const area = point || cluster ? undefined : map.queryRenderedFeatures(event.point, { layers: ['areas'] })[0]
      this.hover(point ? undefined : area?.id)
      map.getCanvas().style.cursor = this.dataset['place'] !== undefined ? 'crosshair' : point || cluster || area?.properties['url'] ? 'pointer' : ''
      if (point) this.tip(this.points.get(String(point.properties['id'])))
      else if (area?.properties['detail']) this.say(area.properties['name'] as string, area.properties['detail'] as string, event.lngLat)
      else this.popup?.remove()
    })
    map.on('mouseout', () => {
      this.popup?.remove()
      this.hover(undefined)
    })
    map.on('click', (event) => {
      if (this.tool?.active) return
      if (this.dataset['place'] !== undefined) {
        const { lat, lng: lon } = event.lngLat
        this.dispatchEvent(new CustomEvent('place', { detail: { lat, lon }, bubbles: true }))
        return
      }
      // A finger is wider than a pixel.
      const { x, y } = event.point
      const box: [[number, number], [number, number]] = [[x - 8, y - 8], [x + 8, y + 8]]
      const point = map.queryRenderedFeatures(box, { layers: ['points'] })[0]
      const cluster = point ? undefined : this.clusterAt(box)
      if (cluster) return void this.open(cluster)
      const area = point ? undefined : map.queryRenderedFeatures(event.point, { layers: ['areas'] })[0]
      const hit = point ?? area
      if (!hit) return
      if (point) this.tip(this.points.get(String(point.properties['id'])))
      const { id, ...properties } = hit.properties
      this.dispatchEvent(new CustomEvent('pick', { detail: { id, kind: point ? 'point' : 'area', properties }, bubbles: true }))
    })
    document.addEventListener('tirek:theme', () => {
      map.setStyle(mapStyle(this.base, this.clusters), {
        transformStyle: (before, after) => ({ ...after, sources: before?.sources ?? after.sources }),
      })
      drawImages(map)
    })
  }

  private clusterAt(where: PointLike | [PointLike, PointLike]): Feature<Point> | undefined {
    if (!this.clusters || !this.map) return undefined
    return this.map.queryRenderedFeatures(where, { layers: ['clusters'] })[0] as Feature<Point> | undefined
  }

  /** Go so close that a cluster falls into its parts. */
  private async open(cluster: Feature<Point>): Promise<void> {
    const zoom = await this.source('points')?.getClusterExpansionZoom(Number(cluster.properties?.['cluster_id']))
    const [lon = 0, lat = 0] = cluster.geometry.coordinates
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.map?.easeTo({ center: [lon, lat], zoom: Math.min((zoom ?? 12) + 0.2, 17), animate: !still })
  }

  private hover(id: string | number | undefined): void {
    if (id === this.over) return
    if (this.over !== undefined) this.map?.setFeatureState({ source: 'areas', id: this.over }, { over: false })
    if (id !== undefined) this.map?.setFeatureState({ source: 'areas', id }, { over: true })
    this.over = id
  }

  /** Mark an area as if the pointer were over it, or none. */
  mark(id: number | null): void {
    void this.ready.then(() => this.hover(id ?? undefined))
  }

  private tip(point: MapPoint | undefined): void {
    if (!point || !this.map) return
    const word = ['facility', 'place', 'around'].includes(point.state) ? '' : t(point.state === 'late' ? 'map.late' : `state.${point.state}`)
    const lines = [word, point.detail].filter(Boolean).join(' · ')
    this.say(point.name ?? '', lines, [point.lon, point.lat])
  }

  private say(name: string, detail: string, at: LngLatLike): void {
    if (!this.map) return
    this.popup?.setLngLat(at).setDOMContent(h('div', {}, h('b', {}, name), h('small', {}, detail))).addTo(this.map)
  }

  private drawGrid(): void {
    if (!this.map || this.base) return
    const bounds = this.map.getBounds()
    const geometry = graticule([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()])
    void this.source('grid')?.setData({ type: 'Feature', properties: {}, geometry })
  }

  /** Fetch areas (polygons) and settlements (points). Properties: id, kind, name; lat, lon of what has no outline; population; url. */
  async loadAreas(address: string): Promise<void> {
    await this.setAreas(await getJson<FeatureCollection>(address))
    this.fit('areas')
  }

  async setAreas(areas: FeatureCollection): Promise<void> {
    await this.ready
    this.areas = areas.features
    const shapes = areas.features.filter((feature) => feature.geometry && feature.geometry.type !== 'Point')
    const labels = areas.features.map((feature): Feature<Point> => {
      const p = feature.properties ?? {}
      const bounds = boundsOf([feature.geometry]) ?? WORLD
      const middle = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]
      const given = typeof p['lon'] === 'number' && typeof p['lat'] === 'number' ? [p['lon'], p['lat']] : null
      const at = roomiest(feature.geometry) ?? given ?? middle
      return { type: 'Feature', properties: p, geometry: { type: 'Point', coordinates: at } }
    })
    void this.source('areas')?.setData(collection(shapes))
    void this.source('places')?.setData(collection(labels.filter((label) => label.properties?.['kind'] !== 'country')))
  }

  /**
   * Fetch points: {"points": [{id, lat, lon, state, name, detail}]}, or many in few bytes (`LightPoints`). What `patch` says
   * while they are on their way stands over them.
   */
  async loadPoints(address: string): Promise<void> {
    const number = this.loads.ask()
    const since = this.meanwhile.begin()
    try {
      const found = await getJson<{ points: MapPoint[] } | LightPoints | FadedPoints>(address)
      if (!this.loads.take(number)) return
      const set = this.setPoints('rows' in found ? this.unpacked(found) : 'faded' in found ? this.unfaded(found) : found.points)
      for (const [id, { state, detail }] of since) this.patch(id, state, detail)
      await set
    } finally {
      this.meanwhile.end(since)
    }
  }

  private unpacked({ types, rows }: LightPoints): MapPoint[] {
    return rows.map(([id, lat, lon, type, name, late]) => ({
      id, lat, lon, name, detail: types[type] ?? '', state: late ? 'late' : 'facility',
    }))
  }

  private unfaded({ types, faded }: FadedPoints): MapPoint[] {
    return faded.map(([id, lat, lon, type, name, state, opacity]) => ({
      id, lat, lon, name: types[type] ?? '', detail: name, state, opacity,
    }))
  }

  async setPoints(points: MapPoint[]): Promise<void> {
    this.points.clear()
    for (const point of points) this.points.set(String(point.id), point)
    this.pending.clear()
    await this.ready
    void this.source('points')?.setData(
      collection(
        points.map(({ id, lat, lon, state, name = '', opacity = 1 }) => ({
          type: 'Feature',
          id: id,
          properties: { id, state, name, opacity },
          geometry: { type: 'Point', coordinates: [lon, lat] },
        })),
      ),
    )
  }

  /** Change the state of one point. Many calls in a row are drawn together. */
  patch(id: number | string, state: PointState, detail?: string): void {
    this.meanwhile.note(String(id), { state, detail })
    const point = this.points.get(String(id))
    if (!point) return
    point.state = state
    if (detail !== undefined) point.detail = detail
    this.pending.set(String(id), state)
    this.flush ||= requestAnimationFrame(() => {
      this.flush = 0
      const update = [...this.pending].flatMap(([key, value]) => {
        const known = this.points.get(key)
        return known ? [{ id: known.id, addOrUpdateProperties: [{ key: 'state', value }] }] : []
      })
      this.pending.clear()
      void this.ready.then(() => this.source('points')?.updateData({ update }))
    })
  }

  /** How many points are in each state now. */
  count(): Partial<Record<PointState, number>> {
    const counts: Partial<Record<PointState, number>> = {}
    for (const { state } of this.points.values()) counts[state] = (counts[state] ?? 0) + 1
    return counts
  }

  /** Show only these points (a table beside filters the map); null shows all. */
  async filter(ids: (number | string)[] | null): Promise<void> {
    await this.ready
    const single = ['!', ['has', 'point_count']]
    const filter = (ids === null ? single : ['all', single, ['in', ['get', 'id'], ['literal', ids]]]) as never
    for (const layer of ['points', 'points-label']) this.map?.setFilter(layer, filter)
  }

  /** Mark one point, or none. */
  async choose(id: number | string | null, show = false): Promise<void> {
    await this.ready
    const point = id === null ? undefined : this.points.get(String(id))
    // A source of its own: a point inside a cluster is drawn by nobody else.
    const mark: Feature[] = point ? [{ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [point.lon, point.lat] } }] : []
    void this.source('chosen')?.setData(collection(mark))
    if (point && show) this.map?.easeTo({ center: [point.lon, point.lat], zoom: Math.max(this.map.getZoom(), 13) })
  }

  /** The alert's or alarm's area. `live` is red, `exercise` violet and striped, `draft` dashed. */
  async setShape(geometry: Geometry | null, kind: ShapeKind = 'draft'): Promise<void> {
    await this.ready
    this.drawShape(geometry, kind)
  }

  private drawShape(geometry: Geometry | null, kind: ShapeKind): void {
    this.shape = geometry
    void this.source('shape')?.setData(
      collection(geometry ? [{ type: 'Feature', properties: { kind }, geometry }] : []),
    )
  }

  /** Put a shape into the drawing tool, to be changed; null clears it. */
  async edit(drawn: Drawn | null): Promise<void> {
    await this.ready
    this.tool?.show(drawn)
    this.drawShape(drawn?.geometry ?? null, 'draft')
  }

  /** Draw a circle around a place and tell it by `draw`. */
  async around(lon: number, lat: number, radius?: number): Promise<void> {
    await this.ready
    this.tool?.around(lon, lat, radius)
  }

  /** The place where it happens: a pulsing mark (still, if the person asked for little motion). */
  async setIncident(incident: Incident | null): Promise<void> {
    await this.ready
    this.marker?.remove()
    if (!incident || !this.map || !this.drawing) return
    const mark = h('div', { class: `map-incident is-${incident.mode ?? 'live'}`, role: 'img', 'aria-label': incident.name ?? '' }, icon('plus'))
    this.marker = new this.drawing.Marker({ element: mark }).setLngLat([incident.lon, incident.lat]).addTo(this.map)
    if (incident.name)
      this.marker.setPopup(
        new this.drawing.Popup({ closeButton: false, offset: 24 }).setDOMContent(
          h('div', {}, h('b', {}, incident.name), h('small', {}, incident.detail ?? '')),
        ),
      )
  }

  /** What the map shows now; null before it is built. */
  get bounds(): Bounds | null {
    const view = this.map?.getBounds()
    return view ? [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()] : null
  }

  /** Move the view to what matters. */
  async fit(what: Fit, options: { padding?: number; maxZoom?: number; animate?: boolean } = {}): Promise<void> {
    await this.ready
    const bounds = Array.isArray(what)
      ? what
      : what === 'points'
        ? boundsOf([...this.points.values()].map(({ lon, lat }) => ({ type: 'Point', coordinates: [lon, lat] })))
        : what === 'shape'
          ? this.shape && boundsOf([this.shape])
          : what === 'areas'
            ? boundsOf(this.areas.map((area) => area.geometry))
            : boundsOf([what])
    if (!bounds || !this.map) return
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    this.map.fitBounds(bounds, {
      padding: options.padding ?? 36,
      maxZoom: options.maxZoom ?? 15,
      animate: (options.animate ?? false) && !still,
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tirek-map': TirekMap
  }
}
