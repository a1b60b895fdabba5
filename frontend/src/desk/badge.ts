import { $ } from '../dom'

let plain: string | undefined
let house: string | undefined

/** Put the number of alarms that nobody has accepted into the title and the icon of the tab. */
export function badge(count: number, title: string): void {
  house ??= document.title.split(' · ').at(-1) ?? ''
  document.title = `${count ? `(${count}) ` : ''}${title} · ${house}`
  const link = $<HTMLLinkElement>('link[rel="icon"]') as HTMLLinkElement | null
  if (!link) return
  plain ??= link.href
  link.href = count ? `data:image/svg+xml,${encodeURIComponent(drawn(count))}` : plain
}

const drawn = (count: number): string =>
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#c8102e"/>' +
  '<text x="16" y="23" font-family="sans-serif" font-weight="700" font-size="20" fill="#fff" text-anchor="middle">' +
  `${count > 9 ? '9+' : count}</text></svg>`
