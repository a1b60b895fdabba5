/** Plays what an endpoint would play: the server renders it, the page only plays. */
import { $, $$ } from '../dom'
import { t } from '../i18n'
import { toast } from '../parts/toast'

/** Fetch a sound and play it; a refusal is said in the server's words. */
export async function player(button: HTMLButtonElement, audio: HTMLAudioElement, ask: () => Promise<Response>): Promise<void> {
  button.disabled = true
  try {
    const answer = await ask()
    if (answer.status === 409) return toast(await answer.text(), 'warning')
    if (!answer.ok) return toast(t('error.server', { status: answer.status }), 'error')
    if (audio.src) URL.revokeObjectURL(audio.src)
    audio.src = URL.createObjectURL(await answer.blob())
    audio.hidden = false
    await audio.play().catch(() => undefined) // a browser may ask for one more press: the controls are there
  } catch {
    toast(t('error.link'), 'error')
  } finally {
    button.disabled = false
  }
}

/** Buttons with `data-listen="address"`; `data-player` names the audio element, else the next one is taken. */
export function startListening(under: ParentNode = document): void {
  for (const button of $$<HTMLButtonElement>('button[data-listen]', under)) {
    if (button.dataset['ready']) continue
    button.dataset['ready'] = '1'
    button.addEventListener('click', () => {
      const named = button.dataset['player']
      const audio = named ? $<HTMLAudioElement>(`#${named}`) : $<HTMLAudioElement>('audio', button.parentElement ?? document)
      if (audio) void player(button, audio, () => fetch(button.dataset['listen'] ?? ''))
    })
  }
}
