/** Words and figures as people read them. */
import { language, locale, t } from '../../i18n'
import type { Value, Words } from '../types'

/** The text in the page's language, or the next best. */
export function pick(words: Words | undefined): string {
  if (!words) return ''
  return words[language() as 'kk' | 'ru' | 'en'] || words.ru || words.kk || words.en || ''
}

/** The zone of the province: a phone that was set to another one shows the same days. */
const zone = (): { timeZone?: string } => {
  const timeZone = document.body.dataset['zone']
  return timeZone ? { timeZone } : {}
}

/** "25.11.2026": figures only, for browsers know no Kazakh months. */
export function day(value: number | string | null): string {
  if (value === null || value === '') return ''
  const english = locale() === 'en'
  const parts = { day: '2-digit', month: '2-digit', year: 'numeric' } as const
  if (typeof value === 'number') return new Date(value).toLocaleDateString(english ? 'en-GB' : 'ru', { ...parts, ...zone() })
  const [year = '', month = '', date = ''] = value.split('-')
  return english ? `${date}/${month}/${year}` : `${date}.${month}.${year}`
}

export const moment = (value: number): string =>
  `${day(value)}, ${new Date(value).toLocaleTimeString('ru', { hour: '2-digit', minute: '2-digit', ...zone() })}`

/** The day in the province, as the server writes days. */
export const today = (now = new Date()): string => now.toLocaleDateString('sv-SE', zone())

export function megabytes(bytes: number): string {
  const size = bytes / 1024 / 1024
  return t('insp.mb', { size: size < 10 ? Math.round(size * 10) / 10 : Math.round(size) })
}

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
export const hours = (day: number[]): string => {
  const spans = day.flatMap((opens, at) => (at % 2 ? [] : [`${clock(opens)}–${clock((day[at + 1] ?? opens) % 1440)}`]))
  return spans.join(', ')
}

/** An answer in one line. */
export function answerWords(value: Partial<Value> & { text?: string }): string[] {
  if (value.text !== undefined) return [value.text || '—']
  const lines = value.state ? [t(`insp.state.${value.state}`)] : ['—']
  if (value.severity) lines.push(t(`insp.severity.${value.severity}`))
  if (value.place) lines.push(value.place)
  if (value.note) lines.push(value.note)
  return lines
}
