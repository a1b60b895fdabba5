/**
 * Sounds made by WebAudio; no files. An alarm rings until it is acknowledged; an exercise sounds different; a lost link is
 * told once. Browsers keep a page silent until the person has pressed something: then `state` is "blocked", and
 * a band asks for that press (parts/sound-band.ts).
 */
import { store } from './dom'

export type Ring = 'alarm' | 'exercise'
export type SoundState = 'on' | 'blocked' | 'muted'

interface Note {
  /** Hz */
  pitch: number
  /** Seconds from the start of the pattern. */
  at: number
  /** Seconds. */
  long: number
  wave?: OscillatorType
}

const PATTERNS: Record<Ring | 'lost' | 'done', { notes: Note[]; every: number }> = {
  // Two tones in turn, rough on purpose: heard over a room.
  alarm: {
    notes: [0, 1, 2, 3, 4, 5].map((i) => ({ pitch: i % 2 ? 740 : 988, at: i * 0.22, long: 0.2, wave: 'square' as const })),
    every: 2.2,
  },
  // Three soft rising notes.
  exercise: {
    notes: [523, 659, 784].map((pitch, i) => ({ pitch, at: i * 0.28, long: 0.5, wave: 'sine' as const })),
    every: 4,
  },
  lost: { notes: [{ pitch: 440, at: 0, long: 0.35 }, { pitch: 294, at: 0.35, long: 0.6 }], every: 0 },
  done: { notes: [{ pitch: 660, at: 0, long: 0.12 }, { pitch: 880, at: 0.12, long: 0.18 }], every: 0 },
}

const volumeStore = store('sound.volume')
const muteStore = store('sound.muted')

class Sound {
  private context: AudioContext | undefined
  private readonly ringing = new Map<string, Ring>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private playing: GainNode | undefined
  private waitsForPress = false

  /** Ring for `key` (an alarm's id, say) until `hush(key)`. An alarm is heard over an exercise. */
  ring(key: string, kind: Ring): void {
    this.ringing.set(key, kind)
    this.unlockAtPress()
    this.loop()
  }

  hush(key: string): void {
    if (this.ringing.delete(key)) this.loop()
  }

  hushAll(): void {
    this.ringing.clear()
    this.loop()
  }

  once(kind: 'lost' | 'done'): void {
    if (this.state === 'on') this.play(PATTERNS[kind].notes)
  }

  get rings(): Ring | null {
    const kinds = [...this.ringing.values()]
    return kinds.includes('alarm') ? 'alarm' : (kinds[0] ?? null)
  }

  get state(): SoundState {
    if (this.mutedUntil > Date.now()) return 'muted'
    return this.audio().state === 'running' ? 'on' : 'blocked'
  }

  /** 0 to 1. */
  get volume(): number {
    const value = Number(volumeStore.get() ?? '0.7')
    return value >= 0 && value <= 1 ? value : 0.7
  }

  set volume(value: number) {
    volumeStore.set(String(value))
    if (this.playing) this.playing.gain.value = value
  }

  /** In ms since 1970; 0 when not muted. */
  get mutedUntil(): number {
    return Number(muteStore.get() ?? 0)
  }

  mute(minutes: number): void {
    muteStore.set(minutes ? String(Date.now() + minutes * 60_000) : null)
    this.loop()
  }

  /** Call in answer to a press: browsers then allow sound. */
  async unlock(): Promise<void> {
    await this.audio().resume()
    this.loop()
  }

  /** From now on any press on the page lifts the browser's block, also one that the browser put back since. */
  unlockAtPress(): void {
    if (this.waitsForPress) return
    this.waitsForPress = true
    const press = () => {
      if (this.audio().state !== 'running') void this.unlock()
    }
    // A finger counts for browsers when it leaves the glass, a mouse when it presses.
    for (const kind of ['pointerdown', 'pointerup', 'keydown']) addEventListener(kind, press, { capture: true, passive: true })
  }

  private audio(): AudioContext {
    if (!this.context) {
      this.context = new AudioContext()
      this.context.addEventListener('statechange', () => this.loop())
    }
    return this.context
  }

  private loop(): void {
    clearTimeout(this.timer)
    this.playing?.disconnect()
    this.playing = undefined
    const kind = this.rings
    const state = this.state
    document.dispatchEvent(new CustomEvent('tirek:sound', { detail: { state, rings: kind } }))
    if (state === 'muted') {
      // Speaks again by itself when the time is over.
      this.timer = setTimeout(() => this.loop(), Math.min(this.mutedUntil - Date.now() + 50, 2 ** 31 - 1))
      return
    }
    if (!kind || state !== 'on') return
    const again = () => {
      this.play(PATTERNS[kind].notes)
      this.timer = setTimeout(again, PATTERNS[kind].every * 1000)
    }
    again()
  }

  private play(notes: Note[]): void {
    const audio = this.audio()
    const out = new GainNode(audio, { gain: this.volume })
    out.connect(audio.destination)
    this.playing = out
    const start = audio.currentTime + 0.02
    for (const { pitch, at, long, wave } of notes) {
      const tone = new OscillatorNode(audio, { frequency: pitch, type: wave ?? 'triangle' })
      const envelope = new GainNode(audio, { gain: 0 })
      const loud = wave === 'square' ? 0.22 : 0.5
      envelope.gain.setValueAtTime(0, start + at)
      envelope.gain.linearRampToValueAtTime(loud, start + at + 0.015)
      envelope.gain.setValueAtTime(loud, start + at + long - 0.05)
      envelope.gain.linearRampToValueAtTime(0, start + at + long)
      tone.connect(envelope).connect(out)
      tone.start(start + at)
      tone.stop(start + at + long + 0.02)
    }
  }
}

export const sound = new Sound()
