/** One visit in three parts, reached by the thumb: the facility, the checklist, the hand-in. */
import { h, icon } from '../../dom'
import { t } from '../../i18n'
import type { App, Screen } from './app'
import { ChecklistPart } from './checklist'
import { FacilityPart } from './facility'
import { FinishPart } from './finish'
import { pick } from './words'

export interface Part {
  element: HTMLElement
  update(): void
  flush?(): void
}

export class VisitScreen implements Screen {
  readonly element = h('div', { class: 'insp-one' })
  readonly title: string
  readonly back = true
  readonly bottom: HTMLElement
  private readonly part: Part
  private readonly badge = h('small', {})
  private readonly app: App
  private readonly uid: string

  constructor(app: App, uid: string, tab: string) {
    this.app = app
    this.uid = uid
    this.title = pick(app.visit(uid)?.facility.name)
    this.part = tab === 'list' ? new ChecklistPart(app, uid) : tab === 'finish' ? new FinishPart(app, uid) : new FacilityPart(app, uid)
    this.element.append(this.part.element)
    const link = (to: string, image: SVGSVGElement, text: string, badge?: HTMLElement) =>
      h('a', { href: `#/${uid}${to && `/${to}`}`, ...(to === (tab === 'list' || tab === 'finish' ? tab : '') ? { 'aria-current': 'page' } : {}) }, image, h('span', {}, text), badge)
    this.bottom = h(
      'nav',
      { class: 'insp-tabs', 'aria-label': t('insp.parts') },
      link('', icon('building'), t('insp.tab.facility')),
      link('list', icon('clipboard-check'), t('insp.tab.list'), this.badge),
      link('finish', icon('signature'), t('insp.tab.finish')),
    )
  }

  update(): void {
    const seen = this.app.seen(this.uid)
    if (!seen) {
      location.hash = '#/' // it was given to somebody else, and nothing of it waits here
      return
    }
    this.badge.textContent = `${seen.answered}/${seen.asked}`
    this.part.update()
  }

  flush(): void {
    this.part.flush?.()
  }
}
