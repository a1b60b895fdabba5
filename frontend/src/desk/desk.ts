import { $, $$, typing } from '../dom'
import { keyMatches } from '../parts/keys'
import type { LinkDetail } from '../live'
import { badge } from './badge'
import { Board } from './board'
import { Detail } from './detail'
import { DeskMap } from './map'
import { Ringing } from './ringing'

interface AlarmChanged {
  id: number
  /** It calls for somebody: a new alarm, or one that was accepted and rings again. */
  new: boolean
}

/** Let a call through at once, then at most every `pause` ms; the last one is never lost. */
function calm(act: () => Promise<void>, pause: number): () => void {
  let busy = false
  let again = false
  const run = async () => {
    if (busy) {
      again = true
      return
    }
    busy = true
    again = false
    await act().catch(() => undefined) // a failed fetch is told by the frame; the next event tries again
    setTimeout(() => {
      busy = false
      if (again) void run()
    }, pause)
  }
  return () => void run()
}

/** The page of the duty desk: list, alarm and map, kept true by live events. */
export class Desk {
  private readonly board: Board
  private readonly detail: Detail
  private readonly map: DeskMap
  private readonly ringing = new Ringing()
  private readonly refreshList: () => void
  private readonly refreshDetail: () => void
  private readonly refreshMap: () => void
  /** Alarms that must still announce themselves, and how many lists had been asked for when each came. */
  private readonly expected = new Map<number, number>()
  private asked = 0
  private wasLost = false

  constructor(private readonly main: HTMLElement) {
    this.board = new Board($('#desk-list-side', main) as HTMLElement)
    this.detail = new Detail($('#duty-detail', main) as HTMLElement)
    this.map = new DeskMap($('.desk-map', main) as HTMLElement)
    // Without a link nothing is fetched: the band says so, and all is fetched when it is back.
    const linked = (act: () => Promise<void>) => () => (this.wasLost ? Promise.resolve() : act())
    this.refreshList = calm(linked(() => this.loadList()), 250)
    this.refreshDetail = calm(linked(() => this.detail.refresh()), 250)
    this.refreshMap = calm(linked(() => this.map.load()), 2000)
  }

  start(): void {
    document.addEventListener('tirek:alarm.changed', (event) => this.changed((event as CustomEvent<AlarmChanged>).detail))
    document.addEventListener('tirek:panel.changed', () => this.refreshList())
    document.addEventListener('tirek:endpoint.changed', () => this.refreshMap())
    document.addEventListener('tirek:reset', () => this.refreshAll())
    document.addEventListener('tirek:link', (event) => this.link((event as CustomEvent<LinkDetail>).detail))
    document.addEventListener('desk:acted', () => {
      for (const dialog of $$<HTMLDialogElement>('dialog[open]', this.main)) dialog.close()
      this.refreshList()
    })
    document.addEventListener('visibilitychange', () => this.board.tellShown())
    // The receiver may fall silent without an event: its state stands in the list.
    setInterval(() => document.visibilityState === 'visible' && this.refreshList(), 20_000)
    this.main.addEventListener('click', (event) => this.click(event))
    document.addEventListener('keydown', (event) => this.key(event))
    document.addEventListener('htmx:afterSettle', (event) => {
      const body = event.target as HTMLElement
      if (body.id !== 'detail-body') return
      // What was pressed is gone with the old part: Tab goes on from here and not from the page's top.
      if (document.activeElement === document.body) body.focus({ preventScroll: true })
      this.detailChanged()
    })
    addEventListener('popstate', () => this.followAddress())
    void this.map.load()
    this.listChanged()
    const first = this.board.first()
    if (!this.detail.id && first && this.isWide()) void this.open(first)
    else this.detailChanged()
  }

  private isWide(): boolean {
    return matchMedia('(min-width: 768px)').matches
  }

  private changed({ id, new: isNew }: AlarmChanged): void {
    if (isNew) {
      this.expected.set(id, this.asked)
      this.refreshMap()
    }
    this.refreshList()
    if (id === this.detail.wanted) this.refreshDetail()
  }

  private refreshAll(): void {
    this.refreshList()
    this.refreshMap()
    if (this.detail.wanted) this.refreshDetail()
  }

  private link({ state }: LinkDetail): void {
    const isBack = state === 'on' && this.wasLost
    this.wasLost = state === 'lost' || (this.wasLost && state !== 'on')
    if (isBack) this.refreshAll()
  }

  private async loadList(): Promise<void> {
    const number = ++this.asked
    await this.board.refresh()
    this.listChanged(number)
  }

  private listChanged(number = this.asked): void {
    this.board.mark(this.detail.wanted)
    this.board.tellShown()
    this.ringing.sync(this.board.loud())
    badge(this.board.newCount, this.detail.title)
    for (const [id, before] of this.expected) {
      // Asked for before this alarm called: an accepted one stands there still as it was.
      if (number <= before) continue
      const row = this.board.row(id)
      if (row) this.expected.delete(id)
      if (row?.classList.contains('is-loud') && id !== this.detail.wanted) this.arrived(id, row)
    }
  }

  /** A new alarm takes the screen only if nothing is being worked on; otherwise it announces itself. */
  private arrived(id: number, row: HTMLElement): void {
    const busy = this.detail.isWorkedOn || this.detail.isChanging || typing(document.activeElement) || $('dialog[open]') !== null
    if (busy) this.board.announce(row, () => void this.open(id))
    else void this.open(id)
  }

  private async open(id: number): Promise<void> {
    const row = this.board.row(id)
    if (!row) return
    const address = row.getAttribute('href') ?? location.href
    const shown = this.detail.load(id, address)
    this.board.mark(id) // at once: the next step counts from here
    if (!(await shown)) return this.board.mark(this.detail.wanted)
    // On a phone the list and the alarm are two screens, and "back" leads from one to the other.
    if (this.isWide()) history.replaceState({ alarm: id }, '', address)
    else history.pushState({ alarm: id }, '', address)
    this.show('detail')
    this.board.row(id)?.scrollIntoView({ block: 'nearest' })
    if (!this.isWide()) scrollTo({ top: 0 })
  }

  private followAddress(): void {
    const id = Number(/alarms\/(\d+)\/$/.exec(location.pathname)?.[1] ?? 0)
    if (!id) this.show('list')
    else if (id !== this.detail.wanted) void this.detail.load(id, location.pathname).then(() => this.show('detail'))
    else this.show('detail')
  }

  private detailChanged(): void {
    this.board.mark(this.detail.wanted)
    badge(this.board.newCount, this.detail.title)
    void this.map.focus(this.detail.place)
  }

  private show(view: string): void {
    this.main.classList.remove('view-list', 'view-detail', 'view-map')
    this.main.classList.add(`view-${view}`)
    if (view === 'map') requestAnimationFrame(() => this.map.again())
    for (const tab of $$('.duty-tabs [data-view]', this.main))
      tab.setAttribute('aria-pressed', String(tab.dataset['view'] === view))
  }

  private click(event: MouseEvent): void {
    const target = event.target as HTMLElement
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    const row = target.closest<HTMLElement>('.duty-row')
    if (row && plain) {
      event.preventDefault()
      void this.open(Number(row.dataset['alarm']))
      return
    }
    const step = target.closest<HTMLElement>('[data-step]')
    if (step) return this.step(Number(step.dataset['step']))
    const tab = target.closest<HTMLElement>('.duty-tabs [data-view]')
    if (tab) return this.show(tab.dataset['view'] ?? 'list')
    const closing = target.closest<HTMLElement>('[data-close-alarm]')
    if (closing) this.detail.askClose(closing.dataset['closeAlarm'] ?? '', closing.dataset['test'] === '1')
    const reopening = target.closest<HTMLElement>('[data-reopen-alarm]')
    if (reopening) this.detail.askReopen(reopening.dataset['reopenAlarm'] ?? '')
  }

  /** J and K are pressed by the frame's keys (their buttons carry data-key); the arrows do the same here. */
  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || typing(event.target) || $('dialog[open]')) return
    // There arrows have a meaning of their own: the map moves, the slider of the volume too, a menu is walked through.
    if ((event.target as HTMLElement).closest('tirek-map, input, select, summary, .menu')) return
    if (keyMatches(event, 'ArrowDown') || keyMatches(event, 'ArrowUp')) {
      event.preventDefault()
      this.step(event.key === 'ArrowDown' ? 1 : -1)
    }
  }

  private step(by: number): void {
    const next = this.board.neighbour(this.detail.wanted, by)
    if (next) void this.open(next)
  }
}
