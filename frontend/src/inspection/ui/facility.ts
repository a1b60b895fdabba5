/** Where to go, whom to ring, why; and the button that begins the visit. */
import { h, icon } from '../../dom'
import { t } from '../../i18n'
import { where } from '../gps'
import type { Visit } from '../types'
import { chipOf, type Seen } from '../view'
import type { App } from './app'
import { chipElement } from './list'
import type { Part } from './visit'
import { day, hours, moment, pick, today } from './words'

export class FacilityPart implements Part {
  readonly element = h('div', { class: 'insp-part' })
  private shown = ''
  private readonly app: App
  private readonly uid: string

  constructor(app: App, uid: string) {
    this.app = app
    this.uid = uid
  }

  update(): void {
    const seen = this.app.seen(this.uid)
    if (!seen) return
    const chip = chipOf(seen, this.app.sending === this.uid)
    const state = JSON.stringify([seen.visit.version, chip, seen.waiting, seen.answered, seen.draft])
    if (state === this.shown) return
    this.shown = state
    const { visit } = seen
    const notes = [visit.state_reason, visit.edition_note, visit.clock_note, seen.draft?.problem && seen.draft.problem.code !== 'incomplete' ? seen.draft.problem.text : '']
    this.element.replaceChildren(
      h('p', { class: 'insp-marks' }, chipElement(chip, seen.waiting), h('span', { class: 'mute' }, t('insp.progress', { done: seen.answered, all: seen.asked }))),
      ...notes.filter((note): note is string => Boolean(note)).map((note) => h('div', { class: 'notice notice-warn' }, icon('info-circle'), h('div', {}, note))),
      this.place(visit),
      this.contacts(visit),
      this.about(visit),
      this.begin(seen),
    )
  }

  private place({ facility }: Visit): HTMLElement {
    const weekday = (new Date(`${today()}T12:00`).getDay() + 6) % 7
    const open = facility.opening?.[weekday]
    const street = pick(facility.address)
    return h(
      'section',
      { class: 'panel panel-body' },
      h('p', { class: 'mute' }, [pick(facility.type), facility.category && t('insp.category', { n: facility.category })].filter(Boolean).join(' · ')),
      h('p', { class: 'strong' }, street || pick(facility.place)),
      street && h('p', { class: 'mute' }, pick(facility.place)),
      facility.opening && h('p', {}, icon('clock'), ' ', !open?.length ? t('insp.closed') : open[0] === 0 && open[1] === 1440 ? t('insp.always') : t('insp.open', { hours: hours(open) })),
      facility.notes && h('p', {}, facility.notes),
      facility.lat !== null && facility.lon !== null && h('a', { class: 'btn', href: `geo:${facility.lat},${facility.lon}?q=${facility.lat},${facility.lon}` }, icon('map-pin'), t('insp.way')),
    )
  }

  private contacts({ facility }: Visit): HTMLElement {
    const rows = facility.contacts.map(({ name, position, phone, hours: when }) =>
      h(
        'div',
        { class: 'insp-contact' },
        h('div', {}, h('strong', {}, name), h('span', { class: 'mute' }, [position, when].filter(Boolean).join(', '))),
        phone && h('a', { class: 'btn btn-icon', href: `tel:${phone.replace(/[^\d+]/g, '')}`, 'aria-label': t('insp.ring', { who: name }) }, icon('phone')),
      ),
    )
    if (facility.phone)
      rows.push(h('div', { class: 'insp-contact' }, h('div', {}, h('strong', {}, facility.phone), h('span', { class: 'mute' }, t('insp.phone.facility'))), h('a', { class: 'btn btn-icon', href: `tel:${facility.phone.replace(/[^\d+]/g, '')}`, 'aria-label': t('insp.ring', { who: facility.phone }) }, icon('phone'))))
    return h('section', { class: 'panel panel-body', hidden: !rows.length }, h('h2', { class: 'panel-title' }, t('insp.contacts')), ...rows)
  }

  private about(visit: Visit): HTMLElement {
    const row = (name: string, text: string | null | undefined) => (text ? h('div', {}, h('dt', {}, name), h('dd', {}, text)) : null)
    const people = [visit.inspector, ...visit.companions].filter(Boolean).map((one) => one?.name)
    return h(
      'section',
      { class: 'panel panel-body' },
      h('h2', { class: 'panel-title' }, t('insp.about')),
      h(
        'dl',
        { class: 'insp-facts' },
        row(t('insp.kind'), visit.kind_name),
        row(t('insp.round'), visit.round?.name),
        row(t('insp.why'), visit.reason),
        row(t('insp.when'), [day(visit.planned_on), visit.planned_at, visit.planned_order && t('insp.order', { n: visit.planned_order })].filter(Boolean).join(', ')),
        row(t('insp.who'), people.join(', ')),
        row(t('insp.standards'), visit.editions.map((id) => this.app.kept.editions.get(id)).map((one) => one && `${pick(one.standard)}, ${one.label}`).filter(Boolean).join('; ')),
        row(t('insp.begun'), visit.started_at ? moment(visit.started_at) : ''),
      ),
    )
  }

  private begin(seen: Seen): HTMLElement {
    const begun = seen.draft?.start || seen.visit.state === 'under_way' || seen.locked
    const go = () => {
      location.hash = `#/${this.uid}/list`
    }
    const start = async () => {
      void navigator.storage?.persist?.()
      if (!(await this.app.act(() => this.app.drafts.begin(this.uid, null)))) return
      go()
      const place = await where()
      if (place) void this.app.act(() => this.app.drafts.begin(this.uid, place))
    }
    return h(
      'div',
      { class: 'insp-do' },
      begun
        ? h('button', { class: 'btn btn-primary btn-lg btn-block', type: 'button', onclick: go }, icon('clipboard-check'), t(seen.locked ? 'insp.look' : 'insp.goon'))
        : h('button', { class: 'btn btn-primary btn-lg btn-block', type: 'button', id: 'begin', onclick: () => void start() }, icon('player-play'), t('insp.begin')),
    )
  }
}
