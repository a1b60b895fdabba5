import { h, icon } from '../dom'
import { locale, t } from '../i18n'
import { sound, type SoundState } from '../sound'

const MINUTES = [5, 15, 60]

/** <tirek-sound>: state of sound on this page, with volume, a try, and silence for some minutes. */
export class TirekSound extends HTMLElement {
  private readonly summary = h('summary', { class: 'pill' })
  private readonly mutes = h('div')

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
    document.addEventListener('tirek:sound', (event) => this.show((event as CustomEvent<{ state: SoundState }>).detail.state))
    sound.unlockAtPress()
    this.show(sound.state)
  }

  private show(state: SoundState): void {
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
