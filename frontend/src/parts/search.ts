import { $, $$ } from '../dom'

/** The search overlay: [data-search] opens it (its key is "/"), arrows walk the hits, Enter follows. The hits come by htmx. */
export function startSearch(): void {
  const dialog = $<HTMLDialogElement>('#search')
  if (!dialog) return
  const input = $<HTMLInputElement>('input', dialog)
  const open = () => {
    dialog.showModal()
    input?.select()
  }
  for (const opener of $$('[data-search]'))
    opener.addEventListener('click', (event) => {
      event.preventDefault()
      open()
    })
  dialog.addEventListener('keydown', (event) => {
    const hits = $$('.hit', dialog)
    const at = hits.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'ArrowDown') hits[Math.min(at + 1, hits.length - 1)]?.focus()
    else if (event.key === 'ArrowUp') (at > 0 ? hits[at - 1] : input)?.focus()
    else if (event.key === 'Enter' && event.target === input && hits[0]) hits[0].click()
    else return
    event.preventDefault()
  })
}
