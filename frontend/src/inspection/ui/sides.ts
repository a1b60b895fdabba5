/** Two answers side by side; a person chooses. */
import { h, icon } from '../../dom'
import { t } from '../../i18n'
import { toast } from '../../parts/toast'
import { Later } from '../api'
import type { Conflict, Side } from '../types'
import type { App } from './app'
import { answerWords, moment } from './words'

export function sides(app: App, uid: string, conflict: Conflict): HTMLElement {
  const choose = async (choice: 'ours' | 'theirs') => {
    try {
      const said = await app.loop.alone(() => app.exchange.choose(uid, conflict.id, choice, conflict.ours.version ?? 0))
      if (said) toast(said, 'warning')
    } catch (error) {
      toast(error instanceof Later ? t('insp.sides.network') : String(error), 'warning')
    }
    app.reload()
    app.loop.kick()
  }
  return h(
    'div',
    { class: 'insp-sides', role: 'group', 'aria-label': t('insp.sides') },
    h('p', { class: 'strong' }, icon('arrows-split'), ' ', t(conflict.late ? 'insp.sides.late' : 'insp.sides')),
    h('div', { class: 'insp-two' }, side(t('insp.sides.ours'), conflict.ours, () => void choose('ours')), side(t('insp.sides.theirs'), conflict.theirs, () => void choose('theirs'))),
  )
}

function side(title: string, value: Side, choose: () => void): HTMLElement {
  const [first = '—', ...rest] = answerWords(value)
  return h(
    'div',
    { class: 'insp-side' },
    h('small', { class: 'mute' }, title),
    h('strong', {}, first),
    ...rest.map((line) => h('span', {}, line)),
    h('small', { class: 'mute' }, [value.by?.name, value.at ? moment(value.at) : ''].filter(Boolean).join(', ')),
    h('button', { class: 'btn', type: 'button', onclick: choose }, t('insp.sides.choose')),
  )
}
