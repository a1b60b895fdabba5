import htmx from 'htmx.org'
import { $, $$ } from '../dom'
import { BACKGROUND } from '../http'
import { t } from '../i18n'

/** Where the chosen alarm is, for the map. `mark` is empty for what is no danger. */
export interface Place {
  lat: number
  lon: number
  radius: number
  name: string
  about: string
  mark: 'live' | 'exercise' | ''
}

interface Typed {
  id: string
  value: string
}

/** The chosen alarm. The server draws it; this fetches it anew and keeps what is being typed. */
export class Detail {
  /** What was sent as a note: it must not be put back into the field by a refresh that was under way. */
  private sent = ''

  constructor(private readonly box: HTMLElement) {
    box.addEventListener('htmx:beforeRequest', (event) => {
      if ((event.target as HTMLElement).matches('.duty-note')) this.sent = this.note?.value ?? ''
    })
    box.addEventListener('input', () => (this.sent = ''))
  }

  private get note(): HTMLInputElement | null {
    return $<HTMLInputElement>('#note-text', this.box)
  }

  private get body(): HTMLElement | null {
    return $('#detail-body', this.box)
  }

  get id(): number | null {
    return Number(this.body?.dataset['alarm'] ?? 0) || null
  }

  get title(): string {
    const name = this.body?.dataset['name']
    return name ? name : t('desk.title')
  }

  /** Whether somebody is at work on it here, so that nothing may take the screen from them. */
  get isWorkedOn(): boolean {
    return this.body?.dataset['working'] === '1' || Boolean(this.note?.value)
  }

  get place(): Place | null {
    const data = this.body?.dataset
    if (!data?.['lat']) return null
    const mark = data['mark']
    return {
      lat: Number(data['lat']),
      lon: Number(data['lon']),
      radius: Number(data['radius']),
      name: data['name'] ?? '',
      about: data['about'] ?? '',
      mark: mark === 'live' || mark === 'exercise' ? mark : '',
    }
  }

  async load(id: number, address: string): Promise<void> {
    if (id === this.id) return this.refresh()
    await htmx.ajax('get', address, { target: '#detail-body', swap: 'outerHTML', source: this.box })
  }

  async refresh(): Promise<void> {
    const address = this.body?.dataset['url']
    if (!address) return
    const alarm = this.id
    const typed = this.typed()
    const focused = this.focused()
    await htmx.ajax('get', address, {
      target: '#detail-body',
      swap: 'outerHTML',
      source: this.box,
      headers: BACKGROUND,
    })
    if (this.id !== alarm) return
    for (const { id, value } of typed) {
      const field = document.getElementById(id)
      if (field instanceof HTMLInputElement && value !== this.sent) field.value = value
    }
    focused()
  }

  private typed(): Typed[] {
    return $$<HTMLInputElement>('input[type="text"], input:not([type])', this.box)
      .filter((field) => field.id && field.value)
      .map(({ id, value }) => ({ id, value }))
  }

  /** Remember the focus and the place of the cursor; the function gives them back. */
  private focused(): () => void {
    const active = document.activeElement
    if (!(active instanceof HTMLElement) || !active.id || !this.box.contains(active)) return () => undefined
    const { id } = active
    const range = active instanceof HTMLInputElement && active.type === 'text' ? [active.selectionStart, active.selectionEnd] : null
    return () => {
      const again = document.getElementById(id)
      again?.focus({ preventScroll: true })
      if (range && again instanceof HTMLInputElement) again.setSelectionRange(range[0] ?? null, range[1] ?? null)
    }
  }

  askClose(address: string, isTest: boolean): void {
    const dialog = this.ask('close-dialog', address)
    const choice = isTest ? 'test' : ''
    for (const radio of $$<HTMLInputElement>('input[name="outcome"]', dialog ?? document)) radio.checked = radio.value === choice
    $<HTMLInputElement>('input[name="outcome"]', dialog ?? document)?.focus()
  }

  askReopen(address: string): void {
    this.ask('reopen-dialog', address)
  }

  private ask(id: string, address: string): HTMLElement | null {
    const dialog = document.getElementById(id)
    const form = dialog?.querySelector('form')
    if (!(dialog instanceof HTMLDialogElement) || !form) return null
    form.reset()
    form.action = address
    form.setAttribute('hx-post', address)
    htmx.process(form)
    dialog.showModal()
    return dialog
  }
}
