/** The requirements by protection point, with search and a filter for what is still open. */
import { h, icon } from '../../dom'
import { t } from '../../i18n'
import { count, type Item, type Seen } from '../view'
import type { App } from './app'
import { Card } from './card'
import { sides } from './sides'
import type { Part } from './visit'
import { pick } from './words'

type Filter = 'all' | 'open' | 'unmet'

interface Section {
  element: HTMLElement
  figures: HTMLElement
  cards: Card[]
}

export class ChecklistPart implements Part {
  readonly element = h('div', { class: 'insp-part insp-checklist' })
  private readonly sections = new Map<string, Section>()
  private readonly cards = new Map<number, Card>()
  private readonly bar = h('div', { class: 'insp-bar' })
  private readonly fields = h('div', {})
  private readonly list = h('div', {})
  private readonly nothing = h('p', { class: 'insp-nothing mute', hidden: true }, t('insp.nothing'))
  private readonly chips = new Map<Filter, HTMLButtonElement>()
  private readonly search = h('input', { class: 'form-control', type: 'search', 'aria-label': t('insp.search'), placeholder: t('insp.search') })
  private readonly meter = h('progress', { class: 'insp-meter', max: 1, value: 0, 'aria-label': t('insp.done') })
  private filter: Filter = 'all'
  private shown = '[]'
  private still = new Set<number>() // answered under the filter: they stay until it is set anew
  private readonly app: App
  private readonly uid: string

  constructor(app: App, uid: string) {
    this.app = app
    this.uid = uid
    for (const key of ['all', 'open', 'unmet'] as const) {
      const chip = h('button', { class: 'insp-filter', type: 'button', onclick: () => this.choose(key) })
      this.chips.set(key, chip)
    }
    this.search.addEventListener('input', () => this.sift())
    this.bar.append(this.meter, h('div', { class: 'insp-filters', role: 'group', 'aria-label': t('insp.filter') }, ...this.chips.values()), this.search)
    this.element.append(this.bar, this.fields, this.list, this.nothing)
  }

  update(): void {
    const seen = this.app.seen(this.uid)
    if (!seen) return
    for (const item of seen.items) this.card(seen, item).update(seen, item)
    for (const section of this.sections.values()) {
      const own = section.cards.filter((card) => card.item.line.required)
      const done = own.filter((card) => card.item.value).length
      section.figures.textContent = `${done} / ${own.length}`
      section.element.classList.toggle('is-done', own.length > 0 && done === own.length)
    }
    this.meter.max = seen.asked || 1
    this.meter.value = seen.answered
    const figures: Record<Filter, number> = { all: seen.items.length, open: seen.asked - seen.answered, unmet: count(seen, 'unmet') }
    for (const [key, chip] of this.chips) {
      chip.replaceChildren(t(`insp.filter.${key}`), h('b', {}, String(figures[key])))
      chip.setAttribute('aria-pressed', String(this.filter === key))
    }
    this.showFields(seen)
    this.sift()
  }

  private showFields({ visit }: Seen): void {
    const conflicts = visit.conflicts.filter((one) => one.field)
    const state = JSON.stringify(conflicts)
    if (state === this.shown) return // a button of theirs may have the focus
    this.shown = state
    this.fields.replaceChildren(...conflicts.map((one) => h('section', { class: 'insp-card' }, h('h3', {}, t(`insp.field.${one.field}`)), sides(this.app, this.uid, one))))
  }

  flush(): void {
    for (const card of this.cards.values()) card.flush()
  }

  private choose(filter: Filter): void {
    this.flush()
    this.filter = filter
    this.still = new Set([...this.cards].filter(([, card]) => this.fits(card)).map(([id]) => id))
    for (const [key, chip] of this.chips) chip.setAttribute('aria-pressed', String(key === filter))
    this.sift()
  }

  private fits({ item }: Card): boolean {
    if (this.filter === 'open') return item.line.required && !item.value
    if (this.filter === 'unmet') return item.value?.state === 'unmet'
    return true
  }

  private sift(): void {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean)
    let any = false
    for (const { element, cards } of this.sections.values()) {
      let some = false
      for (const card of cards) {
        const fits = this.fits(card) || (this.filter !== 'all' && this.still.has(card.item.requirement.id))
        card.element.hidden = !fits || !words.every((word) => card.words.includes(word))
        some ||= !card.element.hidden
      }
      element.hidden = !some
      any ||= some
    }
    this.nothing.hidden = any
  }

  private card(seen: Seen, item: Item): Card {
    const known = this.cards.get(item.requirement.id)
    if (known) return known
    const made = new Card(this.app, seen, item)
    this.cards.set(item.requirement.id, made)
    const { point, point_name } = item.requirement
    let section = this.sections.get(point)
    if (!section) {
      const figures = h('span', { class: 'insp-figures' })
      const element = h('details', { class: 'insp-section', open: true }, h('summary', {}, icon('chevron-down'), h('h2', {}, pick(point_name)), figures))
      section = { element, figures, cards: [] }
      this.sections.set(point, section)
      this.list.append(element)
    }
    section.cards.push(made)
    section.element.append(made.element)
    return made
  }
}
