import htmx from 'htmx.org'
import { $, $$, h } from '../dom'
import { BACKGROUND } from '../http'
import { t } from '../i18n'
import { Order } from '../order'

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

interface Answer {
  xhr: XMLHttpRequest
  target: Element
  shouldSwap: boolean
  serverResponse: string
}

/**
 * The chosen alarm. The server draws it; this fetches it anew and keeps what is being typed. Several requests may be on their
 * way at once, loads, refreshes and acts: shown is only what is of the wanted alarm, and nothing older over something newer.
 */
export class Detail {
  /** The alarm that was asked for last; until its answer is here another one is shown. */
  wanted: number | null
  private address: string
  /** What was sent as a note: it must not be put back into the field by a refresh that was under way. */
  private sent = ''
  private readonly order = new Order()
  private readonly numbers = new WeakMap<XMLHttpRequest, number>()
  private readonly loading = new Set<HTMLElement>()
  private restore: () => void = () => undefined

  constructor(private readonly box: HTMLElement) {
    this.wanted = this.id
    this.address = this.body?.dataset['url'] ?? ''
    box.addEventListener('input', () => (this.sent = ''))
    // Acts ask too, and those of the dialogs stand outside of the box.
    document.addEventListener('htmx:beforeRequest', (event) => this.asking(event as CustomEvent<Answer>))
    box.addEventListener('htmx:beforeSwap', (event) => this.answered(event as CustomEvent<Answer>))
    box.addEventListener('htmx:afterSwap', () => {
      this.restore()
      this.restore = () => undefined
    })
    // A key or a press that comes a moment after the choice means the chosen alarm, not the one that is still shown.
    box.addEventListener('click', (event) => this.isChanging && (event.preventDefault(), event.stopPropagation()), true)
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

  /** Whether another alarm was chosen than the one that is shown. */
  get isChanging(): boolean {
    return this.wanted !== this.id
  }

  /** Resolves to whether the alarm is shown, and still wanted. */
  async load(id: number, address: string): Promise<boolean> {
    if (id !== this.wanted) for (const source of this.loading) htmx.trigger(source, 'htmx:abort')
    this.wanted = id
    this.address = address
    this.box.setAttribute('aria-busy', String(this.isChanging))
    await this.fetch(this.isChanging ? {} : BACKGROUND)
    if (this.wanted === id && this.isChanging) this.stay()
    return this.wanted === id && !this.isChanging
  }

  async refresh(): Promise<void> {
    if (this.address) await this.fetch(BACKGROUND)
  }

  /** It could not be had (the frame says why): what is shown is what one is at. */
  private stay(): void {
    this.wanted = this.id
    this.address = this.body?.dataset['url'] ?? ''
    this.box.setAttribute('aria-busy', 'false')
  }

  private async fetch(headers: Record<string, string>): Promise<void> {
    // A source of its own for each: htmx lets the second request of one source wait, and says at once that it is done.
    const source = h('span', { hidden: true })
    this.box.append(source)
    this.loading.add(source)
    await htmx
      .ajax('get', this.address, { target: this.box, swap: 'outerHTML', source, headers })
      .catch(() => undefined) // the frame says what failed
    this.loading.delete(source)
    source.remove()
  }

  private asking({ detail, target }: CustomEvent<Answer>): void {
    if (detail.target !== this.box && detail.target !== this.body) return
    this.numbers.set(detail.xhr, this.order.ask())
    // The box stays, while the part in it may be another one when the answer comes: then htmx would throw the answer away.
    detail.target = this.box
    if (target instanceof Element && target.matches('.duty-note')) this.sent = this.note?.value ?? ''
  }

  private answered({ detail }: CustomEvent<Answer>): void {
    const body = this.body
    if (detail.target !== this.box || !body || !detail.shouldSwap) return
    detail.target = body
    const alarm = Number(/ data-alarm="(\d+)"/.exec(detail.serverResponse)?.[1] ?? 0)
    detail.shouldSwap = alarm === this.wanted && this.order.take(this.numbers.get(detail.xhr) ?? 0)
    if (!detail.shouldSwap) return
    this.box.setAttribute('aria-busy', 'false')
    if (alarm === this.id) this.restore = this.keeping()
  }

  /** Remember what is being typed, up to the last moment; the function gives it back. */
  private keeping(): () => void {
    const typed = this.typed()
    const focused = this.focused()
    return () => {
      for (const { id, value } of typed) {
        const field = document.getElementById(id)
        if (field instanceof HTMLInputElement && value !== this.sent) field.value = value
      }
      focused()
    }
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
