/** The end of a visit: what is missing, who signs, the hand-in, and what became of it. */
import { h, icon } from '../../dom'
import { t } from '../../i18n'
import { sha256 } from '../camera'
import { known, where } from '../gps'
import type { FieldName } from '../types'
import { chipOf, count, fieldBase, fieldOf, lacks, type Seen } from '../view'
import type { App } from './app'
import { lead } from './app'
import { Fields } from './fields'
import { chipElement } from './list'
import { Pad } from './pad'
import { PhotoRow } from './photos'
import { Rest } from './rest'
import type { Part } from './visit'
import { moment } from './words'

const TYPED_MS = 500
const SIGNED_MS = 2500

export class FinishPart implements Part {
  readonly element = h('div', { class: 'insp-part insp-finish' })
  private readonly top = h('div', { class: 'stack' })
  private readonly form = h('div', { class: 'stack' })
  private readonly signing = h('div', { class: 'insp-signing' })
  private readonly controls = new Map<FieldName, HTMLInputElement | HTMLTextAreaElement>()
  private readonly fields = new Map<FieldName, Fields>()
  private readonly timers = new Map<FieldName, ReturnType<typeof setTimeout>>()
  private readonly photos: PhotoRow
  private readonly button: HTMLButtonElement
  private readonly pad: Pad
  private readonly asked: HTMLDialogElement
  private refusing = false
  private readonly rest = new Rest(SIGNED_MS, () => void this.sign())
  private shown = ''
  private signShown = ''
  private readonly app: App
  private readonly uid: string

  constructor(app: App, uid: string) {
    this.app = app
    this.uid = uid
    this.photos = new PhotoRow(app, uid, null)
    this.pad = new Pad(
      t('insp.sign.pad'),
      () => this.rest.stop(),
      () => this.pad.signed && this.rest.begin(),
    )
    this.button = h('button', { class: 'btn btn-primary btn-lg btn-block', type: 'button', id: 'hand-in', onclick: () => this.ask() }, icon('send'), t('insp.handin'))
    this.asked = h(
      'dialog',
      { class: 'insp-dialog', 'aria-labelledby': 'insp-sure' },
      h('h2', { id: 'insp-sure' }, t('insp.sure')),
      h('p', {}, t('insp.sure.long')),
      h('div', { class: 'insp-dialog-acts' }, h('button', { class: 'btn btn-lg', type: 'button', onclick: () => this.asked.close() }, t('insp.notnow')), h('button', { class: 'btn btn-primary btn-lg', type: 'button', id: 'hand-in-sure', onclick: () => void this.handIn() }, t('insp.handin'))),
    )
    this.form.append(
      h('section', { class: 'panel panel-body stack' }, h('h2', {}, t('insp.representative')), this.field('representative', h('input', { class: 'form-control', maxlength: 160, autocomplete: 'off' })), this.field('representative_position', h('input', { class: 'form-control', maxlength: 160, autocomplete: 'off' })), this.signing),
      h('section', { class: 'panel panel-body stack' }, h('h2', {}, t('insp.whole')), this.field('note', h('textarea', { class: 'form-control', rows: 3, maxlength: 5000 })), this.photos.element),
      this.asked,
    )
    this.element.append(this.top, this.form, h('div', { class: 'insp-do' }, this.button))
  }

  update(): void {
    const seen = this.app.seen(this.uid)
    if (!seen) return
    this.photos.update(seen)
    for (const [name, control] of this.controls) {
      this.show(seen, name)
      control.disabled = seen.locked
    }
    this.showSigning(seen)
    const over = seen.locked
    this.button.hidden = over
    this.form.hidden = over
    const chip = chipOf(seen, this.app.sending === this.uid)
    const missing = lacks(seen, this.signed(seen), this.controls.get('signature_refused')?.value ?? '')
    const state = JSON.stringify([chip, seen.waiting, seen.answered, seen.draft, missing, seen.visit.version])
    if (state === this.shown) return
    this.shown = state
    this.top.replaceChildren(
      h('p', { class: 'insp-marks' }, chipElement(chip, seen.waiting)),
      ...(over ? [this.outcome(seen)] : [this.problem(seen), this.summary(seen), this.missing(seen)].filter((one): one is HTMLElement => one !== null)),
    )
  }

  flush(): void {
    for (const name of [...this.timers.keys()]) this.write(name)
    if (!this.rest.waits && !this.pad.drawing) return
    this.pad.lift() // the page goes: better a stroke too few than no signature
    void this.sign()
  }

  private signed(seen: Seen): boolean {
    return Boolean(seen.draft?.signature) || seen.visit.signed
  }

  // --- What stands at the top ------------------------------------------------------------------------------------------

  private summary(seen: Seen): HTMLElement {
    const unsent = this.app.kept.pictures.filter((one) => one.uid === this.uid && !one.removed && one.state !== 'tied').length
    const figure = (n: number | string, text: string) => h('div', {}, h('b', {}, String(n)), h('span', {}, text))
    return h(
      'section',
      { class: 'panel insp-sum', 'aria-label': t('insp.summary') },
      figure(`${seen.answered}/${seen.asked}`, t('insp.sum.answered')),
      figure(count(seen, 'unmet'), t('insp.sum.unmet')),
      figure(count(seen, 'unknown'), t('insp.sum.unknown')),
      figure(unsent, t('insp.sum.photos')),
    )
  }

  private problem({ draft }: Seen): HTMLElement | null {
    const problem = draft?.problem
    if (!problem || (!problem.text && problem.code !== 'held')) return null
    const texts = problem.missing.map((one) => one.text).filter((text, n, all) => all.indexOf(text) === n)
    return h('div', { class: 'notice notice-warn', role: 'alert' }, icon('alert-triangle'), h('div', {}, h('strong', {}, problem.text || t('insp.held')), texts.length > 0 && h('ul', {}, ...texts.map((text) => h('li', {}, text)))))
  }

  private missing(seen: Seen): HTMLElement | null {
    const found = lacks(seen, this.signed(seen), this.controls.get('signature_refused')?.value ?? '')
    if (!found.length) return h('div', { class: 'notice notice-good' }, icon('circle-check'), h('div', {}, t('insp.complete')))
    const kinds = [...new Set(found.map((lack) => lack.what))]
    const rows = kinds.map((what) => {
      const own = found.filter((lack) => lack.what === what)
      const text = `${t(`insp.lack.${what}`)}${own.length > 1 ? ` (${own.length})` : ''}`
      const first = own[0]?.requirement
      return what === 'signature'
        ? h('li', {}, text)
        : h('li', {}, h('a', { href: `#/${this.uid}/list`, onclick: () => setTimeout(() => lead(document.getElementById(`r${first}`)), 150) }, text))
    })
    return h('section', { class: 'notice insp-missing', tabindex: -1 }, icon('list-check'), h('div', {}, h('strong', {}, t('insp.missing')), h('ul', {}, ...rows)))
  }

  private outcome(seen: Seen): HTMLElement {
    const { draft, visit } = seen
    const link = h('a', { class: 'btn btn-block', href: visit.url }, icon('external-link'), t('insp.page'))
    if (draft?.done) {
      const { findings, fixed, submitted_at } = draft.done
      return h(
        'section',
        { class: 'panel panel-body stack insp-outcome' },
        icon('circle-check'),
        h('h2', {}, t('insp.onserver')),
        h('p', {}, t('insp.findings', { count: findings.length }), fixed.length > 0 && ` ${t('insp.fixed', { count: fixed.length })}`),
        h('p', { class: 'mute' }, moment(submitted_at)),
        link,
      )
    }
    if (visit.state === 'submitted') return h('section', { class: 'panel panel-body stack insp-outcome' }, icon('circle-check'), h('h2', {}, t('insp.onserver')), link)
    return h(
      'section',
      { class: 'panel panel-body stack insp-outcome' },
      icon('clock'),
      h('h2', {}, t('insp.queued')),
      h('p', {}, t('insp.queued.long')),
      h('button', { class: 'btn btn-block', type: 'button', onclick: () => void this.app.act(() => this.app.drafts.unfinish(this.uid)) }, icon('arrow-back-up'), t('insp.takeback')),
    )
  }

  // --- Who signs ------------------------------------------------------------------------------------------------------

  private showSigning(seen: Seen): void {
    const reason = this.controls.get('signature_refused')
    const refused = this.refusing || Boolean(fieldOf(this.app.kept, seen.visit, 'signature_refused'))
    const state = JSON.stringify([seen.draft?.signature, seen.visit.signed, refused, seen.locked])
    if (state === this.signShown) return
    this.signShown = state
    const address = seen.draft?.signature ? this.app.thumb(seen.draft.signature) : ''
    if (this.signed(seen)) {
      this.signing.replaceChildren(
        h('p', { class: 'field-label' }, t('insp.sign')),
        address ? h('img', { class: 'insp-signature', src: address, alt: t('insp.sign.kept') }) : '',
        h('p', { class: 'insp-kept is-here' }, icon('circle-check'), h('span', {}, t('insp.sign.kept'))),
        seen.draft?.signature ? h('button', { class: 'btn', type: 'button', onclick: () => void this.again(seen) }, icon('eraser'), t('insp.sign.again')) : '',
      )
      return
    }
    const other = h('button', { class: 'btn btn-ghost insp-more', type: 'button', onclick: () => this.refuse(!refused) }, refused ? icon('signature') : icon('user-x'), t(refused ? 'insp.sign.yet' : 'insp.sign.refused'))
    if (refused) this.signing.replaceChildren(reason?.parentElement ?? this.field('signature_refused', h('textarea', { class: 'form-control', rows: 2, maxlength: 300 })), other)
    else
      this.signing.replaceChildren(
        h('p', { class: 'field-label' }, t('insp.sign')),
        this.pad.element,
        h('p', { class: 'field-help' }, t('insp.sign.help')),
        h('div', { class: 'btn-row' }, h('button', { class: 'btn btn-ghost', type: 'button', onclick: () => this.clear() }, icon('eraser'), t('insp.sign.clear')), other),
      )
    if (refused) this.show(seen, 'signature_refused')
  }

  private refuse(refusing: boolean): void {
    this.refusing = refusing
    if (refusing) this.clear()
    const control = this.controls.get('signature_refused')
    if (!refusing && control?.value) {
      control.value = ''
      this.write('signature_refused')
    }
    this.signShown = ''
    this.update()
    if (refusing) this.controls.get('signature_refused')?.focus()
  }

  private async sign(): Promise<void> {
    this.rest.stop()
    if (!this.pad.signed) return
    const bytes = await this.pad.bytes()
    if (this.pad.drawing) return // another stroke has begun; its end calls again
    const shot = { kind: 'signature' as const, requirement: null, place: known(), type: 'image/png', bytes, sha256: await sha256(bytes), thumb: bytes }
    if (await this.app.act(() => this.app.drafts.picture(this.uid, shot))) this.pad.clear()
  }

  private clear(): void {
    this.rest.stop()
    this.pad.clear()
  }

  private async again(seen: Seen): Promise<void> {
    this.pad.clear()
    const number = seen.draft?.signature
    if (number) await this.app.act(() => this.app.drafts.remove(this.uid, number))
  }

  // --- Typing and handing in ----------------------------------------------------------------------------------------------

  private field(name: FieldName, control: HTMLInputElement | HTMLTextAreaElement): HTMLElement {
    control.id = `insp-${name}`
    this.controls.set(name, control)
    this.fields.set(name, new Fields())
    control.addEventListener('input', () => {
      clearTimeout(this.timers.get(name))
      this.timers.set(name, setTimeout(() => this.write(name), TYPED_MS))
    })
    control.addEventListener('change', () => this.timers.has(name) && this.write(name))
    control.addEventListener('blur', () => setTimeout(() => this.refresh(name))) // what came while the cursor was in it
    return h('div', { class: 'field' }, h('label', { class: 'field-label', for: control.id }, t(`insp.field.${name}`)), control)
  }

  private write(name: FieldName): Promise<boolean> {
    clearTimeout(this.timers.get(name))
    this.timers.delete(name)
    const text = this.controls.get(name)?.value ?? ''
    const visit = this.app.visit(this.uid)
    const fields = this.fields.get(name)
    if (!fields || (visit && fieldOf(this.app.kept, visit, name) === text)) return Promise.resolve(true)
    const kept = fields.keep((base) => this.app.act(() => this.app.drafts.field(this.uid, name, text, base)))
    void kept.then(() => this.refresh(name))
    return kept
  }

  private show(seen: Seen, name: FieldName): void {
    const control = this.controls.get(name)
    if (control) this.fields.get(name)?.show([[control, fieldOf(this.app.kept, seen.visit, name)]], fieldBase(this.app.kept, seen.visit, name), this.timers.has(name))
  }

  private refresh(name: FieldName): void {
    const seen = this.app.seen(this.uid)
    if (seen) this.show(seen, name)
  }

  private async ask(): Promise<void> {
    for (const name of [...this.timers.keys()]) await this.write(name)
    if (this.rest.waits) await this.sign()
    const seen = this.app.seen(this.uid)
    if (!seen) return
    if (lacks(seen, this.signed(seen), this.controls.get('signature_refused')?.value ?? '').length) {
      const list = this.element.querySelector<HTMLElement>('.insp-missing')
      list?.scrollIntoView({ block: 'center', behavior: 'smooth' })
      list?.focus({ preventScroll: true })
      return
    }
    this.asked.showModal()
  }

  private async handIn(): Promise<void> {
    this.asked.close()
    const place = known() ?? (await Promise.race([where(), new Promise<null>((done) => setTimeout(() => done(null), 1500))]))
    await this.app.act(() => this.app.drafts.finish(this.uid, place))
    scrollTo(0, 0)
  }
}
