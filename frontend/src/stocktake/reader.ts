/** QR codes from a camera: by the browser's own detector where it has one, else by jsQR, which is loaded only then. */

interface Detector {
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<string[]>
}
type Look = (video: HTMLVideoElement) => Promise<string | null>

const PAUSE_MS = 150
/** Wide enough for a label at arm's length, small enough for an old phone. */
const WIDTH = 640

async function own(): Promise<Look | null> {
  const known = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  try {
    if (!known || !(await known.getSupportedFormats()).includes('qr_code')) return null
    const detector = new known({ formats: ['qr_code'] })
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null
  } catch {
    return null // some browsers name the class and cannot use it
  }
}

async function fallback(): Promise<Look> {
  const { default: jsQR } = await import('jsqr')
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  return async (video) => {
    canvas.width = Math.min(WIDTH, video.videoWidth)
    canvas.height = Math.round((canvas.width * video.videoHeight) / video.videoWidth)
    context.drawImage(video, 0, 0, canvas.width, canvas.height)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    return jsQR(data, canvas.width, canvas.height)?.data || null
  }
}

/** Show the camera behind the phone in `video` and call `found` for each code. Returns how to stop. Throws without a camera. */
export async function readCodes(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  let on = true
  const stop = (): void => {
    on = false
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  try {
    video.srcObject = stream
    await video.play()
    const look = (await own()) ?? (await fallback())
    const again = async (): Promise<void> => {
      if (!on) return
      try {
        const text = video.videoWidth ? await look(video) : null
        if (text && on) found(text)
      } catch {
        // A frame that could not be read: the next one may.
      }
      setTimeout(() => void again(), PAUSE_MS)
    }
    void again()
  } catch (error) {
    stop()
    throw error
  }
  return stop
}
