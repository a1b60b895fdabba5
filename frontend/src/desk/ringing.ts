import { sound } from '../sound'

/** Rings for every alarm that nobody has accepted, and only for those. */
export class Ringing {
  private rings = new Set<number>()

  sync(loud: number[]): void {
    const now = new Set(loud)
    for (const id of this.rings) if (!now.has(id)) sound.hush(`alarm-${id}`)
    for (const id of now) if (!this.rings.has(id)) sound.ring(`alarm-${id}`, 'alarm')
    this.rings = now
  }
}
