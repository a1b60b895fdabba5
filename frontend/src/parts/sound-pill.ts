import { h, icon } from '../dom'
import { locale, t } from '../i18n'
import { sound, type Ring, type SoundState } from '../sound'

const MINUTES = [5, 15, 60]

/** <tirek-sound>: state of sound on this page, with volume, a try, and silence for some minutes. Asks for a press when blocked. */
export class TirekSound extends HTMLElement {
  private readonly summary = h('summary', { class: 'pill' })
  private readonly mutes = h('div')
  private band: HTMLElement | undefined

  connectedCallback(): void {
    const slider = h('input', {
      type: 'range', min: 0, max: 1, step: 0.05, value: sound.volume, class: 'form-range', 'aria-label': t('sound.volume'),
    })
    slider.addEventListener('input', () => (sound.volume = Number(slider.value)))
    const tryIt = h('button', { class: 'menu-item', type: 'button' }, icon('volume'), t('sound.try'))
    tryIt.addEventListener('click', () => void sound.unlock().then(() => sound.once('done')))
    this.replaceChildren(
      h(
        'details',
        { class: 'menu menu-end' },
        this.summary,
        h('div', { class: 'menu-panel' }, h('label', { class: 'menu-item' }, t('sound.volume'), slider), tryIt, this.mutes),
      ),
    )
    document.addEventListener('tirek:sound', (event) =>
      this.show((event as CustomEvent<{ state: SoundState; rings: Ring | null }>).detail),
    )
    // Any press on the page lifts the browser's block.
    const unlock = () => void sound.unlock()
    addEventListener('pointerdown', unlock, { once: true })
    addEventListener('keydown', unlock, { once: true })
    this.show({ state: sound.state, rings: sound.rings })
  }

  private show({ state, rings }: { state: SoundState; rings: Ring | null }): void {
    const until = new Date(sound.mutedUntil).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' })
    const label = state === 'muted' ? t('sound.muted', { time: until }) : t(`sound.${state}`)
    this.summary.className = `pill ${state === 'on' ? '' : 'pill-warn'}`
    this.summary.setAttribute('aria-label', label)
    this.summary.replaceChildren(icon(state === 'on' ? 'volume' : 'volume-off'), h('span', {}, label))
    this.mutes.replaceChildren(
      ...(state === 'muted'
        ? [this.choice(t('sound.unmute'), 0, 'volume')]
        : MINUTES.map((count) => this.choice(t('sound.mute', { count }), count, 'volume-off'))),
    )
    this.band?.remove()
    this.band = undefined
    if (state !== 'blocked' || !rings) return
    const act = h('button', { class: 'btn', type: 'button' }, t('sound.turnon'))
    act.addEventListener('click', () => void sound.unlock())
    this.band = h('div', { class: 'band band-sound', role: 'alert' }, icon('volume-off'), h('span', {}, t('sound.blocked.long')), act)
    document.body.prepend(this.band)
  }

  private choice(label: string, minutes: number, name: 'volume' | 'volume-off'): HTMLElement {
    const button = h('button', { class: 'menu-item', type: 'button' }, icon(name), label)
    button.addEventListener('click', () => {
      sound.mute(minutes)
      this.querySelector('details')?.removeAttribute('open')
    })
    return button
  }
}
