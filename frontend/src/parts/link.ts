import { h, icon } from '../dom'
import { locale, t } from '../i18n'
import { Live, type LinkDetail } from '../live'
import { sound } from '../sound'
import { serverNow } from './time'
import { toast } from './toast'

const REST = 60_000

/**
 * <tirek-link data-stream data-since data-zone [data-keep]>: the pill in the top bar that holds the live link and shows the
 * server's clock. Without data-keep a page that nobody has looked at for a minute lets its connection go (browsers allow
 * only six to one server) and catches up when it is seen again. The duty desk keeps.
 */
export class TirekLink extends HTMLElement {
  private live: Live | undefined
  private band: HTMLElement | undefined
  private label = h('span')
  private time = h('time')
  private clock: Intl.DateTimeFormat | undefined

  connectedCallback(): void {
    this.classList.add('pill')
    this.setAttribute('role', 'status')
    this.replaceChildren(h('span', { class: 'dot' }), this.label, this.time)
    this.clock = new Intl.DateTimeFormat(locale(), {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      ...(this.dataset['zone'] ? { timeZone: this.dataset['zone'] } : {}),
    })
    // The clock is for eyes; a screen reader would hear it every second.
    this.time.setAttribute('aria-hidden', 'true')
    setInterval(() => this.tick(), 1000)

    const since = this.dataset['since']
    const live = new Live(this.dataset['stream'] ?? '/live/stream', since ? Number(since) : null)
    this.live = live
    document.addEventListener('tirek:link', (event) => this.show((event as CustomEvent<LinkDetail>).detail))
    document.addEventListener('tirek:reset', () => location.reload())
    if (this.dataset['keep'] === undefined) this.restWhenHidden(live)
    this.show({ state: 'connecting', heard: Date.now() })
    live.start()
    this.tick()
  }

  private restWhenHidden(live: Live): void {
    let timer: ReturnType<typeof setTimeout> | undefined
    document.addEventListener('visibilitychange', () => {
      clearTimeout(timer)
      if (document.hidden) timer = setTimeout(() => live.pause(), REST)
      else if (live.state === 'paused') live.again()
    })
  }

  private tick(): void {
    this.time.textContent = this.clock?.format(serverNow()) ?? ''
  }

  private show({ state, heard }: LinkDetail): void {
    this.classList.toggle('pill-ok', state === 'on')
    this.classList.toggle('pill-warn', state === 'lost' || state === 'out')
    this.time.hidden = state === 'lost' || state === 'out'
    this.label.textContent = t(`link.${state}`)
    if (state === 'lost' || state === 'out') this.warn(state, heard)
    else if (this.band && state === 'on') {
      this.band.remove()
      this.band = undefined
      toast(t('link.back'), 'success')
    }
  }

  private warn(state: 'lost' | 'out', heard: number): void {
    if (!this.band) sound.once('lost')
    this.band?.remove()
    const text =
      state === 'out' ? t('link.out.long') : t('link.lost.long', { time: this.clock?.format(serverNow() - Date.now() + heard) ?? '' })
    const act = h('button', { class: 'btn', type: 'button' }, state === 'out' ? t('link.signin') : t('link.again'))
    act.addEventListener('click', () => (state === 'out' ? location.reload() : this.live?.again()))
    this.band = h('div', { class: 'band band-link', role: 'alert' }, icon('plug-connected-x'), h('span', {}, text), act)
    document.body.prepend(this.band)
  }
}
