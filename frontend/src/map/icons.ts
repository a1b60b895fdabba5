import type { Map as GlMap } from 'maplibre-gl'
import { STATES, type PointState } from './types'

const SIZE = 26
const SCALE = 2

/** A colour of the page's tokens, as it is now. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

type Pen = CanvasRenderingContext2D

function ring(pen: Pen, radius: number, width: number, colour: string): void {
  pen.beginPath()
  pen.arc(SIZE / 2, SIZE / 2, radius, 0, 2 * Math.PI)
  pen.lineWidth = width
  pen.strokeStyle = colour
  pen.stroke()
}

function solid(pen: Pen, colour: string, rim: string): void {
  pen.lineJoin = 'round'
  pen.lineWidth = 2.5
  pen.strokeStyle = rim
  pen.stroke()
  pen.fillStyle = colour
  pen.fill()
}

/**
 * Each state has a shape of its own: circle, square, triangle, crossed ring, hollow ring, dot, diamond, diamond with a mark; a disc
 * with a hole where something happened, a dashed one around where it did.
 */
const SHAPES: Record<PointState, (pen: Pen, rim: string) => void> = {
  heard(pen, rim) {
    pen.beginPath()
    pen.arc(SIZE / 2, SIZE / 2, 6.5, 0, 2 * Math.PI)
    solid(pen, token('heard'), rim)
  },
  accepted(pen, rim) {
    pen.beginPath()
    pen.rect(SIZE / 2 - 5.75, SIZE / 2 - 5.75, 11.5, 11.5)
    solid(pen, token('accepted'), rim)
  },
  unknown(pen, rim) {
    pen.beginPath()
    pen.moveTo(SIZE / 2, SIZE / 2 - 7.5)
    pen.lineTo(SIZE / 2 + 7.5, SIZE / 2 + 6)
    pen.lineTo(SIZE / 2 - 7.5, SIZE / 2 + 6)
    pen.closePath()
    solid(pen, token('unknown-mark'), rim)
  },
  failed(pen, rim) {
    pen.beginPath()
    pen.arc(SIZE / 2, SIZE / 2, 9, 0, 2 * Math.PI)
    pen.fillStyle = rim
    pen.fill()
    ring(pen, 8.5, 2.75, token('failed'))
    pen.beginPath()
    pen.lineCap = 'round'
    for (const turn of [1, -1]) {
      pen.moveTo(SIZE / 2 - 3.5, SIZE / 2 - 3.5 * turn)
      pen.lineTo(SIZE / 2 + 3.5, SIZE / 2 + 3.5 * turn)
    }
    pen.stroke()
  },
  expired(pen, rim) {
    pen.beginPath()
    pen.arc(SIZE / 2, SIZE / 2, 5, 0, 2 * Math.PI)
    solid(pen, token('expired'), rim)
  },
  pending(pen, rim) {
    ring(pen, 5.5, 4.5, rim)
    pen.setLineDash([2.5, 2.5])
    ring(pen, 5.5, 2.25, token('expired'))
  },
  ready(pen, rim) {
    ring(pen, 5.5, 4.5, rim)
    ring(pen, 5.5, 2.25, token('expired'))
  },
  facility(pen, rim) {
    pen.beginPath()
    pen.moveTo(SIZE / 2, SIZE / 2 - 7.5)
    pen.lineTo(SIZE / 2 + 7.5, SIZE / 2)
    pen.lineTo(SIZE / 2, SIZE / 2 + 7.5)
    pen.lineTo(SIZE / 2 - 7.5, SIZE / 2)
    pen.closePath()
    solid(pen, token('accent'), rim)
  },
  late(pen, rim) {
    SHAPES.facility(pen, rim)
    pen.fillStyle = token('unknown-mark')
    pen.fill()
    pen.fillStyle = rim
    pen.fillRect(SIZE / 2 - 1, SIZE / 2 - 4, 2, 5)
    pen.fillRect(SIZE / 2 - 1, SIZE / 2 + 2, 2, 2)
  },
  place(pen, rim) {
    pen.beginPath()
    pen.arc(SIZE / 2, SIZE / 2, 6, 0, 2 * Math.PI)
    solid(pen, token('warn'), rim)
    pen.beginPath()
    pen.arc(SIZE / 2, SIZE / 2, 2, 0, 2 * Math.PI)
    pen.fillStyle = rim
    pen.fill()
  },
  around(pen, rim) {
    ring(pen, 7.5, 4.5, rim)
    pen.setLineDash([3.5, 2.2])
    ring(pen, 7.5, 2.5, token('warn'))
    pen.setLineDash([])
    pen.beginPath()
    pen.arc(SIZE / 2, SIZE / 2, 2.25, 0, 2 * Math.PI)
    pen.fillStyle = token('warn')
    pen.fill()
  },
}

function drawn(width: number, draw: (pen: Pen) => void): ImageData {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = width * SCALE
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) return new ImageData(1, 1)
  pen.scale(SCALE, SCALE)
  draw(pen)
  return pen.getImageData(0, 0, canvas.width, canvas.height)
}

/** Diagonal stripes that repeat without a seam: the mark of an exercise. */
function stripes(): ImageData {
  const width = 16
  return drawn(width, (pen) => {
    pen.globalAlpha = 0.34
    pen.strokeStyle = token('exercise-fill')
    pen.lineWidth = 5
    for (const shift of [-width, 0, width]) {
      pen.beginPath()
      pen.moveTo(shift - 4, width + 4)
      pen.lineTo(shift + width + 4, -4)
      pen.stroke()
    }
  })
}

/** Put the images into the map, or draw them anew after a change of theme. */
export function drawImages(map: GlMap): void {
  const put = (name: string, image: ImageData) => {
    if (map.hasImage(name)) map.updateImage(name, image)
    else map.addImage(name, image, { pixelRatio: SCALE })
  }
  const rim = token('map-rim') || token('panel')
  for (const state of STATES) put(`point-${state}`, drawn(SIZE, (pen) => SHAPES[state](pen, rim)))
  put('stripes', stripes())
}
