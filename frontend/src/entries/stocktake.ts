/** The page of a stocktake: labels by camera or typed, kept on the device until the server has answered.
 *
 * Of a closed one the page only sends what still waits on this device, and shows what was not taken.
 */

import { $, h, store } from '../dom.ts'
import { post } from '../http.ts'
import { t } from '../i18n.ts'
import { adopt, ofOthers, placeOf, Queue, type Answer, type Scan } from '../stocktake/queue.ts'
import { readCodes } from '../stocktake/reader.ts'
import { uuid } from '../uuid.ts'

const root = $('[data-stocktake]')
if (root) start(root)

function start(page: HTMLElement): void {
  const said = $('[data-said]', page)!
  const waits = $('[data-waits]', page)!
  const untaken = $('[data-untaken]', page)!
  const others = $('[data-others]', page)!
  const isClosed = page.dataset['closed'] !== undefined
  const { stocktake = '', person = '' } = page.dataset
  const own = store(placeOf(stocktake, person))
  adopt(store(`stocktake.${stocktake}`), own)
  const queue = new Queue(own, answered)

  async function answered(scan: Scan): Promise<Answer> {
    return (await (await post(page.dataset['scan']!, { ...scan })).json()) as Answer
  }

  function draw(): void {
    const count = queue.waiting.length
    waits.hidden = !count
    waits.textContent = count ? t(queue.safe ? 'stocktake.waits' : 'stocktake.unsafe', { count }) : ''
    const foreign = ofOthers(everything(), stocktake, person)
    others.hidden = !foreign
    others.textContent = foreign ? t('stocktake.others', { count: foreign }) : ''
    untaken.hidden = !queue.untaken.length
    untaken.replaceChildren(
      ...queue.untaken.map(({ client_id: id, label, refusal }) =>
        h(
          'li',
          {},
          h('span', { class: 'flex-fill' }, label, h('small', { class: 'warn d-block' }, `${t('stocktake.refused')}: ${refusal}`)),
          h('button', { type: 'button', class: 'btn btn-sm', onclick: () => dismiss(id) }, t('stocktake.dismiss')),
        ),
      ),
    )
    if (isClosed) page.hidden = !count && !queue.untaken.length && !foreign
  }

  function dismiss(id: string): void {
    queue.dismiss(id)
    draw()
  }

  function take(label: string, { building = '', place = '' }): void {
    queue.add({ client_id: uuid(), label, building, place, at: String(Date.now()) })
    navigator.vibrate?.(60)
    if (!queue.safe) draw() // before the server has answered: the page must stay open until then
    void send()
  }

  async function send(): Promise<void> {
    const untakenBefore = queue.untaken.length
    const isTaken = await queue.send(tell)
    draw()
    const refused = queue.untaken[untakenBefore]
    if (refused) say(`${t('stocktake.refused')}: ${refused.refusal}`, 'warn')
    if (isTaken) await refresh()
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
    // The result was counted anew: ticks belong to what it says now.
    if (isClosed) return location.reload()
    try {
      const answer = await fetch(page.dataset['list']!)
      const state = $('[data-state]')
      if (answer.ok && !answer.redirected && state) state.innerHTML = await answer.text()
    } catch {
      // The link is lost: the list is fetched with the next scan.
    }
  }

  addEventListener('online', () => void send())
  addEventListener('beforeunload', (event) => {
    if (!queue.safe && queue.waiting.length) event.preventDefault()
  })
  setInterval(() => queue.waiting.length && void send(), 5000)
  draw()
  void send()
  if (!isClosed) scanning(page, take, say)
}

/** Everything that the device keeps for Tirek, by name. */
function everything(): [string, string][] {
  try {
    return Object.entries({ ...localStorage }).map(([name, text]) => [name.replace(/^tirek\./, ''), String(text)])
  } catch {
    return [] // storage may be forbidden
  }
}

/** The camera and the field: whatever gives labels. */
function scanning(
  page: HTMLElement,
  take: (label: string, where: { building: string; place: string }) => void,
  say: (text: string, tone: string) => void,
): void {
  const view = $('.scanner-view', page)!
  const camera = $('[data-camera]', page)!
  const stop = $('[data-stop]', page)!
  const video = $<HTMLVideoElement>('video', page)!
  const typed = $<HTMLFormElement>('[data-typed]', page)!
  const building = $<HTMLSelectElement>('[data-building]', page)
  const place = $<HTMLInputElement>('[data-place]', page)
  let ending: (() => void) | null = null
  let last = { label: '', at: 0 }

  function seen(label: string): void {
    const now = Date.now()
    // A camera sees the same label many times a second.
    if (label === last.label && now - last.at < 3000) return
    last = { label, at: now }
    take(label, { building: building?.value ?? '', place: place?.value ?? '' })
  }

  camera.addEventListener('click', async () => {
    try {
      ending = await readCodes(video, seen)
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
    if (field.value.trim()) seen(field.value.trim())
    field.value = ''
    field.focus()
  })
}
