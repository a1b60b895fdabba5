import { $$ } from '../dom'
import { t } from '../i18n'

/** How far the server's clock is ahead of ours, in ms. The live link sets it. */
let offset = 0
export const setServerNow = (now: number): void => void (offset = now - Date.now())
export const serverNow = (): number => Date.now() + offset

/** Units and their length in seconds, as in templatetags/tirek.py; texts "ago.minute" and "in.minute" have the words. */
const STEPS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** "5 min ago", "in 3 days", in the page's language. (Browsers' own relative times know no Kazakh.) */
export function ago(milliseconds: number, now = serverNow()): string {
  const seconds = (milliseconds - now) / 1000
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size)
  if (!step) return t('ago.now')
  const [unit, size] = step
  return t(`${seconds < 0 ? 'ago' : 'in'}.${unit}`, { count: Math.floor(Math.abs(seconds) / size) })
}

/** "00:38", and from an hour on "1:02:38". */
export function clock(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const pad = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return hours ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${pad(minutes)}:${pad(rest)}`
}

function tick(): void {
  const now = serverNow()
  for (const element of $$<HTMLTimeElement>('time[data-timer]')) {
    const at = Date.parse(element.dateTime)
    element.textContent = clock(element.dataset['timer'] === 'down' ? at - now : now - at)
  }
}

function slowTick(): void {
  for (const element of $$<HTMLTimeElement>('time[data-ago]')) element.textContent = ago(Date.parse(element.dateTime))
}

/** Keep <time data-ago> and <time data-timer> true while the page stands open. */
export function startTimes(): void {
  tick()
  slowTick()
  setInterval(tick, 1000)
  setInterval(slowTick, 15_000)
  document.addEventListener('htmx:afterSwap', () => {
    tick()
    slowTick()
  })
}
