/** Forms with data-passkey="login", "get" or "create": the browser makes or proves a key, then the form goes to the server. */
import { create, prove } from '../accounts/webauthn'
import { t } from '../i18n'
import { toast } from '../parts/toast'

type Json = Record<string, unknown>

async function credential(form: HTMLFormElement): Promise<Json> {
  if (form.dataset['passkey'] === 'login') {
    const response = await fetch(form.action, { headers: { Accept: 'application/json' } })
    if (!response.ok) throw new Error(String(response.status))
    return prove(((await response.json()) as Json)['request_options'] as Json)
  }
  const data = JSON.parse(document.getElementById(form.dataset['options'] ?? '')?.textContent ?? '{}') as Json
  if (form.dataset['passkey'] === 'create') {
    const alone = form.querySelector<HTMLInputElement>('input[name="passwordless"]')?.checked ?? false
    return create(data['creation_options'] as Json, alone)
  }
  return prove(data['request_options'] as Json)
}

/** What to tell the person. Browsers say little on purpose: a key that is not there looks like one that was not used. */
function problem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'SecurityError') return t('passkey.address', { address: `http://localhost:${location.port}` })
  if (name === 'InvalidStateError') return t('passkey.known')
  return t('passkey.stopped')
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  if (!('credentials' in navigator) || !('PublicKeyCredential' in window)) continue
  for (const button of form.querySelectorAll('button')) button.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    credential(form).then(
      (value) => {
        const field = form.querySelector<HTMLInputElement>('input[name="credential"]')
        if (field) field.value = JSON.stringify(value)
        form.submit()
      },
      (error: unknown) => toast(problem(error), 'error'),
    )
  })
}
