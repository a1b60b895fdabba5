/** The app around the screens: what is kept, where one is, the line about the link, what is said in passing. */
import { $, h, icon, store } from '../../dom'
import { t } from '../../i18n'
import { setTheme, theme } from '../../parts/theme'
import { toast } from '../../parts/toast'
import { cookie } from '../api'
import { databaseOf } from '../box'
import type { Drafts } from '../drafts'
import type { Exchange } from '../exchange'
import type { Loop } from '../loop'
import type { Visit } from '../types'
import { see, type Kept, type Seen } from '../view'
import { lockOf, SIGNED_IN } from '../whose'
import { ListScreen } from './list'
import { lockPage } from './lock'
import { VisitScreen } from './visit'

export interface Screen {
  element: HTMLElement
  title: string
  back: boolean
  bottom?: HTMLElement
  /** Show what is kept now. Called often: what has not changed stays as it is. */
  update(): void
  /** Write down what is being typed. */
  flush?(): void
}

const GATHER_MS = 60
const nothing = (): Kept => ({ visits: [], requirements: new Map(), editions: new Map(), changes: [], pictures: [], drafts: new Map() })

export class App {
  kept = nothing()
  sending: string | null = null
  exchangedAt = 0
  leftOff = 0
  ready = false // opens without a network
  acted = 0

  readonly drafts: Drafts
  readonly exchange: Exchange
  readonly person: string
  readonly home: string
  private readonly root: HTMLElement
  private readonly head = h('header', { class: 'insp-head' })
  private readonly line = h('div', { class: 'insp-link', role: 'status' })
  private readonly off = h('span', { class: 'insp-off', hidden: true }, icon('wifi-off')) // when the line has scrolled away
  private readonly body = h('div', { class: 'insp-body' })
  private readonly foot = h('div', { class: 'insp-foot' })
  private screen: Screen | null = null
  private shown = ''
  private locked = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly thumbs = new Map<string, string>()
  private readonly channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('tirek-inspection') : null
  loop!: Loop

  constructor(root: HTMLElement, drafts: Drafts, exchange: Exchange, person: string, home: string) {
    this.root = root
    this.drafts = drafts
    this.exchange = exchange
    this.person = person
    this.home = home
  }

  async start(loop: Loop): Promise<void> {
    this.loop = loop
    const wanted = cookie('tirek_theme')
    if ((wanted === 'dark' || wanted === 'light') && wanted !== theme()) setTheme(wanted) // the kept shell has an older choice
    this.root.replaceChildren(this.head, this.line, this.body, this.foot, h('div', { class: 'toasts' }))
    addEventListener('hashchange', () => this.route())
    const flush = () => this.screen?.flush?.()
    addEventListener('pagehide', flush)
    document.addEventListener('visibilitychange', flush)
    // Somebody else may have signed in on another page, or in the place of this one.
    document.addEventListener('visibilitychange', () => this.shut())
    for (const name of ['focus', 'pageshow']) addEventListener(name, () => this.shut())
    this.channel?.addEventListener('message', () => this.reload())
    await this.read()
    this.route()
    loop.start()
  }

  /** Do an act of the person: write it down, show it, send it. False when it could not be kept; then that is said. */
  async act(work: () => Promise<unknown>): Promise<boolean> {
    if (this.shut()) return false
    this.acted = Date.now()
    try {
      await work()
    } catch (error) {
      const full = error instanceof DOMException && error.name === 'QuotaExceededError'
      toast(full ? t('insp.full') : t('insp.notkept', { what: error instanceof Error ? error.message : String(error) }), 'error')
      return false
    }
    await this.show()
    this.channel?.postMessage('changed')
    this.loop.kick()
    return true
  }

  /** Something has changed: read and show it, gathered. */
  reload = (): void => {
    if (this.timer || this.shut()) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.show()
    }, GATHER_MS)
  }

  private async show(): Promise<void> {
    await this.read()
    if (this.shut()) return
    this.screen?.update()
    this.showLink()
  }

  /** Whether the drafts are not for whoever looks at the phone now. Then nothing of them stays on the page, and nothing is added. */
  private shut(): boolean {
    if (this.locked) return true
    const why = this.loop.link === 'other' ? 'other' : lockOf(this.person, cookie(SIGNED_IN))
    if (!why) return false
    this.locked = true
    this.loop.stop()
    this.screen = null
    this.kept = nothing()
    for (const address of this.thumbs.values()) URL.revokeObjectURL(address)
    this.thumbs.clear()
    this.root.replaceChildren(lockPage(why, this.login()))
    return true
  }

  visit(uid: string): Visit | undefined {
    return this.kept.visits.find((visit) => visit.uid === uid)
  }

  seen(uid: string): Seen | null {
    const visit = this.visit(uid)
    return visit ? see(this.kept, visit) : null
  }

  /** The address of a small picture that is kept here, or "". */
  thumb(number: string): string {
    const known = this.thumbs.get(number)
    if (known) return known
    const picture = this.kept.pictures.find((one) => one.client_id === number)
    if (!picture?.thumb) return ''
    const made = URL.createObjectURL(new Blob([picture.thumb], { type: picture.type }))
    this.thumbs.set(number, made)
    return made
  }

  /** Whether somebody else has left drafts on this phone. Whose and what they are is not shown. */
  othersWork(): boolean {
    try {
      return Object.keys(localStorage).some(
        (key) => key.startsWith('tirek.inspection.left.') && key !== `tirek.inspection.left.${this.person}` && localStorage.getItem(key) !== '0',
      )
    } catch {
      return false
    }
  }

  get database(): string {
    return databaseOf(this.person)
  }

  private async read(): Promise<void> {
    if (this.locked) return
    const kept = await this.drafts.kept()
    if (this.locked) return
    this.kept = kept
    this.exchangedAt = (await this.drafts.meta<number>('exchanged_at')) ?? 0
    this.leftOff = (await this.drafts.meta<number>('left_off')) ?? 0
    if (this.locked) return // what waits is still there
    store(`inspection.left.${this.person}`).set(String(this.waiting()))
  }

  waiting(): number {
    return this.kept.visits.reduce((sum, visit) => sum + see(this.kept, visit).waiting, 0)
  }

  private route(): void {
    if (this.shut()) return
    this.screen?.flush?.()
    const [uid = '', tab = ''] = location.hash.replace(/^#\/?/, '').split('/')
    const here = uid && this.visit(uid) ? `${uid}/${tab}` : ''
    if (this.screen && here === this.shown) return
    this.shown = here
    this.screen = here ? new VisitScreen(this, uid, tab) : new ListScreen(this)
    this.body.replaceChildren(this.screen.element)
    this.foot.replaceChildren(...(this.screen.bottom ? [this.screen.bottom] : []))
    this.showHead()
    this.screen.update()
    this.showLink()
    scrollTo(0, 0)
  }

  private showHead(): void {
    const screen = this.screen
    if (!screen) return
    const other = () => setTheme(theme() === 'dark' ? 'light' : 'dark')
    this.head.replaceChildren(
      screen.back
        ? h('a', { class: 'btn btn-ghost btn-icon', href: '#/', 'aria-label': t('insp.back') }, icon('arrow-left'))
        : h('a', { class: 'btn btn-ghost btn-icon', href: this.home, 'aria-label': t('insp.desk') }, icon('home')),
      h('h1', { class: 'insp-title' }, screen.title),
      this.off,
      h('button', { class: 'btn btn-ghost btn-icon', type: 'button', 'aria-label': t('insp.theme'), onclick: other }, icon('moon')),
    )
    document.title = screen.title
  }

  /** One plain line: where everything is. */
  showLink(): void {
    const { link } = this.loop
    const waiting = this.waiting()
    const calm = link === 'well' || link === 'starting' || link === 'sending'
    const text = calm
      ? waiting
        ? t(link === 'sending' ? 'insp.link.sending' : 'insp.link.waiting', { count: waiting })
        : t(link === 'starting' || (link === 'sending' && !this.exchangedAt) ? 'insp.link.asking' : 'insp.link.well')
      : t(`insp.link.${link}`, { what: this.loop.said })
    const image = { offline: icon('wifi-off'), later: icon('cloud-off'), out: icon('lock'), full: icon('alert-triangle'), broken: icon('alert-triangle') }[link as string]
    const act = link === 'out' ? h('a', { class: 'btn btn-sm', href: this.login() }, t('link.signin')) : null
    this.off.hidden = link !== 'offline'
    const state = `${link} ${text}`
    if (this.line.dataset['state'] === state) return
    this.line.dataset['state'] = state
    this.line.className = `insp-link is-${calm ? (waiting ? 'waiting' : 'well') : link}`
    this.line.replaceChildren(image ?? (waiting ? icon('cloud-up') : icon('cloud-check')), h('span', {}, text), ...(act ? [act] : []))
  }

  private login(): string {
    return document.body.dataset['login'] || this.loop.login || '/'
  }
}

/** The element that scrolls into view when one is led somewhere. */
export function lead(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  const target = element ? ($('input, button, textarea', element) ?? element) : null
  target?.focus({ preventScroll: true })
}
