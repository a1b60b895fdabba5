/**
 * Fields that show one answer of the server's, and which version of it a person has before their eyes. What is typed is a change of
 * that version, not of one that came meanwhile: only so the server can tell that somebody else said something different.
 */
export interface Control {
  value: string
}

export class Fields {
  /** The version that the fields showed last as a whole. */
  base = 0
  private writing = 0
  private failed = false
  private readonly focused: (control: Control) => boolean

  constructor(focused: (control: Control) => boolean = (control) => document.activeElement === (control as unknown)) {
    this.focused = focused
  }

  /** What stands in them is being written down, or could not be. */
  get ours(): boolean {
    return this.writing > 0 || this.failed
  }

  /** Show what is kept. What a person types in, has typed, or has the cursor in stays. False when something else stands there then. */
  show(texts: [Control, string][], base: number, typing: boolean): boolean {
    if (typing || this.writing) return false
    const equal = texts.every(([control, text]) => lines(control.value) === lines(text))
    if (this.failed && !equal) return false
    this.failed = false
    let all = true
    for (const [control, text] of texts) {
      if (lines(control.value) === lines(text)) continue
      if (this.focused(control)) all = false
      else control.value = text
    }
    if (all) this.base = base
    return all
  }

  /** Write down what stands in the fields. False when it could not be kept: then it goes on standing there. */
  async keep(write: (base: number) => Promise<boolean>): Promise<boolean> {
    this.writing++
    const kept = await write(this.base)
    this.writing--
    this.failed = !kept
    return kept
  }
}

/** A field writes the ends of lines in its own way. */
const lines = (text: string): string => text.replace(/\r\n?/g, '\n')
