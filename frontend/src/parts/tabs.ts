import { $$ } from '../dom'

/** In-page tabs: [role=tablist] with buttons that name their panels by aria-controls. Arrows move, the address keeps the choice. */
export function startTabs(under: ParentNode = document): void {
  for (const list of $$('[role="tablist"]', under)) {
    const tabs = $$('[role="tab"]', list)
    const choose = (chosen: HTMLElement, focus = false) => {
      for (const tab of tabs) {
        const on = tab === chosen
        tab.setAttribute('aria-selected', String(on))
        tab.tabIndex = on ? 0 : -1
        const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '')
        if (panel) panel.hidden = !on
      }
      if (focus) chosen.focus()
    }
    for (const tab of tabs)
      tab.addEventListener('click', () => {
        choose(tab)
        history.replaceState(null, '', `#${tab.getAttribute('aria-controls') ?? ''}`)
      })
    list.addEventListener('keydown', (event) => {
      const at = tabs.indexOf(event.target as HTMLElement)
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
      const next = step ? tabs[(at + step + tabs.length) % tabs.length] : undefined
      if (next) choose(next, true)
    })
    const named = tabs.find((tab) => `#${tab.getAttribute('aria-controls') ?? ''}` === location.hash)
    const first = named ?? tabs.find((tab) => tab.getAttribute('aria-selected') === 'true') ?? tabs[0]
    if (first) choose(first)
  }
}
