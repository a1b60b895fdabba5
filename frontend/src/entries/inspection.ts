/** The offline app of inspections (docs/inspections-device.md). */
import '../styles/main.scss'
import '../inspection/inspection.scss'
import { $, h } from '../dom'
import { t } from '../i18n'
import { cookie, serverApi } from '../inspection/api'
import { IdbBox } from '../inspection/box'
import { Drafts } from '../inspection/drafts'
import { Exchange } from '../inspection/exchange'
import { Loop } from '../inspection/loop'
import { App } from '../inspection/ui/app'
import { lockPage } from '../inspection/ui/lock'
import { SIGNED_IN, whose } from '../inspection/whose'
import { uuid } from '../uuid'

const ACTED_MS = 60_000

async function start(root: HTMLElement): Promise<void> {
  const { person: shell = '', deviceBase = '', uploads = '', home = '/', login = '/' } = document.body.dataset
  const problem = (text: string) => root.replaceChildren(h('p', { class: 'insp-empty' }, text))
  if (!globalThis.isSecureContext) return problem(t('insp.insecure'))
  const person = whose(shell, cookie(SIGNED_IN))
  if (!person) return root.replaceChildren(lockPage('out', login))
  let box: IdbBox
  try {
    box = await IdbBox.open(person)
  } catch {
    return problem(t('insp.nostore'))
  }
  const drafts = new Drafts(box, { now: () => Date.now(), uuid })
  const device = await drafts.device()
  let app: App | null = null
  const api = serverApi({ base: deviceBase, uploads, person, busy: () => Date.now() - (app?.acted ?? 0) < ACTED_MS })
  const exchange = new Exchange(drafts, api, { person, device }, (uid) => {
    if (!app) return
    if (uid !== null || app.sending !== null) app.reload()
    app.sending = uid
  })
  app = new App(root, drafts, exchange, person, home)
  const here = app
  const loop = new Loop(exchange, person, () => here.reload())
  await here.start(loop)
  void keepShell(deviceBase, () => {
    here.ready = true
    here.reload()
  })
}

/** Let the service worker keep the app, so that it opens without a network. */
async function keepShell(base: string, kept: () => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  navigator.serviceWorker.addEventListener('message', (event) => {
    if (event.data === 'kept') kept()
  })
  try {
    const registration = await navigator.serviceWorker.register(`${base}sw.js`, { scope: base })
    if (navigator.onLine) void registration.update().catch(() => undefined)
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage('keep')
  } catch (error) {
    console.error(error) // the app works while it stays open; the list says that it does not open without a network
  }
}

const root = $('#inspection')
if (root) void start(root)
