/** Scans of one person on this device: kept until the server has taken them, or until the person has read why it does not. */

import { Refused } from '../http.ts'

export interface Scan {
  client_id: string
  label: string
  building: string
  place: string
  at: string
}

/** A scan that the server does not take, with its sentence. */
export interface Untaken extends Scan {
  refusal: string
}

export interface Answer {
  kind: string
  text: string
  name: string
  detail: string
}

interface Kept {
  get(): string | null
  set(value: string | null): boolean
}

/** Where the scans of a person are kept: they go under their own name, whoever has the device next. */
export const placeOf = (stocktake: string, person: string): string => `stocktake.${stocktake}.${person}`

/** Scans of a page that did not write down whose they are go on as those of the person who finds them, or they would be lost. */
export function adopt(nameless: Kept, own: Kept): void {
  const found = read(nameless.get())
  if (found.length && !own.set(JSON.stringify([...read(own.get()), ...found]))) return
  nameless.set(null)
}

/** How many scans of other people wait on this device. `kept`: all names with what is kept there. */
export function ofOthers(kept: [string, string][], stocktake: string, person: string): number {
  const own = placeOf(stocktake, person)
  return kept
    .filter(([name]) => name !== own && name.startsWith(placeOf(stocktake, '')))
    .reduce((sum, [, text]) => sum + read(text).filter((scan) => !isUntaken(scan)).length, 0)
}

export class Queue {
  /** Whether the device keeps the scans; else they are in the open page alone. */
  safe = true
  private readonly kept: Kept
  private readonly post: (scan: Scan) => Promise<Answer>
  private scans: (Scan | Untaken)[]
  private sending = false

  constructor(kept: Kept, post: (scan: Scan) => Promise<Answer>) {
    this.kept = kept
    this.post = post
    this.scans = read(kept.get())
  }

  get waiting(): Scan[] {
    return this.scans.filter((scan) => !isUntaken(scan))
  }

  get untaken(): Untaken[] {
    return this.scans.filter(isUntaken)
  }

  add(scan: Scan): void {
    this.scans.push(scan)
    this.keep()
  }

  /** The person has read that a scan was not taken. */
  dismiss(id: string): void {
    this.scans = this.scans.filter((scan) => !(isUntaken(scan) && scan.client_id === id))
    this.keep()
  }

  /** Send what waits, in order. Returns whether the server took any; without a link the rest waits on. */
  async send(hear: (answer: Answer) => void): Promise<boolean> {
    if (this.sending) return false
    this.sending = true
    let taken = false
    try {
      for (let scan = this.waiting[0]; scan; scan = this.waiting[0]) {
        const { client_id: id } = scan
        try {
          hear(await this.post(scan))
          taken = true
          this.scans = this.scans.filter((one) => one.client_id !== id)
        } catch (error) {
          if (!(error instanceof Refused)) break
          // Sending it again would not help, but what a person scanned is theirs to throw away.
          const refusal = error.message
          this.scans = this.scans.map((one) => (one.client_id === id ? { ...one, refusal } : one))
        }
        this.keep()
      }
    } finally {
      this.sending = false
    }
    return taken
  }

  private keep(): void {
    this.safe = this.kept.set(this.scans.length ? JSON.stringify(this.scans) : null)
  }
}

const isUntaken = (scan: Scan | Untaken): scan is Untaken => 'refusal' in scan

function read(text: string | null): (Scan | Untaken)[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(found) ? (found as Scan[]) : []
  } catch {
    return []
  }
}
