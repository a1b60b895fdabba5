import { $, $$ } from '../dom'

/** Where a line of links is longer than the screen, the one we are at is in view. */
export function showHere(): void {
  for (const line of $$('.subnav, .tabs')) {
    const here = $('[aria-current="page"]', line)
    if (here) line.scrollLeft = here.offsetLeft - line.offsetLeft - (line.clientWidth - here.offsetWidth) / 2
  }
}

/** The top bar's places that do not fit move into the menu "More" beside them. */
export function startNav(): void {
  const nav = $('.mainnav')
  const more = $<HTMLDetailsElement>('.nav-more')
  const panel = more && $('.menu-panel', more)
  if (!nav || !more || !panel) return
  const links = $$('a', nav)
  const fit = () => {
    for (const link of links) nav.append(link)
    more.hidden = true
    nav.append(more)
    if (nav.scrollWidth <= nav.clientWidth) return
    more.hidden = false
    for (const link of [...links].reverse()) {
      if (nav.scrollWidth <= nav.clientWidth) break
      panel.prepend(link)
    }
    more.classList.toggle('is-here', $('[aria-current="page"]', panel) !== null)
  }
  new ResizeObserver(fit).observe(nav)
  // Widths change once the font is there.
  void document.fonts.ready.then(fit)
}
