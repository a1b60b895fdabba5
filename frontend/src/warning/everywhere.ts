/**
 * On every page: an alert that waits for this person's confirmation calls with a band and a sound; what one person issued
 * alone rings once and stays as a red line on every chief's pages until that chief has seen it, on its own page too; a siren
 * that nobody commanded is said.
 */
import './everywhere.scss'
import { h, icon, store } from '../dom'
import { BadAnswer, getJson, post } from '../http'
import { t } from '../i18n'
import type { LinkDetail } from '../live'
import { Order } from '../order'
import { Keyed } from '../parts/keyed'
import { sound } from '../sound'
import { nextLook } from './looking'

interface Line {
  id: number
  mode: 'live' | 'exercise'
  headline: string
  url: string
  author: string
  reason?: string
  when?: string
  seen?: string
}
interface Now {
  waiting: Line[]
  overridden: Line[]
  uncommanded: { name: string; url: string }[]
  /** Whether this person may be called at all. */
  called: boolean
}

const ADDRESS = '/warning/now.json'
const AGAIN = 500
// A little less than one pattern of each ring is long, see `sound.ts`.
const ALARM_MS = 2000
const EXERCISE_MS = 3500

class Everywhere {
  private readonly box = h('div', { id: 'warning-now', 'aria-live': 'assertive' })
  private readonly lines = new Keyed(this.box)
  private readonly order = new Order()
  private readonly rung = new Set<string>()
  private readonly hushed = new Set<string>()
  private readonly told = store('warning.alone')
  private alones = new Set<string>()
  private isCalled = false
  private isLinked = true
  private failures = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private idle: ReturnType<typeof setTimeout> | undefined

  start(): void {
    document.querySelector('.topbar')?.before(this.box)
    for (const kind of ['alert.changed', 'endpoint.changed'])
      document.addEventListener(`tirek:${kind}`, (event) => {
        const detail = (event as CustomEvent<{ uncommanded?: number[] }>).detail
        if (kind === 'endpoint.changed' && !detail.uncommanded) return
        this.soon(AGAIN)
      })
    document.addEventListener('tirek:link', (event) => this.link((event as CustomEvent<LinkDetail>).detail))
    void this.look()
  }

  private soon(wait: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.look(), wait)
  }

  /** Ask by itself where no event would say so. */
  private later(): void {
    clearTimeout(this.idle)
    const { failures, isLinked, isCalled } = this
    const wait = nextLook({ failures, isLinked, isCalled })
    if (wait !== null) this.idle = setTimeout(() => void this.look(), wait)
  }

  /** Without events one has to ask: what is decided must not ring on, and who is called must hear it on a page at rest too. */
  private link({ state }: LinkDetail): void {
    const wasLinked = this.isLinked
    this.isLinked = state === 'on' || (state === 'connecting' && wasLinked)
    if (this.isLinked && !wasLinked) this.soon(0)
    else if (wasLinked && !this.isLinked) this.later()
  }

  private async look(): Promise<void> {
    clearTimeout(this.idle)
    const number = this.order.ask()
    try {
      const now = await getJson<Now>(ADDRESS)
      this.failures = 0
      this.isCalled = now.called
      if (this.order.take(number)) this.show(now)
    } catch (error) {
      // No right to look, or signed out: to ask again would change nothing. Else the frame says what is wrong.
      if (error instanceof BadAnswer && [401, 403, 404].includes(error.status)) return
      this.failures += 1
    }
    if (this.order.isNewest(number)) this.later()
  }

  private show(now: Now): void {
    if (now.called) sound.unlockAtPress()
    const here = (line: Line) => location.pathname === line.url
    const waiting = now.waiting.filter((line) => !here(line))
    this.lines.show([
      ...now.overridden.map((line) => ({ key: `alone-${line.id}`, says: JSON.stringify(line), draw: () => this.alone(line) })),
      ...waiting.map((line) => ({
        key: `waiting-${line.id}`,
        says: JSON.stringify(line),
        draw: () => this.band(line, 'user-check', t('now.waits', { name: line.author }), line.headline, true),
      })),
      ...now.uncommanded.map(({ name, url }, number) => ({
        key: `uncommanded-${number}-${url}`,
        says: name,
        draw: () => h('a', { class: 'now-band is-trouble', href: url }, icon('urgent'), h('span', {}, h('strong', {}, t('now.uncommanded')), ` ${name}`)),
      })),
    ])
    this.ring(waiting)
    this.ringOnce(now.overridden)
  }

  private alone(line: Line): HTMLElement {
    const band = this.band(line, 'alert-triangle', t('now.alone', { name: line.author }), `${line.reason ?? ''} · ${line.when ?? ''}`)
    const seen = h('button', { class: 'btn btn-sm', type: 'button' }, t('now.seen'))
    seen.addEventListener('click', () => {
      seen.disabled = true
      void post(line.seen ?? '')
        .then(() => this.look())
        .catch(() => (seen.disabled = false))
    })
    band.append(seen)
    return band
  }

  /**
   * One pattern of the ring for each, in this browser: it tells, and asks for nothing to be done at once. A ring that nobody
   * could hear does not count: it waits until sound is on.
   */
  private ringOnce(lines: Line[]): void {
    this.alones = new Set(lines.map(({ id }) => String(id)))
    const told = this.toldBefore()
    for (const line of lines) if (!told.has(String(line.id))) this.callOnce(line)
  }

  private callOnce({ id, mode }: Line): void {
    const key = `alone-${id}`
    if (this.rung.has(key)) return
    this.rung.add(key)
    const pattern = mode === 'live' ? ALARM_MS : EXERCISE_MS
    sound.ring(key, mode === 'live' ? 'alarm' : 'exercise')
    this.remember(id)
    const over = () => {
      // The hint that sound is off stays until it is on: then it is heard once.
      if (sound.state === 'blocked' && this.alones.has(String(id)))
        return document.addEventListener('tirek:sound', () => setTimeout(over, pattern), { once: true })
      this.remember(id) // a browser may let sound begin a moment after it was asked for
      this.rung.delete(key)
      sound.hush(key)
    }
    setTimeout(over, pattern)
  }

  private toldBefore(): Set<string> {
    return new Set((this.told.get() ?? '').split(' '))
  }

  private remember(id: number): void {
    if (sound.state !== 'on') return
    const still = [...this.toldBefore()].filter((one) => this.alones.has(one))
    this.told.set([...new Set([...still, String(id)])].join(' '))
  }

  private band(line: Line, mark: 'alert-triangle' | 'user-check', head: string, text: string, calls = false): HTMLElement {
    const key = `confirm-${line.id}`
    const quiet = h('button', { class: 'btn btn-sm', type: 'button', 'aria-label': t('now.quiet') }, icon('volume-off'))
    quiet.addEventListener('click', () => {
      this.hushed.add(key)
      sound.hush(key)
      open.focus() // who presses by keyboard stays where the hand was
      quiet.remove()
    })
    const open = h('a', { class: 'btn btn-sm', href: line.url }, t('now.open'))
    return h(
      'div',
      { class: `now-band is-${line.mode}` },
      icon(mark),
      h('span', {}, h('strong', {}, `${t(`mode.${line.mode}`)} ${head}`), ` ${text}`),
      calls && !this.hushed.has(key) ? quiet : null,
      open,
    )
  }

  private ring(waiting: Line[]): void {
    const wanted = new Map(waiting.map((line) => [`confirm-${line.id}`, line.mode]))
    for (const key of this.rung)
      if (key.startsWith('confirm-') && !wanted.has(key)) {
        sound.hush(key)
        this.rung.delete(key)
      }
    for (const [key, mode] of wanted)
      if (!this.rung.has(key) && !this.hushed.has(key)) {
        this.rung.add(key)
        sound.ring(key, mode === 'live' ? 'alarm' : 'exercise')
      }
  }
}

/** Only where somebody is logged in: there the page has a live link. */
export function startEverywhere(): void {
  if (document.querySelector('tirek-link')) new Everywhere().start()
}
