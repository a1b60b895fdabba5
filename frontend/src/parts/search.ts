import { $, $$ } from '../dom'

/** The search overlay: [data-search] opens it (its key is "/"), arrows walk the hits, Enter follows. The hits come by htmx. */
export function startSearch(): void {
  const dialog = $<HTMLDialogElement>('#search')
  if (!dialog) return
  const input = $<HTMLInputElement>('input', dialog)
  if (!input) return
  const open = () => {
    dialog.showModal()
    input.select()
  }
  // The hits that stand there may be of the text before this one: Enter follows only those of the text in the box, or waits.
  let known = ''
  let goes = false
  input.addEventListener('input', () => (goes = false))
  dialog.addEventListener('htmx:afterSwap', (event) => {
    const { requestConfig } = (event as CustomEvent<{ requestConfig: { parameters: Record<string, unknown> } }>).detail
    known = String(requestConfig.parameters['q'] ?? '')
    if (!goes || known !== input.value) return
    goes = false
    const hit = $<HTMLElement>('.hit', dialog)
    if (hit) hit.click()
    else input.form?.submit()
  })
  // No answer comes: there are no hits to this text, and Enter asks for the page of the search.
  for (const kind of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout'])
    dialog.addEventListener(kind, () => {
      goes = false
      known = input.value
      $('#hits', dialog)?.replaceChildren()
    })
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
    else if (event.key === 'Enter' && event.target === input && input.value !== known) goes = true
    else if (event.key === 'Enter' && event.target === input && hits[0]) hits[0].click()
    else return
    event.preventDefault()
  })
}
