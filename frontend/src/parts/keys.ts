import { $, $$, h, typing, usable } from '../dom'
import { t } from '../i18n'

/**
 * Keys of the page. data-key="Enter" on a button or link presses it; data-key-label says what it does in the list of keys.
 * Letters and digits are matched by their place on the keyboard, so a key works whatever layout (Latin, Russian, Kazakh) is on.
 */
export function keyMatches(event: KeyboardEvent, spec: string): boolean {
  const parts = spec.split('+')
  const key = parts.pop() ?? ''
  const wants = new Set(parts.map((part) => part.toLowerCase()))
  if (event.ctrlKey !== wants.has('ctrl') || event.altKey !== wants.has('alt') || event.metaKey) return false
  if (/^[a-z]$/i.test(key)) return event.code === `Key${key.toUpperCase()}` && event.shiftKey === wants.has('shift')
  if (/^\d$/.test(key)) return event.code === `Digit${key}` || event.code === `Numpad${key}`
  // On a Russian layout the slash key gives a full stop, and with shift a comma.
  if (key === '/') return event.key === '/' || (event.code === 'Slash' && !event.shiftKey && event.key !== '?')
  if (key === '?') return event.key === '?' || (event.code === 'Slash' && event.shiftKey)
  return event.key === key
}

const owner = (): ParentNode => $('dialog[open]') ?? document

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || event.isComposing) return
  if (typing(event.target)) {
    // The way out of a field, so that the keys work again without a mouse.
    if (event.key === 'Escape' && !$('dialog[open]')) (event.target as HTMLElement).blur()
    return
  }
  // Enter and space on a focused control belong to that control.
  const plain = event.key === 'Enter' || event.key === ' '
  if (plain && event.target instanceof HTMLElement && event.target.closest('a, button, summary, input, [role="button"]')) return
  const target = $$('[data-key]', owner()).find(
    (element) => keyMatches(event, element.dataset['key'] ?? '') && usable(element),
  )
  if (target) {
    event.preventDefault()
    if (target instanceof HTMLInputElement) target.focus()
    else target.click()
  } else if (keyMatches(event, '?') && !$('dialog[open]')) {
    event.preventDefault()
    showKeys()
  }
}

/** Show each key on its button, once. */
export function drawKeys(under: ParentNode = document): void {
  for (const element of $$('[data-key]:not([data-key-hidden])', under)) {
    if (element.querySelector('kbd') || element instanceof HTMLInputElement) continue
    element.append(h('kbd', { 'aria-hidden': 'true' }, element.dataset['key'] ?? ''))
    element.setAttribute('aria-keyshortcuts', element.dataset['key'] ?? '')
  }
}

function labelOf(element: HTMLElement): string {
  const clone = element.cloneNode(true) as HTMLElement
  for (const kbd of $$('kbd', clone)) kbd.remove()
  return element.dataset['keyLabel'] ?? element.getAttribute('aria-label') ?? (clone.textContent ?? '').trim()
}

export function showKeys(): void {
  const list = h('dl', { class: 'keys' })
  const add = (key: string, label: string) => list.append(h('dt', {}, h('kbd', {}, key)), h('dd', {}, label))
  const seen = new Set<string>()
  for (const element of $$('[data-key]')) {
    const key = element.dataset['key'] ?? ''
    if (seen.has(key) || !usable(element)) continue
    seen.add(key)
    add(key, labelOf(element))
  }
  add('?', t('keys.this'))
  add('Esc', t('keys.escape'))
  const dialog = h(
    'dialog',
    { 'aria-labelledby': 'keys-title', 'data-light': true },
    h('div', { class: 'dialog-body' }, h('h2', { id: 'keys-title' }, t('keys.title')), list),
    h('form', { method: 'dialog', class: 'dialog-acts' }, h('button', { class: 'btn', autofocus: true }, t('close'))),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

export function startKeys(): void {
  document.addEventListener('keydown', press)
  document.addEventListener('htmx:load', (event) => drawKeys(event.target as HTMLElement))
  drawKeys()
}
