/** Small helpers for elements. */

type Child = Node | string | null | undefined | false
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>

/** Make an element: h('button', { class: 'btn', onclick: go }, 'Go'). False, null and undefined leave out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value)
    else if (value === true) element.setAttribute(key, '')
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value))
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)))
  return element
}

/** The icon as the `icon` template tag draws it; the sprite's address stands on the body. */
export function icon(name: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(space, 'use')
  use.setAttribute('href', `${document.body.dataset['icons'] ?? ''}#${name}`)
  svg.append(use)
  return svg
}

export const $ = <T extends HTMLElement = HTMLElement>(selector: string, under: ParentNode = document): T | null =>
  under.querySelector<T>(selector)

export const $$ = <T extends HTMLElement = HTMLElement>(selector: string, under: ParentNode = document): T[] => [
  ...under.querySelectorAll<T>(selector),
]

/** Whether a person can see and use the element now. */
export function usable(element: HTMLElement): boolean {
  if (element.matches(':disabled, [aria-disabled="true"]')) return false
  return element.checkVisibility({ visibilityProperty: true })
}

/** Whether what is typed now goes into a field. */
export function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input:not([type="checkbox"], [type="radio"], [type="range"], [type="file"]), textarea, select'))
  )
}

/** A place that outlives the page. `set` answers whether it was kept: the storage may be forbidden or full. */
export function store(key: string): { get(): string | null; set(value: string | null): boolean } {
  const name = `tirek.${key}`
  return {
    get() {
      try {
        return localStorage.getItem(name)
      } catch {
        return null // storage may be forbidden; then nothing is remembered
      }
    },
    set(value) {
      try {
        if (value === null) localStorage.removeItem(name)
        else localStorage.setItem(name, value)
        return true
      } catch {
        return false
      }
    },
  }
}
