/**
 * The live link: what happened just now, told to this page.
 *
 * Reads /live/stream?since=<id> (docs/architecture.md, "Live events") and dispatches each event on the document as
 * `tirek:<kind>` with its data, in order, each once. The link counts as lost when it ends and cannot be had again at once, or
 * when no byte has come for 12 seconds; then `tirek:link` says so, and it is tried again with growing pauses from the last
 * event seen, so that nothing is missed.
 *
 * `fetch` reads the stream, not EventSource: it sees the heartbeat comments, hands over events of every kind without a list of
 * them, and tells "signed out" from "no answer".
 */
import { setServerNow } from './parts/time'
import { EventParser, type Message } from './sse'

export type LinkState = 'connecting' | 'on' | 'lost' | 'out' | 'paused'
export interface LinkDetail {
  state: LinkState
  /** When the last byte came, in ms. */
  heard: number
}

const SILENCE = 12_000
const GRACE = 2_000
const PAUSES = [0, 1_000, 2_000, 4_000, 8_000, 15_000]

export class Live {
  state: LinkState = 'connecting'
  heard = Date.now()
  private last: number | null
  private tries = 0
  private stop: AbortController | null = null
  private retry: ReturnType<typeof setTimeout> | undefined
  private alarm: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly url: string,
    since: number | null = null,
  ) {
    this.last = since
  }

  start(): void {
    setInterval(() => {
      if (this.stop && Date.now() - this.heard > SILENCE) this.dropped(true)
    }, 1000)
    addEventListener('online', () => this.again())
    addEventListener('offline', () => this.dropped(true))
    void this.connect()
  }

  /** Try now, whatever the pause. */
  again(): void {
    if (this.state === 'on' || this.state === 'out') return
    clearTimeout(this.retry)
    this.tries = 0
    void this.connect()
  }

  /** Let the connection go while nobody looks; `again` catches up. */
  pause(): void {
    clearTimeout(this.retry)
    clearTimeout(this.alarm)
    this.stop?.abort()
    this.stop = null
    this.say('paused')
  }

  private async connect(): Promise<void> {
    this.stop?.abort()
    const stop = new AbortController()
    this.stop = stop
    this.heard = Date.now()
    if (this.state === 'paused') this.say('connecting')
    try {
      const url = new URL(this.url, location.href)
      if (this.last !== null) url.searchParams.set('since', String(this.last))
      const answer = await fetch(url, {
        headers: { Accept: 'text/event-stream' },
        cache: 'no-store',
        redirect: 'manual',
        signal: stop.signal,
      })
      if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) {
        this.stop = null
        this.say('out')
        return
      }
      if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`)
      const parser = new EventParser()
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        const { done, value } = await reader.read()
        if (stop.signal.aborted) return
        if (done) break
        this.heard = Date.now()
        if (this.state !== 'on') this.linked()
        for (const message of parser.push(value)) this.take(message)
      }
    } catch {
      // Any failure is the same to the page: the link is gone.
    }
    if (!stop.signal.aborted) this.dropped(false)
  }

  private linked(): void {
    clearTimeout(this.alarm)
    this.alarm = undefined
    this.tries = 0
    this.say('on')
  }

  /** The link is gone: say so (at once, or when it is not back within the grace), and try again. */
  private dropped(now: boolean): void {
    if (this.state === 'paused' || this.state === 'out') return
    this.stop?.abort()
    this.stop = null
    if (now) this.say('lost')
    else this.alarm ??= setTimeout(() => this.state !== 'paused' && this.say('lost'), GRACE)
    clearTimeout(this.retry)
    const pause = PAUSES[Math.min(this.tries, PAUSES.length - 1)] ?? 15_000
    this.tries += 1
    this.retry = setTimeout(() => void this.connect(), pause * (0.8 + 0.4 * Math.random()))
  }

  private take(message: Message): void {
    let data: Record<string, unknown>
    try {
      data = JSON.parse(message.data) as Record<string, unknown>
    } catch {
      return // a broken event must not end the link
    }
    if (typeof data['now'] === 'number') setServerNow(data['now'])
    if (message.event === 'beat') return
    const id = Number(message.id)
    if (message.event === 'hello') {
      // Only the first hello sets the start: later ones would skip what happened in between.
      if (this.last === null) this.last = id || Number(data['id']) || 0
      return
    }
    if (message.event === 'reset') {
      // What lies between was cleared away on the server: only a fresh page knows what is true.
      this.last = id || null
    } else if (id) {
      if (this.last !== null && id <= this.last) return
      this.last = id
    }
    document.dispatchEvent(new CustomEvent(`tirek:${message.event}`, { detail: data }))
  }

  private say(state: LinkState): void {
    if (this.state === state && state !== 'lost') return
    this.state = state
    document.dispatchEvent(new CustomEvent<LinkDetail>('tirek:link', { detail: { state, heard: this.heard } }))
  }
}
