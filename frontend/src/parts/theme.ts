import { $$ } from '../dom'

const YEAR = 365 * 24 * 3600

export type Theme = 'light' | 'dark'
export const theme = (): Theme => (document.documentElement.dataset['bsTheme'] === 'dark' ? 'dark' : 'light')

/** Change the theme and remember it in a cookie, so that the server draws the next page right from the start. */
export function setTheme(value: Theme): void {
  document.documentElement.dataset['bsTheme'] = value
  document.cookie = `tirek_theme=${value}; path=/; max-age=${YEAR}; samesite=lax`
  document.dispatchEvent(new CustomEvent('tirek:theme', { detail: value }))
}

export function startTheme(): void {
  for (const button of $$('[data-theme-switch]'))
    button.addEventListener('click', () => setTheme(theme() === 'dark' ? 'light' : 'dark'))
}
