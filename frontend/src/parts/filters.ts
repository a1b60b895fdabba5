/** Filters stand in the address bar: a form with data-auto sends itself on change, and leaves empty fields out of the address. */
export function startFilters(): void {
  document.addEventListener('change', (event) => {
    const field = event.target as HTMLElement
    if (!field.closest('[data-no-auto]')) field.closest<HTMLFormElement>('form[data-auto]')?.requestSubmit()
  })
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    if (form.dataset['auto'] === undefined || form.method !== 'get') return
    const empty = [...form.elements].filter(
      (field): field is HTMLInputElement => 'value' in field && field.value === '' && !(field as HTMLInputElement).disabled,
    )
    for (const field of empty) field.disabled = true
    // Give the fields back at once, for the page may be shown again from the browser's memory.
    setTimeout(() => empty.forEach((field) => (field.disabled = false)))
  })
}
