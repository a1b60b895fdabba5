/** Waits until a hand has rested. A name is written in several strokes, with pauses between them. */
export class Rest {
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly done: () => void
  private readonly after: number

  constructor(after: number, done: () => void) {
    this.after = after
    this.done = done
  }

  /** The hand has rested a while, but not long enough. */
  get waits(): boolean {
    return this.timer !== undefined
  }

  begin(): void {
    this.stop()
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.done()
    }, this.after)
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
