/** One requirement: what is asked, what is known, the answer, and where the answer is. */
import { h, icon } from '../../dom'
import { t } from '../../i18n'
import type { Severity, State, Value } from '../types'
import { EMPTY, type Item, type Seen } from '../view'
import type { App } from './app'
import { Fields } from './fields'
import { PhotoRow } from './photos'
import { sides } from './sides'
import { day, pick } from './words'

const STATES: State[] = ['met', 'unmet', 'na', 'unknown']
const SEVERITIES: Severity[] = ['minor', 'serious', 'critical']
const TYPED_MS = 500

export class Card {
  readonly element: HTMLElement
  readonly words: string // what a search looks in
  item: Item
  private readonly app: App
  private readonly uid: string
  private readonly radios = new Map<State, HTMLInputElement>()
  private readonly severities = new Map<Severity, HTMLInputElement>()
  private readonly details = h('div', { class: 'insp-details' })
  private readonly severity: HTMLElement
  private readonly note: HTMLTextAreaElement
  private readonly place: HTMLInputElement
  private readonly building: HTMLSelectElement | null
  private readonly photos: PhotoRow
  private readonly kept = h('p', { class: 'insp-kept', role: 'status' })
  private readonly conflict = h('div', {})
  private readonly more: HTMLButtonElement
  private readonly fields = new Fields()
  private opened = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private shown = ''
  private settled = false // the fields show what is kept

  constructor(app: App, seen: Seen, item: Item) {
    this.app = app
    this.uid = seen.visit.uid
    this.item = item
    const { requirement } = item
    const id = `r${requirement.id}`
    this.note = h('textarea', { class: 'form-control', rows: 3, maxlength: 5000, id: `${id}-note` })
    this.place = h('input', { class: 'form-control', maxlength: 160, id: `${id}-place`, autocomplete: 'off' })
    const { buildings } = seen.visit.facility
    this.building = buildings.length
      ? h('select', { class: 'form-select', id: `${id}-building` }, h('option', { value: '' }, t('insp.building.none')), ...buildings.map((one) => h('option', { value: one.id }, one.name)))
      : null
    this.severity = this.choices('insp.severity', SEVERITIES, this.severities, `${id}-severity`, (severity) => this.save({ severity }))
    this.photos = new PhotoRow(app, this.uid, requirement.id)
    this.more = h('button', { class: 'btn btn-ghost insp-more', type: 'button', onclick: () => this.open() }, icon('plus'), t('insp.more'))
    const field = (label: string, control: HTMLElement) => h('div', { class: 'field' }, h('label', { class: 'field-label', for: control.id }, label), control)
    this.details.append(this.severity, field(t('insp.note'), this.note), field(t('insp.place'), this.place))
    if (this.building) this.details.append(field(t('insp.building'), this.building))
    for (const control of [this.note, this.place]) {
      control.addEventListener('input', () => this.typed())
      control.addEventListener('change', () => this.flush())
    }
    this.building?.addEventListener('change', () => this.save({}))
    this.details.addEventListener('focusout', () => setTimeout(() => this.refresh())) // what came while the cursor was in a field
    this.element = h(
      'article',
      { class: 'insp-card', id, 'aria-labelledby': `${id}-text` },
      this.source(),
      h('h3', { id: `${id}-text` }, pick(requirement.text)),
      ...this.facts(),
      this.conflict,
      this.choices('insp.state', STATES, this.radios, `${id}-state`, (state) => this.save({ state })),
      this.more,
      this.details,
      this.photos.element,
      this.kept,
    )
    this.words = `${requirement.paragraph} ${Object.values(requirement.text).join(' ')} ${Object.values(requirement.hint).join(' ')}`.toLowerCase()
  }

  update(seen: Seen, item: Item): void {
    this.item = item
    this.photos.update(seen)
    const state = JSON.stringify([item.value, item.base, item.where, item.refused, item.conflict, seen.locked, item.photos])
    const same = state === this.shown
    if (same && this.settled) return
    const value = item.value
    const texts: [HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, string][] = [[this.note, value?.note ?? ''], [this.place, value?.place ?? '']]
    if (this.building) texts.push([this.building, value?.building ? String(value.building) : ''])
    this.settled = this.fields.show(texts, item.base, this.timer !== undefined)
    if (same) return
    this.shown = state
    for (const [key, radio] of this.radios) {
      radio.checked = value?.state === key
      radio.disabled = seen.locked
    }
    const severity = value?.severity || item.requirement.severity
    for (const [key, radio] of this.severities) {
      radio.checked = severity === key
      radio.disabled = seen.locked
    }
    for (const control of [this.note, this.place, this.building]) if (control) control.disabled = seen.locked
    const unmet = value?.state === 'unmet'
    const full = unmet || this.opened || Boolean(value?.note || value?.place || value?.building)
    this.severity.hidden = !unmet
    this.details.hidden = !value || !full
    this.more.hidden = !value || full || seen.locked
    this.photos.element.hidden = !value && !item.photos
    this.element.dataset['state'] = value?.state ?? ''
    const lacking = unmet && !value.note.trim() && !item.photos
    this.kept.className = `insp-kept is-${item.where}`
    const image = { none: '', waiting: icon('device-mobile'), here: icon('cloud-check'), refused: icon('alert-triangle'), conflict: icon('arrows-split') }[item.where]
    this.kept.replaceChildren(...(image ? [image] : []), h('span', {}, item.where === 'refused' ? t('insp.kept.refused', { why: item.refused }) : item.where === 'none' ? '' : t(`insp.kept.${item.where}`)), ...(lacking ? [h('b', {}, t('insp.lack.reason'))] : []))
    this.conflict.replaceChildren(...(item.conflict ? [sides(this.app, this.uid, item.conflict)] : []))
  }

  flush(): void {
    if (this.timer === undefined) return
    clearTimeout(this.timer)
    this.timer = undefined
    this.save({})
  }

  private typed(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.flush(), TYPED_MS)
  }

  private open(): void {
    this.opened = true
    this.details.hidden = false
    this.more.hidden = true
    this.note.focus()
  }

  private save(news: Partial<Value>): void {
    const before = this.item.value
    const state = news.state ?? before?.state
    if (!state) return
    clearTimeout(this.timer)
    this.timer = undefined
    const severity = news.severity ?? before?.severity ?? ''
    const value: Value = {
      ...EMPTY,
      state,
      severity: state !== 'unmet' || severity === this.item.requirement.severity ? '' : severity,
      note: this.note.value,
      place: this.place.value,
      building: Number(this.building?.value) || null,
    }
    this.item = { ...this.item, value } // the next act builds on it, though it is not yet written
    const kept = this.fields.keep((base) => this.app.act(() => this.app.drafts.answer(this.uid, this.item.requirement.id, value, base)))
    void kept.then(() => this.refresh())
  }

  private refresh(): void {
    if (this.fields.ours) return
    const seen = this.app.seen(this.uid)
    const item = seen?.items.find((one) => one.requirement.id === this.item.requirement.id)
    if (seen && item) this.update(seen, item)
  }

  private choices<T extends string>(label: string, keys: T[], into: Map<T, HTMLInputElement>, name: string, chosen: (key: T) => void): HTMLElement {
    const images: Record<string, SVGSVGElement> = { met: icon('check'), unmet: icon('x'), na: icon('minus'), unknown: icon('question-mark') }
    return h(
      'fieldset',
      { class: `insp-choice insp-choice-${keys.length}` },
      h('legend', { class: label === 'insp.state' ? 'visually-hidden' : 'field-label' }, t(`${label}`)),
      ...keys.map((key) => {
        const radio = h('input', { type: 'radio', name, value: key, onchange: () => chosen(key) })
        into.set(key, radio)
        return h('label', { class: `is-${key}` }, radio, h('span', {}, images[key], t(`${label}.${key}`)))
      }),
    )
  }

  private source(): HTMLElement {
    const { requirement } = this.item
    const edition = this.app.kept.editions.get(requirement.edition)
    const from = [requirement.paragraph && `§ ${requirement.paragraph}`, pick(edition?.instrument) || pick(edition?.standard), edition?.label].filter(Boolean).join(' · ')
    return h('p', { class: 'insp-source' }, h('span', {}, from), requirement.mandatory && h('span', { class: 'tag' }, t('insp.mandatory')))
  }

  private facts(): HTMLElement[] {
    const { requirement, line } = this.item
    const found: HTMLElement[] = []
    const fact = (image: SVGSVGElement, text: string, css = '') => found.push(h('p', { class: `insp-fact ${css}` }, image, h('span', {}, text)))
    if (line.finding) {
      const { text, place, found_on, found_by, mine } = line.finding
      fact(icon('flag'), t('insp.finding', { what: [text, place].filter(Boolean).join(', '), day: day(found_on), who: found_by }), 'is-finding')
      if (mine) fact(icon('user-x'), t('insp.lack.other_person'), 'is-warn')
    }
    if (line.live) fact(icon('activity'), `${t(`insp.state.${line.live.state}`)}: ${pick(line.live.text)}`)
    if (line.previous) {
      const { state, since, note } = line.previous
      fact(icon('history'), t('insp.before', { state: t(`insp.state.${state}`), day: day(since) }) + (note ? ` — ${note}` : ''))
    }
    const hint = pick(requirement.hint)
    const wanted = requirement.evidence.filter((one) => ['photo', 'document', 'date'].includes(one)).map((one) => t(`insp.evidence.${one}`))
    if (hint || wanted.length)
      found.push(
        h(
          'details',
          { class: 'insp-hint' },
          h('summary', {}, icon('info-circle'), t('insp.how')),
          h('p', {}, t(`insp.verify.${requirement.verify}`)),
          hint && h('p', {}, hint),
          wanted.length > 0 && h('p', {}, t('insp.evidence', { what: wanted.join(', ') })),
        ),
      )
    return found
  }
}
