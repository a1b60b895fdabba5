/**
 * The service worker: the app opens without a network. It keeps the shell and the files that the shell names (their names carry a
 * hash of their content), and nothing else: no visit, no photo, no page of anybody. Drafts are in IndexedDB.
 */
interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetching extends Extendable {
  request: Request
  respondWith(answer: Promise<Response>): void
}
interface Told extends Extendable {
  data: unknown
  source: { postMessage(message: unknown): void } | null
}
interface Worker {
  addEventListener(name: 'install' | 'activate', listener: (event: Extendable) => void): void
  addEventListener(name: 'fetch', listener: (event: Fetching) => void): void
  addEventListener(name: 'message', listener: (event: Told) => void): void
  skipWaiting(): Promise<void>
  registration: { scope: string }
  clients: { claim(): Promise<void> }
}
const worker = self as unknown as Worker

const SHELL = 'tirek-inspection-shell'
const FILES = 'tirek-inspection-files'
const PATIENCE_MS = 4000
const OWN = ['manifest.webmanifest', 'icon-192.png', 'icon-512.png', 'icon-mask-512.png']

const scope = (): string => worker.registration.scope
const owned = (): string[] => OWN.map((name) => new URL(name, scope()).href)

/** Addresses of files that the shell needs: scripts, styles, icons. */
function named(html: string): string[] {
  const found = new Set<string>()
  for (const [tag] of html.matchAll(/<(?:script|link|body)\b[^>]*>/g))
    for (const [, address] of tag.matchAll(/\b(?:src|href|data-icons)="([^"]+)"/g))
      if (address && /\/assets\//.test(address)) found.add(new URL(address, scope()).href)
  return [...found]
}

/** Fonts and pictures that a style sheet names. */
const inStyle = (css: string, at: string): string[] =>
  [...css.matchAll(/url\(\s*["']?([^"')]+)["']?\s*\)/g)].map(([, address]) => new URL(address ?? '', at).href).filter((address) => !address.startsWith('data:'))

async function fill(addresses: string[]): Promise<void> {
  const files = await caches.open(FILES)
  for (const address of addresses) {
    if (await files.match(address)) continue
    const answer = await fetch(address)
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
    await files.put(address, answer.clone())
    if (address.endsWith('.css')) await fill(inStyle(await answer.text(), address))
  }
}

/** Keep this shell, after everything that it needs; then drop the files of the one before. */
async function keep(answer: Response): Promise<void> {
  const html = await answer.clone().text()
  const addresses = named(html)
  await fill(addresses)
  const files = await caches.open(FILES)
  for (const address of owned()) {
    const fresh = await fetch(address).catch(() => null)
    if (fresh?.ok) await files.put(address, fresh)
  }
  await (await caches.open(SHELL)).put(scope(), answer)
  const needed = new Set([...addresses, ...owned()])
  for (const address of addresses.filter((one) => one.endsWith('.css'))) {
    const style = await files.match(address)
    if (style) for (const one of inStyle(await style.text(), address)) needed.add(one)
  }
  for (const request of await files.keys()) if (!needed.has(request.url)) await files.delete(request)
}

const isShell = (answer: Response): boolean => answer.ok && !answer.redirected && answer.type === 'basic'

async function fetchShell(): Promise<Response> {
  const answer = await fetch(scope(), { credentials: 'same-origin', headers: { Accept: 'text/html', 'X-Tirek-Background': '1' } })
  if (!isShell(answer)) throw new Error(String(answer.status))
  return answer
}

/** The newest shell; the kept one when there is no network, it is too slow, or the server is not well. */
async function open(event: Fetching): Promise<Response> {
  const kept = await (await caches.open(SHELL)).match(scope())
  const asked = fetch(event.request).then((answer) => {
    if (isShell(answer)) event.waitUntil(keep(answer.clone()).catch(() => undefined))
    return answer
  })
  if (!kept) return asked
  const late = new Promise<null>((done) => setTimeout(() => done(null), PATIENCE_MS))
  const first = await Promise.race([asked.catch(() => null), late])
  event.waitUntil(asked.catch(() => undefined))
  return first && first.status < 500 ? first : kept
}

worker.addEventListener('install', (event) => {
  event.waitUntil(worker.skipWaiting())
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim())
})

worker.addEventListener('message', (event) => {
  if (event.data !== 'keep') return
  const { source } = event
  event.waitUntil(
    fetchShell()
      .then(keep)
      .then(
        () => source?.postMessage('kept'),
        async () => source?.postMessage((await (await caches.open(SHELL)).match(scope())) ? 'kept' : 'not kept'),
      ),
  )
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== location.origin) return
  if (request.mode === 'navigate') {
    if (url.pathname === new URL(scope()).pathname) event.respondWith(open(event))
    return
  }
  // By name only: what the shell names, and the app's own icons. JSON and photos always come from the server.
  if (/\/assets\//.test(url.pathname) || owned().includes(url.href))
    event.respondWith(caches.open(FILES).then((files) => files.match(request.url)).then((kept) => kept ?? fetch(request)))
})
