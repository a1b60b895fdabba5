/** What stands in the place of all screens when the drafts on this phone are not those of whoever looks at it. */
import { h, icon } from '../../dom'
import { t } from '../../i18n'
import { cookie } from '../api'
import { SIGNED_IN } from '../whose'

export function lockPage(why: 'other' | 'out', login: string): HTMLElement {
  const seen = cookie(SIGNED_IN)
  // Their owner may sign in on another page: the drafts come back by themselves.
  const look = () => {
    if (cookie(SIGNED_IN) !== seen) location.reload()
  }
  for (const name of ['focus', 'pageshow']) addEventListener(name, look)
  document.addEventListener('visibilitychange', look)
  document.title = t('insp.lock')
  return h(
    'div',
    { class: 'insp-empty insp-lock', role: 'alert' },
    icon('lock'),
    h('h1', {}, t('insp.lock')),
    h('p', {}, t(why === 'other' ? 'insp.lock.other' : 'insp.lock.out')),
    why === 'other'
      ? h('button', { class: 'btn btn-primary btn-lg', type: 'button', onclick: () => location.reload() }, t('insp.reload'))
      : h('a', { class: 'btn btn-primary btn-lg', href: login }, t('link.signin')),
  )
}
