import htmx from 'htmx.org'
import { $, $$, h, icon } from '../dom'
import { t } from '../i18n'
import { BACKGROUND, csrf } from '../http'

/** The list of alarms. The server draws it; this fetches it anew and keeps focus and place. */
export class Board {
  private readonly told = new Set<number>()
  private incoming: HTMLElement | null

  constructor(private readonly side: HTMLElement) {
    this.incoming = $('#duty-incoming')
  }

  private get list(): HTMLElement | null {
    return $('#desk-list', this.side)
  }

  get newCount(): number {
    return Number(this.list?.dataset['new'] ?? 0)
  }

  /** Whether this person is one who accepts alarms; others see and hear nothing ring. */
  get isDesk(): boolean {
    return this.list?.dataset['desk'] === '1'
  }

  async refresh(): Promise<void> {
    const focused = document.activeElement?.closest('#desk-list') ? document.activeElement.id : ''
    const top = this.side.scrollTop
    await htmx.ajax('get', this.side.dataset['url'] ?? '', {
      target: '#desk-list',
      swap: 'outerHTML',
      source: this.side,
      headers: BACKGROUND,
    })
    this.side.scrollTop = top
    if (focused) document.getElementById(focused)?.focus()
  }

  rows(): HTMLElement[] {
    return $$('.duty-row', this.side)
  }

  row(id: number): HTMLElement | null {
    return $(`#alarm-${id}`, this.side)
  }

  loud(): number[] {
    return this.isDesk ? $$('.duty-row.is-loud', this.side).map((row) => Number(row.dataset['alarm'])) : []
  }

  first(): number | null {
    const row = this.rows().find((candidate) => !candidate.classList.contains('is-closed'))
    return row ? Number(row.dataset['alarm']) : null
  }

  /** The alarm `by` places below (or above) `id` in the list. */
  neighbour(id: number | null, by: number): number | null {
    const rows = this.rows()
    const at = rows.findIndex((row) => Number(row.dataset['alarm']) === id)
    const next = at < 0 ? rows[0] : rows[Math.min(rows.length - 1, Math.max(0, at + by))]
    return next ? Number(next.dataset['alarm']) : null
  }

  mark(id: number | null): void {
    for (const row of this.rows()) {
      if (Number(row.dataset['alarm']) === id) row.setAttribute('aria-current', 'true')
      else row.removeAttribute('aria-current')
    }
    if (this.incoming && Number(this.incoming.dataset['alarm']) === id) this.incoming.hidden = true
  }

  /** Tell the server which new alarms stand on this screen now, each once. */
  tellShown(): void {
    if (!this.isDesk || document.visibilityState !== 'visible') return
    const ids = $$('.duty-row[data-unshown]', this.side)
      .map((row) => Number(row.dataset['alarm']))
      .filter((id) => !this.told.has(id))
    if (!ids.length) return
    for (const id of ids) this.told.add(id)
    void this.post(ids).catch(() => {
      for (const id of ids) this.told.delete(id) // told again with the next list
    })
  }

  private async post(ids: number[]): Promise<void> {
    const answer = await fetch(this.side.dataset['shown'] ?? '', {
      method: 'POST',
      headers: { 'X-CSRFToken': csrf(), ...BACKGROUND },
      body: new URLSearchParams({ ids: ids.join(' ') }),
    })
    if (!answer.ok) throw new Error(`status ${answer.status}`)
  }

  /** A new alarm came while another is being worked on. */
  announce(row: HTMLElement, open: () => void): void {
    const bar = this.incoming
    if (!bar) return
    bar.dataset['alarm'] = row.dataset['alarm'] ?? ''
    const show = h('button', { class: 'btn btn-sm', type: 'button' }, t('desk.show'))
    show.addEventListener('click', open)
    bar.replaceChildren(
      icon('urgent'),
      h('span', {}, h('strong', {}, t('desk.incoming')), ` ${row.dataset['kind'] ?? ''}, ${row.dataset['facility'] ?? ''}`),
      show,
    )
    bar.hidden = false
  }
}
