/** My visits, with where each one's work is. */
import { $, h, icon } from '../../dom'
import { t } from '../../i18n'
import { ago } from '../../parts/time'
import { chipOf, see, type Chip, type Seen } from '../view'
import type { App, Screen } from './app'
import { day, megabytes, pick, today } from './words'

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}
let install: InstallPrompt | null = null
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault()
  install = event as InstallPrompt
})

export function chipElement(chip: Chip, waiting: number): HTMLElement {
  const image = {
    new: icon('circle-dashed'),
    device: icon('device-mobile'),
    waiting: icon('cloud-up'),
    sending: icon('refresh'),
    server: icon('cloud-check'),
    conflict: icon('arrows-split'),
    refused: icon('alert-triangle'),
    queued: icon('clock'),
    handed: icon('circle-check'),
    cancelled: icon('ban'),
  }[chip]
  return h('span', { class: `insp-chip is-${chip}` }, image, t(`insp.chip.${chip}`, { count: waiting }))
}

type Group = 'earlier' | 'today' | 'later' | 'done'
const GROUPS: Group[] = ['today', 'earlier', 'later', 'done']

function groupOf({ visit, draft }: Seen): Group {
  if (visit.state === 'submitted' || visit.state === 'cancelled' || draft?.done) return 'done'
  const on = visit.planned_on ?? ''
  if (on === today() || draft?.start) return 'today'
  return on && on < today() ? 'earlier' : 'later'
}

export class ListScreen implements Screen {
  readonly element = h('div', { class: 'insp-list' })
  readonly title = t('insp.title')
  readonly back = false
  private readonly visits = h('div', {})
  private readonly about = h('section', { class: 'insp-about', 'aria-label': t('insp.phone') })
  private readonly lines = h('div', { class: 'insp-lines' })
  private readonly install = h('button', { class: 'btn', type: 'button', hidden: true, onclick: () => void install?.prompt() }, icon('download'), t('insp.install'))
  private shown = ''
  private told = ''
  private readonly app: App

  constructor(app: App) {
    this.app = app
    // The buttons stay as they are at each update: the cursor stands on one of them.
    const now = h('button', { class: 'btn', type: 'button', onclick: () => this.app.loop.kick(0) }, icon('refresh'), t('insp.now'))
    this.about.append(this.lines, h('div', { class: 'btn-row' }, now, this.install))
    this.element.append(this.visits, this.about)
  }

  update(): void {
    const all = this.app.kept.visits.map((visit) => see(this.app.kept, visit))
    const rows = all.map((seen) => ({ seen, chip: chipOf(seen, this.app.sending === seen.visit.uid) }))
    const state = JSON.stringify(rows.map(({ seen, chip }) => [seen.visit.uid, seen.visit.version, chip, seen.waiting, seen.answered, groupOf(seen)]))
    void this.showAbout()
    if (state === this.shown) return
    this.shown = state
    const focused = (document.activeElement as HTMLElement | null)?.getAttribute('href')
    this.visits.replaceChildren(
      ...GROUPS.flatMap((group) => {
        const own = rows.filter(({ seen }) => groupOf(seen) === group)
        if (!own.length) return []
        own.sort((a, b) => order(a.seen).localeCompare(order(b.seen)))
        if (group === 'done') own.reverse()
        return [h('section', {}, h('h2', { class: 'insp-group' }, t(`insp.group.${group}`), h('small', {}, String(own.length))), ...own.map(({ seen, chip }) => card(seen, chip)))]
      }),
    )
    if (!rows.length) this.visits.append(this.empty())
    if (focused) $(`a[href="${focused}"]`, this.visits)?.focus({ preventScroll: true })
  }

  private empty(): HTMLElement {
    const asked = this.app.exchangedAt > 0
    return h('div', { class: 'insp-empty' }, icon('clipboard-check'), h('p', {}, t(asked ? 'insp.none' : 'insp.notyet')))
  }

  private async showAbout(): Promise<void> {
    const estimate = await navigator.storage?.estimate?.().catch(() => undefined)
    const { exchangedAt, leftOff, ready } = this.app
    this.install.hidden = !install
    const lines: [SVGSVGElement, string][] = [
      [icon(ready ? 'circle-check' : 'circle-dashed'), t(ready ? 'insp.ready' : 'insp.notready')],
      [icon('clock'), exchangedAt ? t('insp.last', { ago: ago(exchangedAt, Date.now()) }) : t('insp.never')],
      [icon('device-mobile'), t('insp.used', { used: megabytes(estimate?.usage ?? 0), all: megabytes(estimate?.quota ?? 0) })],
    ]
    if (leftOff) lines.unshift([icon('info-circle'), t('insp.leftoff', { n: leftOff })])
    if (this.app.othersWork()) lines.push([icon('lock'), t('insp.others')])
    const told = lines.map(([, text]) => text).join('\n')
    if (told === this.told) return
    this.told = told
    this.lines.replaceChildren(...lines.map(([image, text]) => h('p', {}, image, h('span', {}, text))))
  }
}

const order = ({ visit }: Seen): string => `${visit.planned_on ?? '9'} ${visit.planned_at ?? '99'} ${String(visit.planned_order ?? 999).padStart(4, '0')}`

function card(seen: Seen, chip: Chip): HTMLElement {
  const { visit, answered, asked } = seen
  const { facility } = visit
  const when = visit.planned_on === today() ? visit.planned_at : [day(visit.planned_on), visit.planned_at].filter(Boolean).join(', ')
  return h(
    'a',
    { class: 'insp-visit', href: `#/${visit.uid}` },
    h('span', { class: 'insp-when' }, visit.planned_order !== null && h('b', {}, String(visit.planned_order)), when || t('insp.noday'), h('span', {}, visit.kind_name)),
    h('strong', {}, pick(facility.name)),
    h('span', { class: 'mute' }, pick(facility.address) || pick(facility.place)),
    h('span', { class: 'insp-marks' }, chipElement(chip, seen.waiting), answered > 0 && visit.state !== 'submitted' && h('span', { class: 'mute' }, t('insp.progress', { done: answered, all: asked }))),
  )
}
