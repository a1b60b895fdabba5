/** The page of one alert: the map fills with proof as it comes, the board beside it follows. */
import { $ } from '../dom'
import { BACKGROUND } from '../http'
import type { TirekMap } from '../map/element'
import type { PointState } from '../map/types'
import { Order } from '../order'
import { startListening } from './listen'

const BOARD_EVERY = 700

export class LivePage {
  private readonly map = $<TirekMap>('#alert-map')
  private readonly board = $('#alert-board')
  private readonly alert = Number(this.board?.dataset['alert'] ?? 0)
  private timer: ReturnType<typeof setTimeout> | undefined
  private next = 0
  private readonly boards = new Order()

  start(): void {
    startListening()
    this.draw()
    if (!this.board) {
      // Not issued yet: what is decided elsewhere shows here at once.
      const id = Number(/\/warning\/(\d+)\//.exec(location.pathname)?.[1] ?? 0)
      document.addEventListener('tirek:alert.changed', (event) => {
        if ((event as CustomEvent<{ id: number }>).detail.id === id) location.reload()
      })
      return
    }
    document.addEventListener('tirek:deliveries.changed', (event) => {
      const { alert, changes } = (event as CustomEvent<{ alert: number; changes: [number, PointState][] }>).detail
      if (alert !== this.alert) return
      for (const [id, state] of changes) this.map?.patch(id, state, '')
      this.refresh()
    })
    document.addEventListener('tirek:alert.changed', (event) => {
      if ((event as CustomEvent<{ id: number }>).detail.id !== this.alert) return
      void this.points()
      this.refresh()
    })
    document.addEventListener('tirek:endpoint.changed', () => this.refresh())
    this.board.addEventListener('pointerover', (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>('[data-point]')
      void this.map?.choose(row ? Number(row.dataset['point']) : null)
    })
  }

  private draw(): void {
    const source = $('#alert-shape')?.textContent
    if (!this.map || !source) return
    const mode = document.body.dataset['mode'] === 'exercise' ? 'exercise' : 'live'
    const geometry = JSON.parse(source) as GeoJSON.Geometry
    void this.map.setShape(geometry, mode)
    // Once its areas are there the map looks at all of them: then back to what matters.
    this.map.addEventListener('ready', () => void this.map?.fit(geometry, { padding: 56 }), { once: true })
  }

  /** All points again: after an event that did not say which changed. */
  private async points(): Promise<void> {
    const address = this.map?.dataset['points']
    if (address) await this.map?.loadPoints(address).catch(() => undefined)
  }

  /** Fetch the board anew, at most once in a while, and the last time after the last change. */
  private refresh(): void {
    if (this.timer) return
    const wait = Math.max(0, this.next - Date.now())
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.next = Date.now() + BOARD_EVERY
      void this.fetchBoard()
    }, wait)
  }

  private async fetchBoard(): Promise<void> {
    const number = this.boards.ask()
    const answer = await fetch(this.board?.dataset['board'] ?? '', { headers: BACKGROUND }).catch(() => null)
    if (!answer?.ok || !this.board) return
    const text = await answer.text().catch(() => null)
    // A slow board must not be shown over one that was asked for later: it may be the last word.
    if (text === null || !this.boards.take(number)) return
    const playing = this.board.querySelector<HTMLAudioElement>('audio:not([hidden])')
    const holder = document.createElement('template')
    holder.innerHTML = text
    const fresh = holder.content.querySelector<HTMLElement>('[data-ended]')
    const ended = this.board.querySelector<HTMLElement>('[data-ended]')?.dataset['ended']
    if (fresh && fresh.dataset['ended'] !== ended) return location.reload()
    const heard = playing && !playing.paused ? holder.content.querySelector('audio') : null
    if (playing && heard) heard.replaceWith(playing) // who listens goes on listening
    this.board.replaceChildren(holder.content)
    startListening(this.board)
    document.dispatchEvent(new Event('htmx:afterSwap')) // clocks in the new part tick at once
  }
}
