/** Photos made smaller on the phone. What is drawn anew carries no EXIF: no place, no serial number of the phone. */
import type { Shot } from './drafts.ts'
import type { Place } from './types.ts'

const LONGEST = 2560
const THUMB = 240

/** The picture cannot be read. */
export class Unreadable extends Error {}

export async function shoot(file: Blob, requirement: number | null, place: Place | null): Promise<Shot> {
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch (error) {
    throw new Unreadable(String(error))
  }
  try {
    const [bytes, thumb] = [await draw(picture, LONGEST, 0.86), await draw(picture, THUMB, 0.7)]
    return { kind: 'photo', requirement, place, type: 'image/jpeg', bytes, sha256: await sha256(bytes), thumb }
  } finally {
    picture.close()
  }
}

async function draw(picture: ImageBitmap, longest: number, quality: number): Promise<ArrayBuffer> {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const context = canvas.getContext('2d')
  if (!context) throw new Unreadable('canvas')
  context.imageSmoothingQuality = 'high'
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return bytesOf(canvas, 'image/jpeg', quality)
}

export async function bytesOf(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<ArrayBuffer> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, quality))
  canvas.width = canvas.height = 0 // gives its memory back at once
  if (!blob) throw new Unreadable(type)
  return blob.arrayBuffer()
}

export async function sha256(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
