import { h, icon } from '../dom'
import { t } from '../i18n'
import { sound, type Ring, type SoundState } from '../sound'

/** A browser that allows sound needs a moment to begin: that is no block. */
const BEGINS_MS = 400

/** Wherever something rings and the browser keeps the page silent, a band says so and asks for a press. */
export function startSoundBand(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const act = h('button', { class: 'btn', type: 'button' }, t('sound.turnon'))
  act.addEventListener('click', () => void sound.unlock())
  const band = h('div', { class: 'band band-sound', role: 'alert' }, icon('volume-off'), h('span', {}, t('sound.blocked.long')), act)
  document.addEventListener('tirek:sound', (event) => {
    const { state, rings } = (event as CustomEvent<{ state: SoundState; rings: Ring | null }>).detail
    clearTimeout(timer)
    if (state !== 'blocked' || !rings) band.remove()
    else if (!band.isConnected) timer = setTimeout(() => document.body.prepend(band), BEGINS_MS)
  })
}
