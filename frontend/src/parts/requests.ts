import htmx from 'htmx.org'
import { BACKGROUND, csrf } from '../http'
import { t } from '../i18n'
import { startTabs } from './tabs'
import { toast } from './toast'

/** htmx: no eval, no injected styles (the content security policy forbids both), the CSRF token in a header, errors said. */
export function startRequests(): void {
  htmx.config.allowEval = false
  htmx.config.includeIndicatorStyles = false
  htmx.config.selfRequestsOnly = true
  htmx.config.scrollBehavior = 'auto'
  htmx.config.timeout = 20_000

  document.addEventListener('htmx:configRequest', (event) => {
    const { headers, triggeringEvent } = (event as CustomEvent).detail as {
      headers: Record<string, string>
      triggeringEvent?: Event
    }
    headers['X-CSRFToken'] = csrf()
    // Polls and live events are no acts of the person.
    if (!triggeringEvent?.isTrusted) Object.assign(headers, BACKGROUND)
  })
  document.addEventListener('htmx:responseError', (event) => {
    const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail
    // An act that was refused answers 409 with the sentence for people.
    if (xhr.status === 409 && xhr.responseText.length < 500) toast(xhr.responseText, 'error')
    else if (xhr.status === 403) toast(t('error.forbidden'), 'error')
    else toast(t('error.server', { status: String(xhr.status) }), 'error')
  })
  document.addEventListener('htmx:sendError', () => toast(t('error.link'), 'error'))
  document.addEventListener('htmx:timeout', () => toast(t('error.slow'), 'error'))
  document.addEventListener('htmx:load', (event) => {
    if (event.target !== document.body) startTabs(event.target as HTMLElement)
  })
}
