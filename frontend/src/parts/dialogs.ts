import { $, h } from '../dom'
import { t } from '../i18n'

export interface Question {
  text: string
  /** What the button says: a verb. */
  act?: string
  mode?: 'live' | 'exercise'
}

/** Ask before an act. Resolves to whether the person went ahead. The safe answer has the focus. */
export function ask(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    const kind = question.mode ? `btn-${question.mode}` : 'btn-primary'
    const dialog = h(
      'dialog',
      { class: question.mode ? `dialog-${question.mode}` : null, 'aria-labelledby': 'ask-text' },
      h('div', { class: 'dialog-body' }, h('h2', { id: 'ask-text' }, question.text)),
      h(
        'form',
        { method: 'dialog', class: 'dialog-acts' },
        h('button', { class: 'btn', value: '', autofocus: true }, t('cancel')),
        h('button', { class: `btn ${kind}`, value: 'yes' }, question.act ?? t('yes')),
      ),
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}

function questionOf(element: HTMLElement, text: string): Question {
  const { confirmAct, confirmMode } = element.dataset
  return {
    text,
    ...(confirmAct ? { act: confirmAct } : {}),
    ...(confirmMode === 'live' || confirmMode === 'exercise' ? { mode: confirmMode } : {}),
  }
}

/**
 * data-opens="id" opens that <dialog>; data-closes closes the one around it; data-confirm="text" on a form or hx-confirm asks
 * first (data-confirm-act names the button, data-confirm-mode its colour).
 */
export function startDialogs(): void {
  document.addEventListener('click', (event) => {
    const target = event.target as HTMLElement
    const opener = target.closest<HTMLElement>('[data-opens]')
    if (opener) {
      const dialog = document.getElementById(opener.dataset['opens'] ?? '')
      if (dialog instanceof HTMLDialogElement) {
        event.preventDefault()
        dialog.showModal()
      }
    }
    if (target.closest('[data-closes]')) target.closest('dialog')?.close()
    // A press on the backdrop lands on the dialog element itself.
    if (target instanceof HTMLDialogElement && target.dataset['light'] !== undefined) target.close()
  })

  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement
    const text = form.dataset['confirm']
    if (!text || form.dataset['confirmed'] || form.hasAttribute('hx-post')) return
    event.preventDefault()
    const submitter = (event as SubmitEvent).submitter
    void ask(questionOf(form, text)).then((yes) => {
      if (!yes) return
      form.dataset['confirmed'] = '1'
      form.requestSubmit(submitter)
    })
  })

  document.addEventListener('htmx:confirm', (event) => {
    const { question, elt, issueRequest } = (event as CustomEvent).detail as {
      question: string | null
      elt: HTMLElement
      issueRequest(skip: boolean): void
    }
    if (!question) return
    event.preventDefault()
    void ask(questionOf(elt, question)).then((yes) => yes && issueRequest(true))
  })
}

/** <details class="menu"> closes on a press outside, on Escape and after a choice. */
export function startMenus(): void {
  const close = (except?: Element | null) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]'))
      if (menu !== except) menu.open = false
  }
  document.addEventListener('click', (event) => close((event.target as Element).closest('details.menu')))
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const menu = $<HTMLDetailsElement>('details.menu[open]')
    close()
    menu?.querySelector('summary')?.focus()
  })
}
