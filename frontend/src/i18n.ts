/** Strings for scripts. The server writes them into the page (tirek/ui/messages.py). */

type Text = string | Partial<Record<Intl.LDMLPluralRule, string>>

let strings: Record<string, Text> | undefined
let plural: Intl.PluralRules | undefined

export const language = (): string => document.documentElement.lang || 'en'

/** For Intl: browsers often know no Kazakh numbers and dates; Russian ones are written the same way. */
export const locale = (): string => (language() === 'kk' ? 'ru' : language())

function load(): Record<string, Text> {
  const source = document.getElementById('tirek-messages')?.textContent
  strings = source ? (JSON.parse(source) as Record<string, Text>) : {}
  return strings
}

/** The text of `key` in the page's language. `count` chooses the plural form; `{name}` is filled from `values`. */
export function t(key: string, values: Record<string, string | number> = {}): string {
  let text = (strings ?? load())[key]
  if (text === undefined) return key
  if (typeof text !== 'string') {
    plural ??= new Intl.PluralRules(language())
    text = text[plural.select(Number(values['count'] ?? 0))] ?? text.other ?? key
  }
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? value.toLocaleString(locale()) : value
  })
}
