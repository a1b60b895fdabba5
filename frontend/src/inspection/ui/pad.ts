/** A field to sign in with a finger, a pen or a mouse. */
import { h } from '../../dom'
import { bytesOf } from '../camera'

const INK = '#17212b' // dark on white, also in the dark theme: it is printed

export class Pad {
  readonly element: HTMLCanvasElement
  private drawn = 0
  private last: [number, number] | null = null
  private pointer: number | null = null // that draws now; a palm beside it does not

  constructor(label: string, began: () => void, ended: () => void) {
    const start = (event: PointerEvent) => {
      if (this.pointer !== null && this.element.hasPointerCapture(this.pointer)) return
      this.fit()
      this.element.setPointerCapture(event.pointerId)
      this.pointer = event.pointerId
      this.last = this.at(event)
      began()
      this.line(this.last)
      event.preventDefault()
    }
    const move = (event: PointerEvent) => {
      if (!this.last || event.pointerId !== this.pointer) return
      const passed = event.getCoalescedEvents?.() ?? []
      for (const one of passed.length ? passed : [event]) this.line(this.at(one))
    }
    const end = (event: PointerEvent) => {
      if (!this.last || event.pointerId !== this.pointer) return
      this.lift()
      ended()
    }
    this.element = h('canvas', { class: 'pad', role: 'img', 'aria-label': label })
    this.element.addEventListener('pointerdown', start)
    this.element.addEventListener('pointermove', move)
    this.element.addEventListener('pointerup', end)
    this.element.addEventListener('pointercancel', end)
    this.element.addEventListener('lostpointercapture', end)
  }

  /** More than a dot. */
  get signed(): boolean {
    return this.drawn > 40
  }

  /** A stroke runs. */
  get drawing(): boolean {
    return this.last !== null
  }

  /** End the stroke that runs. */
  lift(): void {
    this.last = null
    this.pointer = null
  }

  clear(): void {
    this.element.getContext('2d')?.clearRect(0, 0, this.element.width, this.element.height)
    this.drawn = 0
  }

  /** As PNG on white. */
  async bytes(): Promise<ArrayBuffer> {
    const canvas = document.createElement('canvas')
    canvas.width = this.element.width
    canvas.height = this.element.height
    const context = canvas.getContext('2d')
    if (context) {
      context.fillStyle = '#fff'
      context.fillRect(0, 0, canvas.width, canvas.height)
      context.drawImage(this.element, 0, 0)
    }
    return bytesOf(canvas, 'image/png')
  }

  private fit(): void {
    const scale = Math.min(2, devicePixelRatio || 1)
    const { clientWidth: width, clientHeight: height } = this.element
    if (this.drawn || this.element.width === Math.round(width * scale)) return
    this.element.width = Math.round(width * scale)
    this.element.height = Math.round(height * scale)
  }

  private at(event: PointerEvent): [number, number] {
    const box = this.element.getBoundingClientRect()
    return [((event.clientX - box.left) * this.element.width) / box.width, ((event.clientY - box.top) * this.element.height) / box.height]
  }

  private line(to: [number, number]): void {
    const context = this.element.getContext('2d')
    if (!context || !this.last) return
    context.strokeStyle = INK
    context.lineWidth = this.element.width / 130
    context.lineCap = context.lineJoin = 'round'
    context.beginPath()
    context.moveTo(...this.last)
    context.lineTo(...to)
    context.stroke()
    this.drawn += Math.hypot(to[0] - this.last[0], to[1] - this.last[1])
    this.last = to
  }
}
