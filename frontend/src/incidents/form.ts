/** The form of an incident: time by one choice, place by the map, by name or by numbers. Without this script all fields stand there. */
import { $, $$, h, icon } from '../dom'
import { getJson } from '../http'
import { t } from '../i18n'
import type { TirekMap } from '../map/element'
import { circle } from '../map/geometry'
import { Finder } from '../parts/finder'

interface Found {
  area?: number
  facility?: string
  name: string
  detail: string
  lat: number | null
  lon: number | null
  precise: boolean
}

const PAUSE = 200
const DECIMALS = 6

export class IncidentForm {
  private readonly map: TirekMap | null
  private readonly search: HTMLInputElement | null
  private readonly hits: HTMLElement | null
  private found: Found[] = []
  private chosen = -1
  private timer: ReturnType<typeof setTimeout> | undefined
  /** The text that the chosen place has put into the box. */
  private taken = ''
  private readonly finder = new Finder(async (text: string) => {
    const { found } = await getJson<{ found: Found[] }>(`${this.form.dataset['where'] ?? ''}?q=${encodeURIComponent(text)}`)
    return found
  })

  constructor(private readonly form: HTMLFormElement) {
    this.map = $<TirekMap>('#where-map', form)
    this.search = $<HTMLInputElement>('[data-where-search] input', form)
    this.hits = $('#where-hits', form)
  }

  start(): void {
    for (const radio of this.radios('when_precision')) radio.addEventListener('change', () => this.showTime())
    for (const radio of this.radios('where_precision')) radio.addEventListener('change', () => this.showPlaceFields())
    for (const name of ['lat', 'lon', 'uncertainty_m']) this.field(name)?.addEventListener('change', () => void this.mark())
    this.field('kind')?.addEventListener('change', () => this.sayUsual())
    this.map?.addEventListener('place', (event) => this.pressed((event as CustomEvent<{ lat: number; lon: number }>).detail))
    this.map?.addEventListener('ready', () => void this.mark(true))
    this.listen()
    this.showTime()
    this.showPlaceFields()
    this.sayUsual()
    // What is wrong comes first into view, and into the hands of who works by keyboard.
    $<HTMLElement>('[aria-invalid=true]', this.form)?.focus()
  }

  private field(name: string): HTMLInputElement | null {
    return $<HTMLInputElement>(`[name="${name}"]`, this.form)
  }

  private radios(name: string): HTMLInputElement[] {
    return $$<HTMLInputElement>(`input[name="${name}"]`, this.form)
  }

  private picked(name: string): string {
    return this.radios(name).find((radio) => radio.checked)?.value ?? ''
  }

  /** A time of the day is asked for only where it is known to the hour. */
  private showTime(): void {
    this.show('hour', this.picked('when_precision') === 'hour')
  }

  /** A point means something only where the place is known so well. */
  private showPlaceFields(): void {
    const where = this.picked('where_precision')
    const near = where === 'point' || where === 'settlement'
    for (const name of ['lat', 'lon', 'uncertainty_m', 'facility']) this.show(name, near)
  }

  private show(name: string, on: boolean): void {
    const box = this.field(name)?.closest<HTMLElement>('.field')
    if (box && !box.querySelector('.errors')) box.hidden = !on
  }

  /** The first choice of severity says which one it is for the chosen kind. */
  private sayUsual(): void {
    const usual = JSON.parse($('#severities', this.form)?.textContent ?? '{}') as Record<string, number>
    const select = $<HTMLSelectElement>('select[name=severity]', this.form)
    const first = select?.options[0]
    const severity = usual[this.field('kind')?.value ?? '']
    const named = [...(select?.options ?? [])].find((option) => option.value === String(severity))
    if (first && named) first.textContent = t('where.usual', { severity: named.textContent ?? '' })
  }

  private pressed({ lat, lon }: { lat: number; lon: number }): void {
    this.set('lat', lat.toFixed(DECIMALS))
    this.set('lon', lon.toFixed(DECIMALS))
    this.set('area', '')
    this.set('facility', '')
    if (!['point', 'settlement'].includes(this.picked('where_precision'))) this.pick('point')
    void this.mark()
  }

  private set(name: string, value: string): void {
    const field = this.field(name)
    if (field) field.value = value
  }

  private pick(where: string): void {
    for (const radio of this.radios('where_precision')) radio.checked = radio.value === where
    this.showPlaceFields()
  }

  /** The point and its uncertainty on the map, as the fields have them. */
  private async mark(look = false): Promise<void> {
    const [lat, lon] = ['lat', 'lon'].map((name) => Number((this.field(name)?.value || 'x').replace(',', '.')))
    const map = this.map
    if (!map || lat === undefined || lon === undefined) return
    if (Number.isNaN(lat) || Number.isNaN(lon) || Math.abs(lat) > 90 || Math.abs(lon) > 180) {
      await map.setPoints([])
      return void (await map.setShape(null))
    }
    const state = this.picked('where_precision') === 'point' ? 'place' : 'around'
    await map.setPoints([{ id: 1, lat, lon, state }])
    const metres = Number(this.field('uncertainty_m')?.value)
    await map.setShape(metres > 0 ? circle([lon, lat], metres) : null, 'draft')
    if (look) await map.fit('points', { maxZoom: 12 })
  }

  // The search box

  private listen(): void {
    const box = this.search
    if (!box || !this.hits) return
    const whole = box.closest<HTMLElement>('[data-where-search]')
    if (whole) whole.hidden = false
    box.addEventListener('input', () => {
      clearTimeout(this.timer)
      this.finder.forget()
      this.taken = ''
      this.hits?.setAttribute('aria-busy', 'true') // what stands there was found for another text
      this.timer = setTimeout(() => void this.look().catch(() => this.close()), PAUSE)
    })
    box.addEventListener('keydown', (event) => this.keyed(event))
    box.addEventListener('blur', () => setTimeout(() => this.close(), PAUSE))
  }

  private get query(): string {
    return this.search?.value.trim() ?? ''
  }

  /** Find what the text in the box means; false when it is short, or another text came in between. */
  private async look(): Promise<boolean> {
    clearTimeout(this.timer)
    if (this.query.length < 2) {
      this.close()
      return false
    }
    const found = await this.finder.find(this.query)
    if (!found) return false
    this.found = found
    this.chosen = found.length ? 0 : -1
    this.draw()
    return true
  }

  private draw(): void {
    const hits = this.hits
    if (!hits) return
    const lines = this.found.map((one, number) => {
      const line = h(
        'li',
        { id: `where-hit-${number}`, role: 'option', 'aria-selected': String(number === this.chosen) },
        icon(one.facility ? 'building' : 'map-pin'), h('span', {}, one.name, ' ', h('small', { class: 'mute' }, one.detail)),
      )
      line.addEventListener('pointerdown', (event) => {
        event.preventDefault()
        this.take(one)
      })
      return line
    })
    hits.replaceChildren(...(lines.length ? lines : [h('li', { class: 'mute', role: 'option', 'aria-disabled': 'true' }, t('where.none'))]))
    hits.hidden = false
    hits.setAttribute('aria-busy', 'false')
    this.search?.setAttribute('aria-expanded', 'true')
    this.search?.setAttribute('aria-activedescendant', this.chosen >= 0 ? `where-hit-${this.chosen}` : '')
  }

  private close(): void {
    clearTimeout(this.timer)
    this.finder.forget()
    this.found = []
    this.chosen = -1
    if (this.hits) this.hits.hidden = true
    this.search?.setAttribute('aria-expanded', 'false')
  }

  private keyed(event: KeyboardEvent): void {
    if (event.key === 'Escape') return this.close()
    if (event.key === 'Enter') {
      // Never sends the form: who presses Enter here means the place.
      event.preventDefault()
      return void this.enter()
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || !this.found.length || !this.finder.of(this.query)) return
    event.preventDefault()
    this.chosen = (this.chosen + step + this.found.length) % this.found.length
    this.draw()
  }

  /** Take what is marked, if it was found for the text in the box; else what is found for it now. */
  private async enter(): Promise<void> {
    if (this.query === this.taken) return
    const isFound = this.finder.of(this.query) !== null || (await this.look().catch(() => false))
    const one = isFound ? this.found[this.chosen] : undefined
    if (one) this.take(one)
  }

  private take(one: Found): void {
    this.close()
    if (this.search) this.search.value = one.name
    this.taken = one.name.trim()
    this.set('facility', one.facility ?? '')
    this.set('area', one.area ? String(one.area) : '')
    const coarse = one.area !== undefined && !one.precise
    const known = one.lat !== null && one.lon !== null
    this.set('lat', one.facility && known ? String(one.lat) : '')
    this.set('lon', one.facility && known ? String(one.lon) : '')
    this.pick(one.facility ? 'point' : coarse ? 'district' : 'settlement')
    void this.mark()
    if (known && this.map) {
      const [lat, lon] = [Number(one.lat), Number(one.lon)]
      const half = one.facility ? 0.01 : coarse ? 0.6 : 0.06
      void this.map.fit([lon - half, lat - half, lon + half, lat + half])
    }
  }
}
