/** The compose page: plan, area, words and mode are put together, and what would happen is read back at each change. */
import { $, $$, h, icon, store } from '../dom'
import { csrf, getJson } from '../http'
import { language, t } from '../i18n'
import type { TirekMap } from '../map/element'
import type { Drawn } from '../map/types'
import { Finder } from '../parts/finder'
import { toast } from '../parts/toast'
import { uuid } from '../uuid'
import { leftBefore, sameMatter, toKeep, type Draft, type Texts, type Words } from './draft'
import { player } from './listen'

interface ReadBack {
  geometry: GeoJSON.Geometry
  circle: [number, number, number] | null
  endpoints: number
  ids: number[]
  not_ready: number
  not_commanded: number
  people: number
  area: Words
  texts: Texts
  seconds: { tone: number; message: number }
  valid_min: number
  repeats: number
  problems: string[]
}
interface Found {
  facility?: number
  area?: number
  name: string
  kind: string
}

const PAUSE = 200
/** So long after a press that nothing came of one may press again. */
const PRESS_AGAIN = 8000

export class Compose {
  private draft: Draft
  private readonly edited: Texts = {}
  /** What was found in the browser, while words of it stand here that were not touched since. */
  private left: Draft | null = null
  private label = ''
  private timer: ReturnType<typeof setTimeout> | undefined
  private asked = 0
  private sent = false
  private hangs: ReturnType<typeof setTimeout> | undefined
  private last: ReadBack | null = null
  private readonly map: TirekMap | null
  private readonly kept

  constructor(private readonly form: HTMLFormElement) {
    this.map = $<TirekMap>('#compose-map')
    // By person: several work in one browser, in turn.
    this.kept = form.dataset['keep'] ? store(form.dataset['keep']) : null
    const start = JSON.parse($('#compose-start')?.textContent ?? '{}') as Draft
    this.draft = this.begin(start)
    if (this.draft.texts) Object.assign(this.edited, this.draft.texts)
    this.label = this.draft.label ?? ''
  }

  /** What the address asks for wins; else what was left here a moment ago, unsent. */
  private begin(start: Draft): Draft {
    if (start.plan || start.shape || start.alarm || start.texts || !this.kept) return { ...start, mode: start.mode ?? '' }
    this.left = leftBefore(this.kept.get(), Date.now())
    return this.left ? structuredClone(this.left) : { ...start, mode: start.mode ?? '' }
  }

  start(): void {
    for (const radio of $$<HTMLInputElement>('input[name=plan]', this.form)) {
      radio.checked = radio.value === this.draft.plan
      radio.addEventListener('change', () => this.choosePlan(radio))
    }
    for (const radio of $$<HTMLInputElement>('input[name=mode]', this.form)) {
      if (radio.type === 'radio') radio.checked = radio.value === this.draft.mode
      radio.addEventListener('change', () => this.chooseMode(radio.value))
    }
    for (const area of $$<HTMLTextAreaElement>('textarea[data-part]', this.form)) area.addEventListener('input', () => this.typed(area))
    $('#compose-reset')?.addEventListener('click', () => this.resetWords())
    const radius = $<HTMLInputElement>('#compose-radius')
    radius?.addEventListener('input', () => this.resize(Number(radius.value)))
    this.search()
    this.map?.addEventListener('draw', (event) => this.drawn((event as CustomEvent<Drawn | null>).detail))
    this.map?.addEventListener('pick', (event) => this.picked(event as CustomEvent))
    this.form.addEventListener('submit', (event) => this.submitted(event))
    // Who comes back to the page as it was left may press again, and means another alert.
    addEventListener('pageshow', (event) => event.persisted && this.comeBack())
    // The answer takes the place of the page: only then what was put together here is in safe hands.
    addEventListener('pagehide', () => this.sent && this.kept?.set(null))
    const listen = $<HTMLButtonElement>('#compose-listen')
    const audio = $<HTMLAudioElement>('#compose-audio')
    if (listen && audio)
      listen.addEventListener('click', () => void player(listen, audio, () => this.ask(this.form.dataset['listen'] ?? '')))
    document.addEventListener('tirek:endpoint.changed', () => this.later(2000))
    if (this.draft.mode) this.chooseMode(this.draft.mode)
    const shape = this.draft.shape
    if (radius && shape) radius.value = String(shape.radius ?? shape.circle?.radius ?? radius.value)
    this.beginAtWhatIsMissing()
    void this.read(true)
    // The map shows all areas when they are there; what is chosen matters more.
    this.map?.addEventListener('ready', () => this.last && void this.map?.fit(this.last.geometry))
  }

  /** By keyboard one starts at what only a person can say, not at the top of the page. */
  private beginAtWhatIsMissing(): void {
    if (document.activeElement !== document.body || !matchMedia('(pointer: fine)').matches) return
    const next = !this.draft.plan ? 'input[name=plan]' : !this.draft.shape ? '#compose-place' : 'input[name=mode][type=radio]'
    $<HTMLInputElement>(next, this.form)?.focus({ preventScroll: Boolean(this.draft.plan) })
  }

  // What the officer does

  private choosePlan(radio: HTMLInputElement): void {
    this.draft.plan = radio.value
    const radius = $<HTMLInputElement>('#compose-radius')
    const offered = radio.dataset['radius']
    if (radius && offered && !this.draft.shape?.area && !this.draft.shape?.geometry) {
      radius.value = offered
      this.setRadius(Number(offered))
    }
    this.later()
  }

  private chooseMode(mode: string): void {
    this.draft.mode = mode
    document.body.dataset['mode'] = mode
    const foot = $('#compose-foot')
    if (foot) foot.dataset['mode'] = mode
    this.allow(this.last) // the word changes at once; the server's reading follows
    this.later(0)
  }

  private typed(area: HTMLTextAreaElement): void {
    const code = area.dataset['language'] ?? ''
    const words: Words = {}
    for (const field of $$<HTMLTextAreaElement>(`textarea[data-language="${code}"]`, this.form)) words[field.dataset['part'] ?? ''] = field.value
    this.edited[code] = words
    if (this.left?.texts) delete this.left.texts[code] // from now on they are of this sitting
    this.later(600)
  }

  private resetWords(): void {
    for (const code of Object.keys(this.edited)) delete this.edited[code]
    this.later(0)
  }

  private drawn(detail: Drawn | null): void {
    if (!detail) this.forget()
    else {
      // A circle keeps the name of the place it was built around while its middle stays.
      const { circle, geometry } = detail
      const same = circle && this.last?.circle && Math.abs(this.last.circle[0] - circle.lat) + Math.abs(this.last.circle[1] - circle.lon) < 2e-4
      if (circle && same && this.draft.shape?.facility) this.draft.shape.radius = circle.radius
      else if (circle) this.draft.shape = { circle, ...(same && this.draft.shape?.place ? { place: this.draft.shape.place } : {}) }
      else this.draft.shape = { geometry }
      if (!same) this.label = ''
      const radius = $<HTMLInputElement>('#compose-radius')
      if (radius && circle && document.activeElement !== radius) radius.value = String(Math.round(circle.radius))
    }
    this.later()
  }

  private picked(event: CustomEvent<{ id: number; kind: string; properties: { name?: string } }>): void {
    const { id, kind, properties } = event.detail
    if (kind === 'area') this.choose({ area: id, name: properties.name ?? '', kind: '' })
  }

  private resize(metres: number): void {
    if (!(metres >= 50)) return
    this.setRadius(metres)
    this.later()
  }

  private setRadius(metres: number): void {
    const shape = this.draft.shape
    if (shape?.facility) shape.radius = metres
    else if (shape?.circle) shape.circle.radius = metres
  }

  private forget(): void {
    delete this.draft.shape
    this.label = ''
    this.last = null
    void this.map?.setShape(null)
  }

  // The search box

  private search(): void {
    const box = $<HTMLInputElement>('#compose-place')
    const list = $('#compose-places')
    if (!box || !list) return
    let wait: ReturnType<typeof setTimeout> | undefined
    const query = () => box.value.trim()
    const finder = new Finder(async (text: string) => {
      const { found } = await getJson<{ found: Found[] }>(`${this.form.dataset['places'] ?? ''}?q=${encodeURIComponent(text)}`)
      return found
    })
    const close = () => {
      clearTimeout(wait)
      finder.forget()
      list.hidden = true
      list.replaceChildren()
      box.setAttribute('aria-expanded', 'false')
    }
    const take = (place: Found) => {
      box.value = ''
      close()
      this.choose(place)
    }
    const find = async () => {
      clearTimeout(wait)
      if (query().length < 2) {
        close()
        return null
      }
      const found = await finder.find(query())
      if (found) this.offer(list, box, found, take, close)
      return found
    }
    box.addEventListener('input', () => {
      clearTimeout(wait)
      finder.forget()
      list.setAttribute('aria-busy', 'true') // what stands there was found for another text
      wait = setTimeout(() => void find().catch(close), 150)
    })
    box.addEventListener('blur', () => setTimeout(() => !list.contains(document.activeElement) && close(), 120))
    box.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown') finder.of(query()) && list.querySelector<HTMLElement>('[role=option]')?.focus()
      else if (event.key === 'Enter') void find().then((found) => found?.[0] && take(found[0]), close)
      else if (event.key === 'Escape') close()
      else return
      event.preventDefault()
    })
  }

  private offer(list: HTMLElement, box: HTMLElement, found: Found[], take: (place: Found) => void, close: () => void): void {
    const items = found.map((place) => {
      const item = h('li', { role: 'option', tabindex: -1 }, icon(place.facility ? 'building' : 'map'), h('span', {}, place.name), h('small', {}, place.kind))
      item.addEventListener('pointerdown', (event) => event.preventDefault())
      item.addEventListener('click', () => take(place))
      item.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') take(place)
        else if (event.key === 'ArrowDown') (item.nextElementSibling as HTMLElement | null)?.focus()
        else if (event.key === 'ArrowUp') ((item.previousElementSibling as HTMLElement | null) ?? box).focus()
        else if (event.key === 'Escape') close()
        else return
        event.preventDefault()
      })
      return item
    })
    list.replaceChildren(...(items.length ? items : [h('li', { class: 'mute' }, t('compose.nothing'))]))
    list.setAttribute('aria-busy', 'false')
    list.hidden = false
    box.setAttribute('aria-expanded', 'true')
  }

  private choose(place: Found): void {
    this.label = place.name
    const radius = Number($<HTMLInputElement>('#compose-radius')?.value ?? 400)
    this.draft.shape = place.facility ? { facility: place.facility, radius } : { area: place.area ?? 0 }
    void this.read(true)
  }

  // Reading back

  private later(wait = PAUSE): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.read(false), wait)
  }

  private whole(): Draft {
    const own = Object.keys(this.edited).length ? { texts: this.edited } : {}
    const { plan, mode, shape, alarm } = this.draft
    return { plan, mode, ...(shape ? { shape } : {}), ...own, ...(alarm ? { alarm } : {}) }
  }

  /** Words that were left here for one matter are not for the next one; what was written in this sitting stays. */
  private leaveOldWords(): void {
    if (!this.left || sameMatter(this.left, this.draft)) return
    for (const code of Object.keys(this.left.texts ?? {})) delete this.edited[code]
    this.left = null
  }

  private ask(address: string): Promise<Response> {
    return fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': csrf() },
      body: JSON.stringify(this.whole()),
    })
  }

  private async read(fit: boolean): Promise<void> {
    this.leaveOldWords()
    this.kept?.set(toKeep(this.whole(), this.label, Date.now()))
    this.showWhere()
    if (!this.draft.plan || !this.draft.shape) return this.allow(null)
    const number = ++this.asked
    const answer = await this.ask(this.form.dataset['read'] ?? '').catch(() => null)
    if (number !== this.asked) return // a newer question is on its way
    if (!answer) return toast(t('error.link'), 'error')
    if (answer.status === 409) return this.refuse(await answer.text())
    if (!answer.ok) return toast(t('error.server', { status: answer.status }), 'error')
    // A place that was given before the plan has not been shown yet.
    const given = !this.last && Boolean(this.draft.shape?.facility ?? this.draft.shape?.area)
    this.show((await answer.json()) as ReadBack, fit || given)
  }

  private show(found: ReadBack, fit: boolean): void {
    this.last = found
    const shape = this.draft.shape
    const drawn: Drawn | null = found.circle
      ? { geometry: found.geometry as GeoJSON.Polygon, circle: { lat: found.circle[0], lon: found.circle[1], radius: found.circle[2] } }
      : null
    // The map may still be on its way, or never come: what is said and sent does not wait for it.
    if (this.map) {
      // A shape that the tool drew itself is on the map already; touching it would end a drag.
      if (drawn && (shape?.facility || fit)) void this.map.edit(drawn)
      else if (!drawn && shape?.area) void this.map.edit(null)
      if (!drawn && (shape?.area || fit)) void this.map.setShape(found.geometry, 'draft')
      if (fit) void this.map.fit(found.geometry)
    }
    for (const area of $$<HTMLTextAreaElement>('textarea[data-part]', this.form)) {
      const code = area.dataset['language'] ?? ''
      if (!this.edited[code] && document.activeElement !== area) area.value = found.texts[code]?.[area.dataset['part'] ?? ''] ?? ''
    }
    const reset = $('#compose-reset')
    if (reset) reset.hidden = !Object.keys(this.edited).length
    this.showWhere(found)
    this.allow(found)
  }

  private showWhere(found: ReadBack | null = null): void {
    const line = $('#compose-where')
    if (!line) return
    const area = found?.area[language().slice(0, 2)]
    if (area) line.replaceChildren(icon('map-pin'), ` ${area}`)
  }

  private refuse(message: string): void {
    this.last = null
    this.allow(null)
    $('#compose-read')?.replaceChildren(h('p', { class: 'warn' }, message))
  }

  /** Say what will happen, and let it be sent only when all is said. */
  private allow(found: ReadBack | null): void {
    const send = $<HTMLButtonElement>('#compose-send')
    const keep = $<HTMLButtonElement>('#compose-keep')
    const ready = Boolean(found && !found.problems.length && this.draft.mode)
    if (send) {
      send.disabled = !ready || this.sent
      send.className = `btn btn-lg ${this.draft.mode ? `btn-${this.draft.mode}` : ''}`
    }
    if (keep) keep.disabled = !(found?.endpoints && this.draft.mode) || this.sent
    if (!found) return
    const { mode } = this.draft
    const word = mode ? h('strong', { class: `${mode}-word` }, t(`mode.${mode}`)) : h('strong', { class: 'warn' }, t('compose.mode'))
    const lines = [
      h('p', { class: 'read-what' }, word, ' ', t('compose.sound', { count: found.endpoints }), ' ', t('compose.people', { count: found.people }), '.'),
      h('p', { class: 'mute small' }, t('compose.length', { tone: found.seconds.tone, message: found.seconds.message, valid: found.valid_min })),
    ]
    if (found.not_ready) lines.push(h('p', { class: 'warn small' }, t('compose.notready', { count: found.not_ready })))
    if (found.not_commanded) lines.push(h('p', { class: 'mute small' }, t('compose.notcommanded', { count: found.not_commanded })))
    for (const problem of found.problems) lines.push(h('p', { class: 'warn' }, icon('alert-triangle'), ' ', problem))
    $('#compose-read')?.replaceChildren(...lines)
  }

  /** Once is enough: a second press would come before the answer to the first. */
  private submitted(event: SubmitEvent): void {
    if (this.sent) return event.preventDefault()
    this.sent = true
    this.fill()
    // Not at once: the name of a button that is disabled is not sent.
    setTimeout(() => this.allow(this.last))
    // A press that hangs or was stopped comes to nothing here; for the server the next one is for the same alert.
    this.hangs = setTimeout(() => this.reopen(), PRESS_AGAIN)
  }

  private reopen(): void {
    clearTimeout(this.hangs)
    this.sent = false
    this.allow(this.last)
  }

  private comeBack(): void {
    this.reopen()
    const key = $<HTMLInputElement>('input[name=key]', this.form)
    if (key) key.value = uuid()
  }

  private fill(): void {
    this.leaveOldWords()
    const field = $<HTMLInputElement>('input[name=draft]', this.form)
    if (field) field.value = JSON.stringify(this.whole())
  }
}
