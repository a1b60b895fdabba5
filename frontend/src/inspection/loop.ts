/** When to exchange: after each act, when the network is back, when the app is looked at, and now and then. */
import { Later, OtherPerson, SignedOut } from './api.ts'
import type { Exchange } from './exchange.ts'

export type Link = 'starting' | 'well' | 'sending' | 'offline' | 'later' | 'out' | 'other' | 'full' | 'broken'

const FIRST_PAUSE_MS = 2000
const LONGEST_PAUSE_MS = 5 * 60_000
const EVERY_MS = 60_000
const GATHER_MS = 700

/** How long to wait after the n-th failure in a row: twice as long each time, and never the same for all phones. */
export const pause = (failures: number, random = Math.random()): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10)) * (0.75 + random / 2)

export class Loop {
  link: Link = 'starting'
  login = ''
  said = ''
  private failures = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private running = false
  private again = false
  private stopped = false

  private readonly exchange: Exchange
  private readonly changed: () => void
  private readonly lock: string

  constructor(exchange: Exchange, person: string, changed: () => void) {
    this.exchange = exchange
    this.changed = changed
    this.lock = `tirek-inspection-${person}`
  }

  start(): void {
    addEventListener('online', () => this.kick(0))
    addEventListener('offline', () => this.become(this.running ? this.link : 'offline'))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.kick(0)
    })
    this.kick(0)
  }

  /** Something is to be sent, or somebody wants to know. Acts that follow each other quickly go together. */
  kick(after = GATHER_MS): void {
    this.again = true
    if (this.running || this.stopped) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.run(), after)
  }

  private async run(): Promise<void> {
    if (this.running) return
    this.running = true
    this.again = false
    this.become(navigator.onLine ? 'sending' : 'offline')
    const next = await this.alone(() => this.attempt())
    this.running = false
    this.become(next)
    if (next === 'out' || next === 'other' || this.stopped) return // the person is asked; looking at the app again tries again
    clearTimeout(this.timer)
    const wait = this.failures ? pause(this.failures) : this.again ? GATHER_MS : EVERY_MS
    this.timer = setTimeout(() => void this.run(), wait)
  }

  /** Send nothing more. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.timer)
  }

  /** Run `work` while nothing is exchanged, in this tab or another. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return 'locks' in navigator ? (navigator.locks.request(this.lock, work) as Promise<T>) : work()
  }

  private async attempt(): Promise<Link> {
    try {
      await this.exchange.all()
      this.failures = 0
      this.said = ''
      return navigator.onLine ? 'well' : 'offline' // the network may have gone while the last answer came
    } catch (error) {
      this.said = error instanceof Error ? error.message : String(error)
      if (error instanceof SignedOut) {
        this.login = error.login
        return 'out'
      }
      if (error instanceof OtherPerson) return 'other'
      this.failures++
      if (error instanceof DOMException && error.name === 'QuotaExceededError') return 'full'
      if (error instanceof Later) return navigator.onLine ? 'later' : 'offline'
      console.error(error)
      return 'broken'
    }
  }

  private become(link: Link): void {
    this.link = link
    this.changed()
  }
}
