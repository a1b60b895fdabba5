/** As much of a browser's page as the scripts of warning touch. `elements` are what its selectors find. */
import { mock } from 'node:test'

export const SOURCE = new URL('../../../frontend/src/', import.meta.url)
export const elements = {}
export const kept = new Map()

export class Element extends EventTarget {
  dataset = {}
  disabled = false
  hidden = false
  value = ''
  children = []
  attributes = {}
  parent = null
  focus() {}
  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((one) => one !== this)
    this.parent = null
  }
  get firstElementChild() {
    return this.children[0] ?? null
  }
  get nextElementSibling() {
    const beside = this.parent?.children ?? []
    return beside[beside.indexOf(this) + 1] ?? null
  }
  insertBefore(other, at) {
    other.remove()
    this.children.splice(at ? this.children.indexOf(at) : this.children.length, 0, other)
    other.parent = this
  }
  before(...others) {
    this.children.push(...others)
  }
  append(...others) {
    this.children.push(...others)
  }
  replaceChildren(...others) {
    this.children = others
  }
  setAttribute(name, value) {
    this.attributes[name] = value
  }
  querySelector(selector) {
    return elements[selector] ?? null
  }
  querySelectorAll() {
    return []
  }
}

class Page extends Element {
  documentElement = { lang: 'en' }
  body = new Element()
  activeElement = null
  createElement() {
    return new Element()
  }
  createElementNS() {
    return new Element()
  }
  getElementById() {
    return null
  }
}

let view = new EventTarget()
globalThis.document = new Page()
globalThis.addEventListener = (...words) => view.addEventListener(...words)
globalThis.dispatchEvent = (event) => view.dispatchEvent(event)
globalThis.matchMedia = () => ({ matches: false })
globalThis.location = { pathname: '/' }
globalThis.customElements = { get: () => undefined, whenDefined: () => new Promise(() => {}) }
Object.defineProperty(globalThis, 'localStorage', {
  value: {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  },
})
mock.timers.enable({ apis: ['setTimeout'] })

/** Open another page in a browser that remembers nothing. */
export function open() {
  view = new EventTarget()
  globalThis.document = new Page()
  kept.clear()
  for (const selector of Object.keys(elements)) delete elements[selector]
}

/** Let what was asked be answered. */
export async function settle() {
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done))
}

/** Let time pass. */
export const pass = (ms) => mock.timers.tick(ms)

/** Answer every request with `data`. */
export function answer(data) {
  globalThis.fetch = async () => ({ ok: true, status: 200, json: async () => data })
}
