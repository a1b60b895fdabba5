import { $, $$ } from '../dom'
import { t } from '../i18n'

/**
 * Rows chosen for an act on many. The bar (`data-bulk`) shows once a row is ticked; the boxes belong to its form by the attribute
 * `form`. Where a page is ticked whole, "all that the filter finds" is offered.
 */
export class Bulk {
  private readonly boxes: HTMLInputElement[]
  private readonly whole: HTMLInputElement
  private readonly all: HTMLInputElement
  private readonly every: HTMLButtonElement
  private readonly count: HTMLElement
  private readonly total: number
  private last: HTMLInputElement | null = null

  constructor(private readonly form: HTMLFormElement) {
    this.boxes = $$<HTMLInputElement>(`input[name="row"][form="${form.id}"]`)
    this.whole = $<HTMLInputElement>('[data-bulk-page]', form) as HTMLInputElement
    this.all = $<HTMLInputElement>('[data-bulk-all]', form) as HTMLInputElement
    this.every = $<HTMLButtonElement>('[data-bulk-every]', form) as HTMLButtonElement
    this.count = $('[data-bulk-count]', form) as HTMLElement
    this.total = Number(this.count.dataset['total'])
  }

  start(): void {
    for (const box of this.boxes)
      box.addEventListener('click', (event) => {
        if (event.shiftKey && this.last) this.range(this.last, box)
        this.last = box
        this.all.value = ''
        this.show()
      })
    this.whole.addEventListener('change', () => this.tick(this.whole.checked))
    this.every.addEventListener('click', () => {
      this.all.value = '1'
      this.show()
    })
    $('[data-bulk-none]', this.form)?.addEventListener('click', () => this.tick(false))
    this.show() // the browser may have kept the ticks of a page it goes back to
  }

  private range(from: HTMLInputElement, to: HTMLInputElement): void {
    const [a, b] = [this.boxes.indexOf(from), this.boxes.indexOf(to)].sort((x, y) => x - y)
    for (const box of this.boxes.slice(a, (b ?? 0) + 1)) box.checked = to.checked
  }

  private tick(on: boolean): void {
    for (const box of this.boxes) box.checked = on
    this.all.value = ''
    this.show()
  }

  private show(): void {
    const chosen = this.boxes.filter((box) => box.checked).length
    const all = this.all.value === '1'
    this.form.hidden = chosen === 0
    this.whole.checked = chosen === this.boxes.length && chosen > 0
    this.whole.indeterminate = chosen > 0 && chosen < this.boxes.length
    this.every.hidden = all || chosen < this.boxes.length || this.total <= chosen
    this.count.textContent = t('bulk.chosen', { count: all ? this.total : chosen })
  }
}
