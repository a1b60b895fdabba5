/** A row of photos, each with where it is, and the button that takes another. */
import { h, icon } from '../../dom'
import { t } from '../../i18n'
import { toast } from '../../parts/toast'
import { shoot, Unreadable } from '../camera'
import { where } from '../gps'
import type { Photo, Picture } from '../types'
import type { Seen } from '../view'
import type { App } from './app'

export class PhotoRow {
  readonly element = h('div', { class: 'insp-photos' })
  private readonly row = h('div', { class: 'insp-thumbs' })
  private readonly acts = h('div', { class: 'btn-row' })
  private shown = ''
  private readonly app: App
  private readonly uid: string
  private readonly requirement: number | null

  constructor(app: App, uid: string, requirement: number | null) {
    this.app = app
    this.uid = uid
    this.requirement = requirement
    this.acts.append(this.chooser('insp.photo.take', 'camera', true), this.chooser('insp.photo.choose', 'photo', false))
    this.element.append(this.row, this.acts)
  }

  update(seen: Seen): void {
    const own = seen.pictures.filter((picture) => picture.requirement === this.requirement)
    const here = new Set(own.map((picture) => picture.client_id))
    const gone = new Set(this.app.kept.pictures.filter((picture) => picture.removed).map((picture) => picture.client_id))
    const others = seen.visit.photos.filter((photo) => photo.requirement === this.requirement && !here.has(photo.client_id) && !gone.has(photo.client_id))
    const state = JSON.stringify([own.map((p) => [p.client_id, p.state, p.refused, Math.floor((p.sent * 20) / (p.size || 1))]), others.map((p) => p.client_id), seen.locked])
    if (state === this.shown) return
    this.shown = state
    this.acts.hidden = seen.locked
    this.row.replaceChildren(...own.map((picture) => this.own(picture, seen.locked)), ...others.map((photo) => this.other(photo, seen.locked)))
  }

  private own(picture: Picture, locked: boolean): HTMLElement {
    const part = picture.size ? Math.floor((100 * picture.sent) / picture.size) : 0
    const where = picture.refused ? picture.refused : picture.state === 'tied' ? t('insp.photo.here') : part ? t('insp.photo.part', { part }) : t('insp.photo.waits')
    const address = this.app.thumb(picture.client_id)
    const image = address ? h('img', { src: address, alt: t('insp.photo.one') }) : icon('photo')
    return this.figure(image, where, picture.refused ? 'refused' : picture.state === 'tied' ? 'here' : 'waiting', locked ? '' : picture.client_id)
  }

  private other(photo: Photo, locked: boolean): HTMLElement {
    const image = h('img', { src: photo.thumbnail, alt: t('insp.photo.one'), loading: 'lazy' })
    image.addEventListener('error', () => image.replaceWith(icon('photo')))
    return this.figure(image, photo.mine ? t('insp.photo.here') : photo.by.name, 'here', photo.mine && !locked ? photo.client_id : '')
  }

  private figure(image: Element, where: string, state: string, number: string): HTMLElement {
    const remove = () => void this.app.act(() => this.app.drafts.remove(this.uid, number))
    return h(
      'figure',
      { class: `insp-thumb is-${state}` },
      image,
      h('figcaption', {}, where),
      number && h('button', { type: 'button', class: 'insp-remove', 'aria-label': t('insp.photo.remove'), onclick: remove }, icon('x')),
    )
  }

  private chooser(label: 'insp.photo.take' | 'insp.photo.choose', image: 'camera' | 'photo', capture: boolean): HTMLElement {
    const input = h('input', { type: 'file', accept: 'image/*', class: 'visually-hidden', ...(capture ? { capture: 'environment' } : { multiple: true }) })
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])]
      void this.take(files).then(() => (input.value = ''))
    })
    const button = h('label', { class: capture ? 'btn insp-take' : 'btn btn-ghost insp-take' }, input, image === 'camera' ? icon('camera') : icon('photo'), t(label))
    return button
  }

  private async take(files: File[]): Promise<void> {
    this.acts.classList.add('is-busy')
    const place = await Promise.race([where(), new Promise<null>((done) => setTimeout(() => done(null), 1500))])
    for (const file of files) {
      try {
        const shot = await shoot(file, this.requirement, place)
        await this.app.act(() => this.app.drafts.picture(this.uid, shot))
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error
        toast(t('insp.photo.unreadable'), 'warning')
      }
    }
    this.acts.classList.remove('is-busy')
  }
}
