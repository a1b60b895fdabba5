import { $, h, icon } from '../dom'
import { t } from '../i18n'

export type Level = 'info' | 'success' | 'warning' | 'error'

const STAY = { info: 6000, success: 6000, warning: 12000, error: 0 } as const

/** Say something short in the corner. Errors stay until they are closed. */
export function toast(message: string, level: Level = 'info'): void {
  const box = $('.toasts')
  if (!box) return
  const item = h(
    'div',
    { class: `toast toast-${level}`, role: level === 'error' || level === 'warning' ? 'alert' : 'status' },
    h('p', {}, message),
    h(
      'button',
      { class: 'btn btn-ghost btn-icon', type: 'button', 'aria-label': t('close'), onclick: () => item.remove() },
      icon('x'),
    ),
  )
  box.append(item)
  leave(item, STAY[level])
}

function leave(item: HTMLElement, after: number): void {
  if (!after) return
  let timer = setTimeout(() => item.remove(), after)
  const stay = () => clearTimeout(timer)
  item.addEventListener('pointerenter', stay)
  item.addEventListener('focusin', stay)
  item.addEventListener('pointerleave', () => (timer = setTimeout(() => item.remove(), 2000)))
}

/** Wire up the toasts that the server has written into the page, and those it sends as an htmx trigger "toast". */
export function startToasts(): void {
  for (const item of document.querySelectorAll<HTMLElement>('.toasts .toast')) {
    item.querySelector('button')?.addEventListener('click', () => item.remove())
    leave(item, STAY[(item.dataset['level'] as Level | undefined) ?? 'info'])
  }
  document.addEventListener('toast', (event) => {
    const { message, level } = (event as CustomEvent<{ message: string; level?: Level }>).detail
    toast(message, level ?? 'info')
  })
}
