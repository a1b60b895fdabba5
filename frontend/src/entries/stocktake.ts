/** The page of an open stocktake: labels by camera or typed, kept on the device until the server has answered. */

import { $, store } from '../dom.ts'
import { post, Refused } from '../http.ts'
import { t } from '../i18n.ts'
import { readCodes } from '../stocktake/reader.ts'

interface Scan {
  client_id: string
  label: string
  building: string
  place: string
  at: string
}

interface Answer {
  kind: string
  text: string
  name: string
  detail: string
}

const root = $('[data-stocktake]')
if (root) start(root)

function start(page: HTMLElement): void {
  const kept = store(`stocktake.${page.dataset['stocktake'] ?? ''}`)
  const said = $('[data-said]', page)!
  const waits = $('[data-waits]', page)!
  const view = $('.scanner-view', page)!
  const camera = $('[data-camera]', page)!
  const stop = $('[data-stop]', page)!
  const video = $<HTMLVideoElement>('video', page)!
  const typed = $<HTMLFormElement>('[data-typed]', page)!
  const building = $<HTMLSelectElement>('[data-building]', page)
  const place = $<HTMLInputElement>('[data-place]', page)
  let queue: Scan[] = read()
  let sending = false
  let ending: (() => void) | null = null
  let last = { label: '', at: 0 }

  function read(): Scan[] {
    try {
      return JSON.parse(kept.get() ?? '[]') as Scan[]
    } catch {
      return []
    }
  }

  function keep(): void {
    kept.set(queue.length ? JSON.stringify(queue) : null)
    waits.hidden = !queue.length
    waits.textContent = queue.length ? t('stocktake.waits', { count: queue.length }) : ''
  }

  function take(label: string): void {
    const now = Date.now()
    // A camera sees the same label many times a second.
    if (label === last.label && now - last.at < 3000) return
    last = { label, at: now }
    queue.push({
      client_id: crypto.randomUUID(),
      label,
      building: building?.value ?? '',
      place: place?.value ?? '',
      at: String(now),
    })
    navigator.vibrate?.(60)
    kept.set(JSON.stringify(queue))
    void send()
  }

  async function send(): Promise<void> {
    if (sending) return
    sending = true
    let changed = false
    try {
      while (queue.length) {
        const scan = queue[0]!
        try {
          const answer = (await (await post(page.dataset['scan']!, { ...scan })).json()) as Answer
          tell(answer)
          changed = true
        } catch (error) {
          // Refused is an answer: sending it again would not help.
          if (!(error instanceof Refused)) break
          say(`${t('stocktake.refused')}: ${error.message}`, 'warn')
        }
        queue.shift()
      }
    } finally {
      sending = false
      keep()
    }
    if (changed) await refresh()
  }

  function tell(answer: Answer): void {
    const tone = answer.kind === 'found' ? 'good' : answer.kind === 'twice' ? 'mute' : 'warn'
    say([`${t(`stocktake.${answer.kind}`)}: ${answer.name}`, answer.detail].filter(Boolean).join(' · '), tone)
  }

  function say(text: string, tone: string): void {
    said.textContent = text
    said.className = `scanner-said ${tone}`
  }

  async function refresh(): Promise<void> {
    try {
      const answer = await fetch(page.dataset['list']!)
      const state = $('[data-state]')
      if (answer.ok && !answer.redirected && state) state.innerHTML = await answer.text()
    } catch {
      // The link is lost: the list is fetched with the next scan.
    }
  }

  camera.addEventListener('click', async () => {
    try {
      ending = await readCodes(video, take)
      view.hidden = false
      camera.hidden = true
      stop.hidden = false
    } catch {
      say(t('stocktake.nocamera'), 'warn')
    }
  })
  stop.addEventListener('click', () => {
    ending?.()
    ending = null
    view.hidden = true
    camera.hidden = false
    stop.hidden = true
  })
  typed.addEventListener('submit', (event) => {
    event.preventDefault()
    const field = $<HTMLInputElement>('input', typed)!
    if (field.value.trim()) take(field.value.trim())
    field.value = ''
    field.focus()
  })
  addEventListener('online', () => void send())
  setInterval(() => queue.length && void send(), 5000)
  keep()
  void send()
}
